/** accounts: the services signed in to, and which of them a command is about. */
import type { Account } from '../../preload/model.ts';
import type { DeskAccess, Output } from './access.ts';
import type { Arguments } from './arguments.ts';
import { CommandError, type ExitName } from './exit-codes.ts';
import type { Command } from './inbox-commands.ts';
import { readSecret } from './pin.ts';
import { clean, table } from './table.ts';

const usage =
  'accounts [list] | add URL --user NAME [--client-id ID] | sign-in [ACCOUNT] [--user NAME] | sign-out [ACCOUNT] | remove ACCOUNT [--force]';

/** Reads secrets, hands them to `use` as text, and zeroes the bytes. */
export async function withSecrets<T>(
  questions: readonly string[],
  fd: number | undefined,
  use: (...secrets: string[]) => Promise<T>,
): Promise<T> {
  const read: Uint8Array[] = [];
  try {
    for (const question of questions) read.push(await readSecret(question, fd));
    return await use(...read.map((bytes) => new TextDecoder().decode(bytes)));
  } finally {
    for (const bytes of read) bytes.fill(0);
  }
}

/** The account named by id, label or the beginning of either; without a name the only one. @throws CommandError */
export async function chooseAccount(desk: DeskAccess, given: string | undefined): Promise<Account> {
  const accounts = await desk.call('accounts.list', {});
  const fits = ({ id, label }: Account) => given === undefined || id.startsWith(given) || label.startsWith(given);
  const exact = accounts.find(({ id, label }) => id === given || label === given);
  const found = exact ? [exact] : accounts.filter(fits);
  const [only] = found;
  if (!only) throw new CommandError('not-found', given === undefined ? 'There is no account.' : `No account ${given}.`);
  if (found.length > 1) {
    const which = found.map(({ id, label }) => `  ${id}  ${clean(label)}`).join('\n');
    throw new CommandError('bad-input', `Several accounts; name one with --account:\n${which}`, 'usage');
  }
  return only;
}

async function add(desk: DeskAccess, args: Arguments, out: Output): Promise<ExitName> {
  const baseUrl = args.positional[1];
  const username = args.text('user');
  if (!baseUrl || username === undefined) {
    throw new CommandError('bad-input', 'accounts add URL --user NAME [--client-id ID] [--password-fd N]', 'usage');
  }
  const clientId = args.text('client-id') ?? '';
  const questions = [`Password of ${username}`, ...(clientId === '' ? [] : [`Client secret of ${clientId}`])];
  const account = await withSecrets(questions, args.number('password-fd'), (password = '', clientSecret = '') =>
    desk.call('accounts.add', { provider: 'signing-today', baseUrl, username, password, clientId, clientSecret }),
  );
  out.result(account, (a) => `Signed in as ${clean(a.userName)} at ${a.baseUrl}. Account ${a.id}.`);
  return 'done';
}

async function signIn(desk: DeskAccess, args: Arguments, out: Output): Promise<ExitName> {
  const { id, userName } = await chooseAccount(desk, args.positional[1]);
  const username = args.text('user');
  const question = `Password of ${username ?? clean(userName)}`;
  const account = await withSecrets([question], args.number('password-fd'), (password = '') =>
    desk.call('accounts.signIn', { accountId: id, password, ...(username === undefined ? {} : { username }) }),
  );
  out.result(account, (a) => `Signed in as ${clean(a.userName)} at ${a.baseUrl}.`);
  return 'done';
}

async function signOut(desk: DeskAccess, args: Arguments, out: Output): Promise<ExitName> {
  const { id, label } = await chooseAccount(desk, args.positional[1]);
  await desk.call('accounts.signOut', { accountId: id });
  out.result(
    { accountId: id },
    () => `Signed out of ${clean(label)}. What is here stays; \`accounts sign-in\` goes on.`,
  );
  return 'done';
}

async function list(desk: DeskAccess, _args: Arguments, out: Output): Promise<ExitName> {
  out.result(await desk.call('accounts.list', {}), (accounts) =>
    table(
      ['ACCOUNT', 'NAME', 'AT', 'STATE'],
      accounts.map((a) => [a.id, clean(a.userName), a.baseUrl, a.state]),
    ),
  );
  return 'done';
}

async function remove(desk: DeskAccess, args: Arguments): Promise<ExitName> {
  await desk.call('accounts.remove', { accountId: args.positional[1] ?? '', force: args.is('force') });
  return 'done';
}

const actions: Readonly<Record<string, Command>> = { list, add, 'sign-in': signIn, 'sign-out': signOut, remove };

export const accounts: Command = async (desk, args, out) => {
  const name = args.positional[0] ?? 'list';
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!action) throw new CommandError('bad-input', usage, 'usage');
  return action(desk, args, out);
};
