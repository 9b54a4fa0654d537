import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDesk } from '../../../main/desk.ts';
import { createHeadlessHost } from '../../../main/host/headless-host.ts';
import { systemClock } from '../../../main/platform/clock.ts';
import type { InboxItem } from '../../../preload/model.ts';
import {
  createPki,
  type Pki,
  type SandboxTimestampAuthority,
  startTimestampAuthority,
} from '../../sandbox/pki/index.ts';
import {
  createSigningTodayState,
  type SigningTodayServer,
  type SigningTodayState,
  startSigningToday,
} from '../../sandbox/signing-today/index.ts';
import type { SoftHsmToken } from '../../sandbox/softhsm.ts';
import { samplePdf } from '../signing/desk-bench.ts';
import { forwardQuery } from './forward-query.ts';
import { type Ran, runCli } from './run-cli.ts';
import { createSignerToken } from './signer-token.ts';

const PIN = '739105';
const PASSWORD = 'correct horse';
let shared: string;
let pki: Pki;
let token: SoftHsmToken;
let authority: SandboxTimestampAuthority;
beforeAll(async () => {
  shared = await mkdtemp(join(tmpdir(), 'cli-token-'));
  pki = await createPki({ now: Date.now() });
  token = await createSignerToken(shared, pki, { pin: PIN });
  authority = await startTimestampAuthority(pki, { clock: Date });
});
afterAll(async () => {
  await authority.stop();
  await rm(shared, { recursive: true, force: true });
});

let dir: string;
let state: SigningTodayState;
let server: SigningTodayServer;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'cli-profile-'));
  state = createSigningTodayState({ clock: systemClock });
  const { id } = state.addUser({ username: 'ilze', password: PASSWORD, name: 'Ilze', surname: 'Liepa' });
  state.addIdentity(id, {
    label: 'Card',
    subjectCommonName: 'Ilze Liepa',
    issuerCommonName: 'CA',
    expiresAt: Date.now() + 1e9,
    providerData: { tokenInfo: { serialNumber: token.serialNumber, manufacturerID: token.manufacturerId } },
  });
  const seed = async (title: string, pdf: Uint8Array, declinable = false) =>
    state.addDst({
      title,
      createdBy: id,
      documents: [{ title, pdf, signatureRequests: [{ signer: id, declinable }], signerGroups: [[id]] }],
    });
  await seed('Deed', await samplePdf('Deed'));
  await seed('Lease', await samplePdf('Lease'), true);
  await seed('Not a document', new TextEncoder().encode('%PDF-1.7\nnothing of the kind'));
  server = await startSigningToday(state);
});
afterEach(async () => {
  await server.stop();
  await rm(dir, { recursive: true, force: true });
});

function cli(args: readonly string[], secret?: string): Promise<Ran> {
  const env = {
    ...token.env,
    NODE_COMPILE_CACHE: join(shared, 'cache'),
    COUNTERSIGN_PROFILE: join(dir, 'profile'),
    XDG_CONFIG_HOME: join(dir, 'config'),
  };
  return runCli(args, env, secret);
}

const addAccount = (password = PASSWORD) =>
  cli(
    ['accounts', 'add', server.url, '--user', 'ilze@demo', '--client-id', state.clientId, '--password-fd', '3'],
    `${password}\n${state.clientSecret}`,
  );

async function signedIn(): Promise<void> {
  expect(await addAccount()).toMatchObject({ code: 0, stderr: '' });
  await cli(['settings', 'set', 'timestampAuthorities', authority.url]);
  expect(await cli(['sync'])).toMatchObject({ code: 0, stderr: '' });
}

async function items(): Promise<InboxItem[]> {
  const { stdout } = await cli(['inbox', '--json']);
  return (JSON.parse(stdout) as { items: InboxItem[] }).items;
}
const idOf = (title: string) => state.dsts().find((dst) => dst.title === title)?.id ?? 'nothing';
const signing = () => ['--module', token.modulePath, '--pin-fd', '3'];
const sign = (id: string, pin = PIN) => cli(['sign', id, ...signing()], pin);
/** id-cti-ets-proofOfApproval, as DER in hex. */
const APPROVAL = '060b2a864886f70d0109100605';

describe('a day at the command line', () => {
  it('states a commitment in what it signs, and refuses what a request does not know', async () => {
    await signedIn();
    const deed = idOf('Deed');
    for (const stated of [
      ['--commitment', '1.2.3.4'],
      ['--signer-location', 'LV;Rīga;Brīvības 1'],
    ])
      expect((await cli(['sign', deed, ...stated, ...signing()], PIN)).code).toBe(2);
    const stated = ['--commitment', 'approval', '--signer-location', 'LV;Rīga'];
    expect(await cli(['sign', deed, ...stated, ...signing()], PIN)).toMatchObject({ code: 0, stderr: '' });
    // The archive stores what it holds as it is.
    const out = join(dir, 'stated.zip');
    expect(await cli(['export', deed, '--fetch', '--out', out])).toMatchObject({ code: 0 });
    const [contents] = /<30[0-9a-f]+>/i.exec(await readFile(out, 'latin1')) ?? [''];
    expect(contents.toLowerCase()).toContain(APPROVAL);
    expect(contents.toLowerCase()).toContain(Buffer.from('Rīga').toString('hex'));
  });

  it('signs, declines and notes; the server has each once', async () => {
    await signedIn();
    const [deed, lease] = [idOf('Deed'), idOf('Lease')];
    expect(await sign(deed.slice(0, 8))).toMatchObject({ code: 0, stderr: '' });
    expect(await cli(['decline', lease, '--reason', 'Wrong price'])).toMatchObject({ code: 0 });
    expect(await cli(['note', deed, '--text', 'Signed today'])).toMatchObject({ code: 0 });
    expect(JSON.parse((await cli(['outbox', '--json'])).stdout)).toEqual([]);
    expect(state.dst(deed)).toMatchObject({ status: 'signed' });
    expect(state.dst(lease)).toMatchObject({ status: 'rejected', signatures: [{ declinedReason: 'Wrong price' }] });
    expect(state.notes(deed).map((n) => n.text)).toEqual(['Signed today']);
    expect(
      state
        .effects()
        .map((e) => e.kind)
        .filter((k) => ['signature', 'decline', 'note'].some((w) => k.includes(w))),
    ).toHaveLength(3);
    await state.addNote(deed, { userId: state.dst(deed).createdByUser, text: 'Written at the service' });
    const shown = await cli(['show', deed]);
    expect(shown.stdout).toContain('Signed today');
    expect(shown.stdout).toContain('Written at the service');
  });
});

describe('what can go wrong', () => {
  it('a wrong password is said and leaves no account', async () => {
    const { code, stderr } = await addAccount('wrong');
    expect(code).toBe(6);
    expect(stderr).toContain('does not accept');
    expect(JSON.parse((await cli(['accounts', '--json'])).stdout)).toEqual([]);
  });

  it('a wrong PIN uses one try, signs nothing and keeps the job', async () => {
    await signedIn();
    const deed = idOf('Deed');
    const { code, stdout, stderr } = await sign(deed, '000000');
    expect(code).toBe(4);
    expect(stdout + stderr).toContain('One try was used');
    expect(stdout + stderr).not.toContain('000000');
    expect(state.dst(deed).signatures).toEqual([]);
    expect((await cli(['show', deed])).stdout).toContain('awaiting-pin');
    expect(await sign(deed)).toMatchObject({ code: 0 });
  });

  it('an absent token ends with its own exit', async () => {
    await signedIn();
    const { code } = await cli(['sign', idOf('Deed'), '--module', '/nowhere/module.so', '--pin-fd', '3'], PIN);
    expect(code).toBe(5);
  });

  it('with the server down everything is kept, and goes out once it is back', async () => {
    await signedIn();
    const deed = idOf('Deed');
    const { port } = server;
    await cli(['show', deed]);
    await server.stop();
    expect(await cli(['sync'])).toMatchObject({ code: 6 });
    expect((await cli(['note', deed, '--text', 'From the train'])).code).toBe(0);
    expect((await sign(deed)).code).toBe(3);
    expect(JSON.parse((await cli(['outbox', '--json'])).stdout)).toHaveLength(2);
    server = await startSigningToday(state, { port });
    expect(await cli(['sync'])).toMatchObject({ code: 0 });
    expect(JSON.parse((await cli(['outbox', '--json'])).stdout)).toEqual([]);
    expect(state.dst(deed).status).toBe('signed');
    expect(state.notes(deed)).toHaveLength(1);
  });

  it('what the service moved past is listed and settled, and every delivery is in the activity list', async () => {
    await signedIn();
    const lease = idOf('Lease');
    await cli(['show', lease]);
    await cli(['sync', '--pause']);
    const { port } = server;
    await server.stop();
    expect((await cli(['decline', lease, '--reason', 'Too dear'])).code).toBe(0);
    await state.ledger.changeDst(lease, (draft) => {
      draft.dst.deletedAt = new Date().toISOString();
    });
    server = await startSigningToday(state, { port });
    expect((await cli(['sync'])).stdout).toContain('1 on hold');
    expect((await cli(['sync', '--resume'])).stdout).toContain('Goes on');
    const [conflict] = JSON.parse((await cli(['conflicts', '--json'])).stdout);
    expect(conflict).toMatchObject({ kind: 'decline', code: 'deleted', texts: ['Too dear'], choices: ['discard'] });
    expect((await cli(['conflicts', 'settle', conflict.id, 'sign-new-version'])).code).not.toBe(0);
    expect((await cli(['conflicts', 'settle', conflict.id, 'discard'])).code).toBe(0);
    expect(JSON.parse((await cli(['conflicts', '--json'])).stdout)).toEqual([]);
    const entries: { kind: string; outcome: string }[] = JSON.parse((await cli(['activity', '--json'])).stdout);
    const declines = entries.filter(({ kind }) => kind === 'decline').map(({ outcome }) => outcome);
    expect(declines).toEqual(['settled', 'needs-attention']);
  });

  it.each(['html', 'half-json'] as const)('a server that answers %s is named, and nothing is lost', async (kind) => {
    await signedIn();
    const before = await items();
    server.misbehave({ kind, times: 50 });
    const { code, stdout } = await cli(['sync']);
    expect(code).toBe(6);
    expect(stdout).toContain('makes no sense');
    expect((await cli(['note', idOf('Deed'), '--text', 'kept'])).code).toBe(0);
    server.behave();
    await cli(['sync']);
    expect(state.notes(idOf('Deed')).map((n) => n.text)).toEqual(['kept']);
    expect((await items()).map((i) => i.id).sort()).toEqual(before.map((i) => i.id).sort());
  });

  it('a document that is no PDF is named and not signed', async () => {
    await signedIn();
    const { code, stdout, stderr } = await sign(idOf('Not a document'));
    expect(code).not.toBe(0);
    expect(stdout + stderr).toMatch(/damaged|not a PDF/);
  });

  it('a timestamp authority gets the password that is kept for it, and the command says no more than whose', async () => {
    const seen: (string | undefined)[] = [];
    const door = createServer(async (request, response) => {
      seen.push(request.headers.authorization);
      await forwardQuery(request, response, authority.url);
    });
    door.listen(0, '127.0.0.1');
    await once(door, 'listening');
    try {
      await signedIn();
      const url = `http://127.0.0.1:${(door.address() as AddressInfo).port}/`;
      await cli(['settings', 'set', 'timestampAuthorities', url]);
      const given = await cli(
        ['authorities', 'password', url, '--user', 'clinic', '--password-fd', '3'],
        's3cret word',
      );
      expect([given.code, given.stdout]).toEqual([0, expect.stringContaining('signs in as clinic')]);
      expect(await sign(idOf('Deed'))).toMatchObject({ code: 0, stderr: '' });
      expect(seen).toEqual([`Basic ${Buffer.from('clinic:s3cret word').toString('base64')}`]);
      const listed = await cli(['authorities', '--json']);
      expect(JSON.parse(listed.stdout)).toEqual([{ url, access: 'password', user: 'clinic' }]);
      expect((await cli(['authorities', 'clear', url])).stdout).toContain('asks for nothing');
      expect((await cli(['authorities', 'certificate', url, '/none.p12', '--password-fd', '3'], 'x')).code).toBe(7);
      expect((await cli(['authorities', 'password', url])).code).toBe(2);
      expect((await cli(['authorities', 'clear', 'https://other.example/'])).code).toBe(9);
    } finally {
      door.close();
    }
  });

  it('mistakes end with the exits that docs/command-line.md lists', async () => {
    await signedIn();
    const mistakes: [string[], number][] = [
      [['show', 'nothing-here'], 9],
      [['inbox', 'nowhere'], 2],
      [['decline', 'x', '--reason', 'y'], 9],
      [['decline', idOf('Lease')], 2],
      [['decline', idOf('Deed'), '--reason', 'y'], 3],
      [['settings', 'set', 'timestampAuthorities', 'ftp://x'], 2],
      [['nonsense'], 2],
    ];
    const ended = await Promise.all(mistakes.map(async ([args]) => (await cli(args)).code));
    expect(ended).toEqual(mistakes.map(([, exit]) => exit));
  });
});

describe('a profile', () => {
  it('that another desk has open is worked on through that desk', async () => {
    const host = createHeadlessHost({ secretsDir: join(dir, 'config', 'countersign', 'keys') });
    const desk = await createDesk(host, { root: join(dir, 'profile'), version: 'test', background: false });
    try {
      expect(await addAccount()).toMatchObject({ code: 0 });
      const local = { origin: 'local', isMainFrame: true };
      expect(await desk.onCall(local, 'accounts.list', {})).toMatchObject({
        ok: true,
        value: [{ userName: 'Ilze Liepa' }],
      });
    } finally {
      await desk.close();
    }
    expect(JSON.parse((await cli(['accounts', '--json'])).stdout)).toHaveLength(1);
  });

  it('whose key is lost says so and stays as it is', async () => {
    await addAccount();
    await rm(join(dir, 'config'), { recursive: true });
    const { code, stderr } = await cli(['inbox']);
    expect(code).toBe(8);
    expect(stderr).toContain('another key');
  });

  it('whose socket cannot be made ends at once and puts away what it had opened', async () => {
    await mkdir(join(dir, 'profile', 'socket', 'desk', 'inside'), { recursive: true, mode: 0o700 });
    const { code, stderr } = await cli(['inbox']);
    expect(code).toBe(8);
    expect(stderr).toContain('cannot be opened');
  });

  it('holds no title, note, password or token in plain text', async () => {
    await signedIn();
    const deed = idOf('Deed');
    await cli(['note', deed, '--text', 'Unmistakable note text']);
    await sign(deed);
    const secrets = ['Unmistakable note text', 'Not a document', PASSWORD, PIN, state.clientSecret, 'Ilze Liepa'];
    const files = await readdir(dir, { recursive: true, withFileTypes: true });
    let read = 0;
    for (const file of files.filter((f) => f.isFile())) {
      const bytes = await readFile(join(file.parentPath, file.name));
      read += bytes.length;
      for (const secret of secrets) {
        expect(bytes.includes(secret), `${secret} in ${file.name}`).toBe(false);
        expect(bytes.includes(Buffer.from(secret, 'utf16le')), `${secret} in ${file.name}`).toBe(false);
      }
    }
    expect(read).toBeGreaterThan(10_000);
  });
});
