/** `st users|groups|roles|passwords|sync …`: what administrators of an organisation do. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { type AdminUser, samlReply, syncedUser, userRole } from '../../preload/model.ts';
import type { DeskAccess } from './access.ts';
import { chooseAccount, withSecrets } from './account-commands.ts';
import type { Arguments } from './arguments.ts';
import { CommandError } from './exit-codes.ts';
import type { Command } from './inbox-commands.ts';
import { clean, table } from './table.ts';

export const adminUsage = `  st users [list] [--search TEXT]         the organisation's; one is named by name, address or id
  st users add USERNAME --name NAME --surname NAME --email ADDRESS [--role ROLE] [--group NAME]… [--automatic] [--password-fd N]
  st users edit USER [--name …] [--surname …] [--email …] [--group NAME]… | disable USER | enable USER
  st groups [list] | add NAME…            st roles USER admin|instructor|signer
  st passwords change | reset USERNAME | service USERNAME [--password-fd N]
  st passwords lost NAME@DOMAIN | redeem [--password-fd N]   for who cannot sign in: asks for a mail, then spends its token
  st passwords token                      a token to change your own password
  st sync FILE.json                       users as another directory has them; prints what changed
  st configuration                        what the service tells everybody of itself
  st saml FILE.json [--password-fd N]     registers a person by an identity provider's reply, sealed with the key that is asked for`;

const accountOf = async (desk: DeskAccess, args: Arguments) => (await chooseAccount(desk, args.text('account'))).id;

function usageError(): CommandError {
  return new CommandError('bad-input', adminUsage, 'usage');
}

async function readJson<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new CommandError('bad-input', `${path} is not JSON.`, 'input');
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new CommandError('bad-input', `${path}: ${z.prettifyError(parsed.error)}`, 'input');
  return parsed.data;
}

/** A user by id, name at sign-in or mail address. @throws CommandError not-found */
async function userOf(desk: DeskAccess, accountId: string, given: string): Promise<AdminUser> {
  const { users } = await desk.call('admin.users', { accountId });
  const found = users.find(({ id, username, email }) => [id, username, email].includes(given));
  if (!found) throw new CommandError('not-found', `There is no user ${given}.`);
  return found;
}

function particulars(args: Arguments) {
  const [name, surname, email] = [args.text('name'), args.text('surname'), args.text('email')];
  const groups = args.list('group');
  return {
    ...(name === undefined ? {} : { name }),
    ...(surname === undefined ? {} : { surname }),
    ...(email === undefined ? {} : { email }),
    ...(groups.length === 0 ? {} : { groups: [...groups] }),
  };
}

const parseRole = (given: string | undefined) => {
  const role = userRole.safeParse(given);
  if (!role.success) throw usageError();
  return role.data;
};

const addUser: Command = async (desk, args, out) => {
  const accountId = await accountOf(desk, args);
  const username = args.needed(1, 'st users add USERNAME --name NAME --surname NAME --email ADDRESS');
  const { name, surname, email, groups } = particulars(args);
  if (name === undefined || surname === undefined || email === undefined) throw usageError();
  const about = { accountId, username, name, surname, email, ...(groups && { groups }) };
  const user = { ...about, role: parseRole(args.list('role')[0] ?? 'signer'), automatic: args.is('automatic') };
  const fd = args.number('password-fd');
  const made =
    fd === undefined
      ? await desk.call('admin.addUser', user)
      : await withSecrets(['Password'], fd, (password = '') => desk.call('admin.addUser', { ...user, password }));
  out.result(
    made,
    ({ id }) => `Added ${clean(username)} (${id}).${fd === undefined ? ' A mail asks for a password.' : ''}`,
  );
  return 'done';
};

const listUsers: Command = async (desk, args, out) => {
  const { users } = await desk.call('admin.users', { accountId: await accountOf(desk, args) });
  const search = (args.text('search') ?? '').toLowerCase();
  const fits = (user: AdminUser) =>
    [user.username, user.name, user.surname, user.email].some((text) => text.toLowerCase().includes(search));
  out.result(users.filter(fits), (found) =>
    table(
      ['USERNAME', 'NAME', 'MAIL', 'ROLE', 'GROUPS', ''],
      found.map((u) => [
        u.username,
        clean(`${u.name} ${u.surname}`),
        u.email,
        u.role,
        clean(u.groups.join(', ')),
        [u.enabled ? '' : 'disabled', u.automatic ? 'robot' : ''].filter(Boolean).join(', '),
      ]),
    ),
  );
  return 'done';
};

const users: Command = async (desk, args, out) => {
  const action = args.positional[0] ?? 'list';
  if (action === 'list') return listUsers(desk, args, out);
  if (action === 'add') return addUser(desk, args, out);
  const accountId = await accountOf(desk, args);
  const { id: userId, username } = await userOf(desk, accountId, args.needed(1, `st users ${action} USER`));
  if (action === 'edit') await desk.call('admin.editUser', { accountId, userId, ...particulars(args) });
  else if (action === 'disable' || action === 'enable') {
    await desk.call('admin.setUserEnabled', { accountId, userId, enabled: action === 'enable' });
  } else throw usageError();
  out.result({ userId, username }, () => `${clean(username)}: ${action === 'edit' ? 'changed' : `${action}d`}.`);
  return 'done';
};

const groups: Command = async (desk, args, out) => {
  const accountId = await accountOf(desk, args);
  const [action = 'list', ...names] = args.positional;
  if (action === 'add' && names.length > 0) await desk.call('admin.addGroups', { accountId, names });
  else if (action !== 'list') throw usageError();
  const listed = await desk.call('admin.groups', { accountId });
  out.result(listed.groups, (found) => found.map((name) => clean(name)).join('\n'));
  return 'done';
};

const roles: Command = async (desk, args, out) => {
  const accountId = await accountOf(desk, args);
  const { id: userId, username } = await userOf(desk, accountId, args.needed(0, 'st roles USER ROLE'));
  const role = parseRole(args.positional[1]);
  await desk.call('admin.setUserRole', { accountId, userId, role });
  out.result({ userId, username, role }, () => `${clean(username)} is ${role} now.`);
  return 'done';
};

const passwords: Command = async (desk, args, out) => {
  const accountId = await accountOf(desk, args);
  const [action, username = ''] = args.positional;
  const fd = args.number('password-fd');
  if (action === 'reset' && username !== '') {
    await desk.call('admin.resetPassword', { accountId, username });
    out.result({ username }, () => `The password of ${clean(username)} is void; a mail asks for another.`);
  } else if (action === 'lost' && username !== '') {
    await desk.call('admin.reportLostPassword', { accountId, username });
    out.result({ username }, () => `If there is a ${clean(username)}, a mail with a token is on its way.`);
  } else if (action === 'token') {
    out.result(await desk.call('admin.passwordToken', { accountId }), ({ token }) => token);
  } else if (action === 'redeem') {
    await withSecrets(['Token of the mail', 'New password'], fd, (token = '', wanted = '') =>
      desk.call('admin.redeemPassword', { accountId, token, wanted }),
    );
    out.result({}, () => 'Your password is changed; sign in with it.');
  } else if (action === 'change') {
    await withSecrets(['Present password', 'New password'], fd, (current = '', wanted = '') =>
      desk.call('admin.changePassword', { accountId, current, wanted }),
    );
    out.result({}, () => 'Your password is changed.');
  } else if (action === 'service' && username !== '') {
    await withSecrets([`New password of ${clean(username)}`], fd, (wanted = '') =>
      desk.call('admin.changeServicePassword', { accountId, username, wanted }),
    );
    out.result({ username }, () => `The password of ${clean(username)} is changed.`);
  } else throw usageError();
  return 'done';
};

const sync: Command = async (desk, args, out) => {
  const accountId = await accountOf(desk, args);
  const list = await readJson(args.needed(0, 'st sync FILE.json'), z.array(syncedUser).max(10_000));
  const report = await desk.call('admin.syncUsers', { accountId, users: list });
  out.result(report, (r) => `${r.inserted} added, ${r.updated} changed, ${r.deleted} disabled.`);
  return 'done';
};

const configuration: Command = async (desk, args, out) => {
  const found = await desk.call('admin.configuration', { accountId: await accountOf(desk, args) });
  out.result(found.configuration, (each) => clean(JSON.stringify(each)));
  return 'done';
};

const saml: Command = async (desk, args, out) => {
  const accountId = await accountOf(desk, args);
  const reply = await readJson(args.needed(0, 'st saml FILE.json'), samlReply);
  const found = await withSecrets(['Key of the identity provider'], args.number('password-fd'), (key = '') =>
    desk.call('admin.registerBySaml', { accountId, reply, key }),
  );
  out.result(found, ({ page }) => `Accepted; a browser would go on to ${page}`);
  return 'done';
};

export const adminGroups: Readonly<Record<string, Command>> = {
  users,
  groups,
  roles,
  passwords,
  sync,
  configuration,
  saml,
};
