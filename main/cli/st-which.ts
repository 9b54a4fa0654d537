/** Which account and which transaction an `st` command is about. */
import type { DeskAccess } from './access.ts';
import type { Arguments } from './arguments.ts';
import { CommandError } from './exit-codes.ts';

/** The account named, by the beginning of its id; the only one where none is named. @throws CommandError */
export async function accountOf(desk: DeskAccess, args: Arguments): Promise<string> {
  const given = args.text('account');
  const accounts = (await desk.call('accounts.list', {})).filter(
    ({ id, provider }) => provider === 'signing-today' && (given === undefined || id.startsWith(given)),
  );
  const [only] = accounts;
  if (!only) throw new CommandError('not-found', 'There is no such account. See `countersign accounts`.');
  if (accounts.length > 1) throw new CommandError('bad-input', 'Name the account with --account.', 'usage');
  return only.id;
}

/** An id at the provider, or the beginning of one in this profile. */
export async function remoteIdOf(desk: DeskAccess, given: string): Promise<string> {
  const { items } = await desk.call('inbox.list', { view: 'all', offset: 0, limit: 500 });
  const found = items.filter(({ id, remoteId }) => id.startsWith(given) || remoteId.startsWith(given));
  return found.length === 1 ? (found[0]?.remoteId ?? given) : given;
}
