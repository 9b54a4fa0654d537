/** `st users|groups|roles|passwords|sync` against a served Signing Today, the whole desk in between. */
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessTo, type DeskAccess } from '../../../main/cli/access.ts';
import { accounts } from '../../../main/cli/account-commands.ts';
import { parseArguments } from '../../../main/cli/arguments.ts';
import { devices } from '../../../main/cli/device-commands.ts';
import { st } from '../../../main/cli/st-command.ts';
import { createDesk, type Desk } from '../../../main/desk.ts';
import { createHeadlessHost } from '../../../main/host/headless-host.ts';
import { localBridge } from '../../../main/ipc/index.ts';
import { systemClock } from '../../../main/platform/clock.ts';
import {
  createSigningTodayState,
  type SigningTodayServer,
  type SigningTodayState,
} from '../../sandbox/signing-today/index.ts';
import { startWatched } from '../../sandbox/signing-today/openapi/index.ts';

const password = 'correct horse';
const commands = { st, devices, accounts };
let dir: string;
let state: SigningTodayState;
let server: SigningTodayServer;
let desk: Desk;
let access: DeskAccess;

async function add(username: string) {
  const client = { clientId: 'countersign', clientSecret: 'sandbox' };
  const about = { provider: 'signing-today' as const, baseUrl: server.url, label: username, ...client };
  await access.call('accounts.add', { ...about, username: `${username}@demo`, password });
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'cli-st-'));
  state = createSigningTodayState({ clock: systemClock });
  state.addUser({ username: 'alma', password, name: 'Alma', surname: 'Admin', role: 'admin' });
  state.addUser({ username: 'sara', password, name: 'Sara', surname: 'Signer' });
  state.addUser({ username: 'robot', password, name: 'R', surname: 'R', role: 'instructor', automatic: true });
  ({ server } = await startWatched(state));
  const host = createHeadlessHost({ secretsDir: join(dir, 'keys') });
  desk = await createDesk(host, { root: join(dir, 'profile'), version: 'test', background: false });
  access = accessTo(localBridge(desk.onCall, desk.on), () => desk.close());
  await add('alma');
  await add('sara');
});
afterAll(async () => {
  await desk.close();
  await server.stop();
  await rm(dir, { recursive: true, force: true });
});

/** Runs a command as `countersign … --account WHO`; what it would print as JSON and in words. */
async function run(line: string, account = 'alma'): Promise<{ exit: string; json: unknown; words: string }> {
  const args = parseArguments([...line.split(' '), '--account', account]);
  let json: unknown;
  let words = '';
  const out = {
    json: true,
    say: () => undefined,
    result<T>(value: T, describe: (value: T) => string) {
      json = value;
      words = describe(value);
    },
  };
  const command = commands[args.command as keyof typeof commands];
  return { exit: await command(access, args, out), json, words };
}
const userNamed = (username: string) =>
  state.ledger.directory.users.map(({ user }) => user).find((user) => user.username === username);

describe('st users, groups and roles', () => {
  it('adds, lists, edits, disables and enables, and changes a role', async () => {
    await run('st groups add Notaries Clinic');
    expect((await run('st groups')).json).toEqual(['Notaries', 'Clinic']);
    await run('st users add dora --name Dora --surname Dietz --email dora@demo.test --group Clinic');
    expect(userNamed('dora')).toMatchObject({ name: 'Dora', role: 'signer', groups: [{ name: 'Clinic' }] });
    await run('st users edit dora --surname Deni --group Notaries');
    expect(userNamed('dora')).toMatchObject({ name: 'Dora', surname: 'Deni', groups: [{ name: 'Notaries' }] });
    await run('st roles dora instructor');
    expect(userNamed('dora')).toMatchObject({ role: 'instructor' });
    await run('st users disable dora@demo.test');
    const { json, words } = await run('st users list --search deni');
    expect(json).toMatchObject([{ username: 'dora', enabled: false, groups: ['Notaries'] }]);
    expect(words).toContain('disabled');
    await run('st users enable dora');
    expect(userNamed('dora')?.deletedAt).toBeUndefined();
  });

  it.each([
    [
      'what a signer may not do',
      'st users add x --name X --surname X --email x@demo.test',
      'sara',
      'refused',
      'network',
    ],
    ['a user there is not', 'st roles nobody signer', 'alma', 'not-found', 'not-found'],
    ['a role there is not', 'st roles sara emperor', 'alma', 'bad-input', 'usage'],
    ['the last administrator going', 'st roles alma signer', 'alma', 'wrong-state', 'incomplete'],
    ['a group there is already', 'st groups add Clinic', 'alma', 'refused', 'network'],
    ['a command there is not', 'st users paint sara', 'alma', 'bad-input', 'usage'],
  ])('refuses %s by code and exit', async (_name, line, account, code, exit) => {
    await expect(run(line, account)).rejects.toMatchObject({ code, exit });
  });
});

describe('st passwords and sync', () => {
  it('voids a password', async () => {
    await run('st passwords reset sara');
    expect(state.mails().at(-1)).toMatchObject({ kind: 'password-reset', to: 'sara@demo.test' });
  });

  it('asks for a mail and spends its token for who cannot sign in', async () => {
    const [own] = (await access.call('accounts.list', {})).filter(({ label }) => label === 'sara');
    await access.call('accounts.signOut', { accountId: own?.id ?? '' });
    await run('st passwords lost sara@demo', 'sara');
    const mail = state.mails().at(-1);
    expect(mail).toMatchObject({ kind: 'password-lost', to: 'sara@demo.test' });
    expect((await run('st passwords lost nobody@demo', 'sara')).exit).toBe('done');
    const redeem = async (token: string) => {
      const file = join(dir, 'secrets');
      await writeFile(file, `${token}\nanother password`);
      const secrets = await open(file);
      await run(`st passwords redeem --password-fd ${secrets.fd}`, 'sara').finally(() => secrets.close());
    };
    await expect(redeem('no such token')).rejects.toMatchObject({ code: 'wrong-state' });
    const token = mail?.passwordToken ?? '';
    await redeem(token);
    await expect(redeem(token)).rejects.toMatchObject({ code: 'wrong-state' });
    await expect(
      access.call('accounts.signIn', { accountId: own?.id ?? '', username: 'sara@demo', password }),
    ).rejects.toMatchObject({ code: 'sign-in-refused' });
    await access.call('accounts.signIn', {
      ...{ accountId: own?.id ?? '', username: 'sara@demo' },
      password: 'another password',
    });
  });

  it('keeps users in step with a list, and says what is wrong with one', async () => {
    const file = join(dir, 'users.json');
    const person = { eduPersonPrincipalName: 'eva@clinic.test', givenName: 'Eva', surname: 'Ek', isMemberOf: ['ward'] };
    await writeFile(file, JSON.stringify([person]));
    expect((await run(`st sync ${file}`)).json).toEqual({ inserted: 1, updated: 0, deleted: 0 });
    await writeFile(file, JSON.stringify([{ ...person, orgRole: 'emperor' }]));
    await expect(run(`st sync ${file}`)).rejects.toMatchObject({ code: 'bad-input', exit: 'input' });
  });

  it('registers a person by an identity provider’s reply, and refuses another key', async () => {
    const file = join(dir, 'reply.json');
    await writeFile(file, JSON.stringify({ eduPersonPrincipalName: 'ida@idp.test', givenName: 'Ida', surname: 'Ilg' }));
    const register = async (key: string) => {
      await writeFile(join(dir, 'key'), key);
      const secret = await open(join(dir, 'key'));
      return run(`st saml ${file} --password-fd ${secret.fd}`).finally(() => secret.close());
    };
    await expect(register('another key')).rejects.toMatchObject({ code: 'wrong-state', exit: 'incomplete' });
    const { json } = await register(state.samlKey);
    expect(json).toEqual({ page: `${new URL(server.url).origin}/` });
    expect(state.ledger.directory.users.map(({ user }) => user.name)).toContain('Ida');
  });

  it('shows the service’s configuration, and a token for one’s own password', async () => {
    expect((await run('st configuration')).json).toMatchObject({ signingService: { protocol: 'http' } });
    expect((await run('st passwords token')).json).toEqual({ token: expect.stringMatching(/./) });
  });

  it('is not for a window', async () => {
    const window = { origin: 'app://countersign', isMainFrame: true };
    const [account] = await access.call('accounts.list', {});
    const reply = await desk.onCall(window, 'admin.users', { accountId: account?.id ?? '' });
    expect(reply).toMatchObject({ ok: false, error: { code: 'forbidden-sender' } });
  });
});

describe('devices', () => {
  it('pairs this computer by a picture of a code, lists, renames and revokes it', async () => {
    const { userId } = (await access.call('accounts.list', {})).find(({ label }) => label === 'alma') ?? {};
    const alma = state.user(userId ?? '');
    const body = new URLSearchParams({ grant_type: 'password', username: 'alma@demo', password });
    const authorization = `Basic ${Buffer.from('countersign:sandbox').toString('base64')}`;
    const signedIn = await fetch(`${server.url}/oauth/token`, { method: 'POST', headers: { authorization }, body });
    const { access_token: token } = (await signedIn.json()) as { access_token: string };
    const image = await fetch(`${server.url}/device/authorization`, {
      headers: { authorization: `Bearer ${token}`, accept: 'image/png' },
    });
    const file = join(dir, 'code.png');
    await writeFile(file, new Uint8Array(await image.arrayBuffer()));
    await expect(run(`devices pair --image ${file}`)).rejects.toMatchObject({ code: 'cancelled' });
    expect(state.devices()).toEqual([]);
    expect((await run(`devices pair --image ${file} --name Desk --yes`)).words).toContain('Alma Admin');
    expect(state.devices()).toMatchObject([{ userId: alma.id, name: 'Desk' }]);
    await run('devices rename Desk Front');
    expect((await run('devices')).json).toMatchObject({ devices: [{ name: 'Front', thisComputer: true }] });
    await run('devices revoke Front');
    expect(state.devices()).toEqual([]);
    await expect(run('devices pair --challenge https://evil.example --yes')).rejects.toMatchObject({
      code: 'challenge-unreadable',
      exit: 'input',
    });
  });
});
