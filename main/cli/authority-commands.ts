/** authorities: how the timestamp authorities of the settings are signed in to. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { AuthorityAccessView } from '../../preload/model.ts';
import type { Output } from './access.ts';
import { withSecrets } from './account-commands.ts';
import { CommandError } from './exit-codes.ts';
import type { Command } from './inbox-commands.ts';
import { clean, table } from './table.ts';

const usage =
  'authorities [list] | password URL --user NAME [--password-fd N] | certificate URL FILE.p12 [--password-fd N] | clear URL';

const misused = () => new CommandError('bad-input', usage, 'usage');

function wordsOf(view: AuthorityAccessView): string {
  if (view.access === 'password') return `signs in as ${clean(view.user)}`;
  return view.access === 'certificate' ? `shows ${clean(view.fileName)}` : 'asks for nothing';
}

function show(views: readonly AuthorityAccessView[], out: Output): void {
  out.result([...views], (all) =>
    table(
      ['AUTHORITY', 'ACCESS'],
      all.map((view) => [view.url, wordsOf(view)]),
    ),
  );
}

const password: Command = async (desk, args, out) => {
  const [, url] = args.positional;
  const user = args.text('user');
  if (url === undefined || user === undefined) throw misused();
  await withSecrets([`Password of ${clean(user)}`], args.number('password-fd'), (given = '') =>
    desk.call('authorities.setPassword', { url, user, password: given }),
  );
  show(await desk.call('authorities.list', {}), out);
  return 'done';
};

const certificate: Command = async (desk, args, out) => {
  const [, url, path] = args.positional;
  if (url === undefined || path === undefined) throw misused();
  const pkcs12 = new Uint8Array(await readFile(path));
  await withSecrets([`Passphrase of ${clean(basename(path))}`], args.number('password-fd'), (passphrase = '') =>
    desk.call('authorities.setCertificate', { url, fileName: basename(path), pkcs12, passphrase }),
  );
  show(await desk.call('authorities.list', {}), out);
  return 'done';
};

const clear: Command = async (desk, args, out) => {
  const [, url] = args.positional;
  if (url === undefined) throw misused();
  await desk.call('authorities.clear', { url });
  show(await desk.call('authorities.list', {}), out);
  return 'done';
};

const list: Command = async (desk, _args, out) => {
  show(await desk.call('authorities.list', {}), out);
  return 'done';
};

const actions: Readonly<Record<string, Command>> = { list, password, certificate, clear };

export const authorities: Command = async (desk, args, out) => {
  const name = args.positional[0] ?? 'list';
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!action) throw misused();
  return action(desk, args, out);
};
