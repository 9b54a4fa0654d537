import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accessTo, type DeskAccess, type Output } from '../../../main/cli/access.ts';
import { parseArguments } from '../../../main/cli/arguments.ts';
import { CommandError, type ExitName } from '../../../main/cli/exit-codes.ts';
import { st } from '../../../main/cli/st-command.ts';
import { createDesk } from '../../../main/desk.ts';
import { createHeadlessHost } from '../../../main/host/headless-host.ts';
import { localBridge } from '../../../main/ipc/index.ts';
import { systemClock } from '../../../main/platform/clock.ts';
import {
  createSigningTodayState,
  type SigningTodayServer,
  type SigningTodayState,
} from '../../sandbox/signing-today/index.ts';
import { startWatched } from '../../sandbox/signing-today/openapi/index.ts';
import { samplePdf } from '../signing/desk-bench.ts';
import { runCli } from './run-cli.ts';

const PASSWORD = 'correct horse';
let dir: string;
let desk: DeskAccess;
let state: SigningTodayState;
let server: SigningTodayServer;
let ids: { ines: string; sara: string; omar: string };

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'cli-prepare-'));
  state = createSigningTodayState({ clock: systemClock });
  const add = (username: string, name: string, role: 'instructor' | 'signer') =>
    state.addUser({ username, password: PASSWORD, name, surname: 'Rossi', role }).id;
  ids = {
    ines: add('ines', 'Ines', 'instructor'),
    sara: add('sara', 'Sara', 'signer'),
    omar: add('omar', 'Omar', 'signer'),
  };
  ({ server } = await startWatched(state));
  await writeFile(join(dir, 'lease.pdf'), await samplePdf('Lease'));
  await writeFile(join(dir, 'annex.pdf'), await samplePdf('Annex'));
  const host = createHeadlessHost({ secretsDir: join(dir, 'keys') });
  const opened = await createDesk(host, { root: join(dir, 'profile'), version: '0.0.0', background: false });
  desk = accessTo(localBridge(opened.onCall, opened.on), () => opened.close());
  await desk.call('accounts.add', {
    provider: 'signing-today',
    baseUrl: server.url,
    username: 'ines@demo',
    password: PASSWORD,
    clientId: state.clientId,
    clientSecret: state.clientSecret,
  });
});
afterAll(async () => {
  await desk.close();
  await server.stop();
  await rm(dir, { recursive: true, force: true });
});

const file = (name: string) => join(dir, name);

/** A command on the desk that is open here: what it printed with --json, and its exit. */
async function run(...argv: string[]): Promise<{ exit: ExitName; value: unknown }> {
  const printed: unknown[] = [];
  const out: Output = { json: true, say: () => undefined, result: (value) => void printed.push(value) };
  const args = parseArguments(['st', ...argv]);
  try {
    const exit = await st(desk, args, out);
    return { exit, value: printed[0] };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { exit: error.exit, value: { error: error.code } };
  }
}

async function dst<T>(...args: string[]): Promise<T> {
  const { exit, value } = await run('dst', ...args);
  if (exit !== 'done') throw new Error(`${args.join(' ')}: ${exit} ${JSON.stringify(value)}`);
  return value as T;
}
type Made = { remoteId: string; status: string; expiryKept: boolean };

async function codeOf(...args: string[]): Promise<[ExitName, string]> {
  const { exit, value } = await run('dst', ...args);
  return [exit, (value as { error: string }).error];
}

describe('st dst create', () => {
  let made: Made;
  beforeEach(async () => {
    made ??= await dst<Made>(
      ...['create', file('lease.pdf'), file('annex.pdf'), '--title', 'Lease of flat 7', '--publish', '--urgent'],
      ...['--signer', '1:Sara Rossi <sara@demo.test>', '--signer', '2:omar@demo.test', '--tag', 'flat', '--tag', '7'],
      ...['--place', '1@1:10,80,30,6', '--place', '2@1:60,80,30,6', '--text-field', '2/1@1:10,20,40,4=City'],
      ...['--cc', 'omar@demo.test', '--expires', '2099-12-31', '--reason', 'As agreed'],
    );
  });

  it('makes the transaction with its files, signers in order, fields and all that is said of it', () => {
    const kept = state.dst(made.remoteId);
    expect(made).toMatchObject({ status: 'toFill', expiryKept: true });
    expect(kept).toMatchObject({
      title: 'Lease of flat 7',
      createdByUser: ids.ines,
      urgent: true,
      tags: ['flat', '7'],
      ccUsers: [ids.omar],
      expiresAt: '2099-12-31T23:59:59.000Z',
    });
    const signers = kept.documents.map(({ signerGroups }) =>
      signerGroups.map((group) => group.signers.map((s) => s.userUUID)),
    );
    expect(signers).toEqual([
      [[ids.sara], [ids.omar]],
      [[ids.sara], [ids.omar]],
    ]);
    const [lease, annex] = kept.documents;
    expect(lease?.forms).toMatchObject([
      { type: 'SignatureForm', positionX: '10.00', positionY: '80.00', width: '30.00', height: '6.00', page: 1 },
      { type: 'SignatureForm', positionX: '60.00' },
    ]);
    expect(annex?.forms).toMatchObject([{ type: 'TextForm', extraData: { label: 'City' }, toFill: true }]);
    expect(lease?.signatureRequests.map(({ reason }) => reason)).toEqual(['As agreed', 'As agreed']);
    expect(lease?.forms[0]?.extraData.signatureRequestId).toBe(lease?.signatureRequests[0]?.id);
  });

  it('sends the bytes as they are on the disk', async () => {
    const [lease] = state.dst(made.remoteId).documents;
    expect(Buffer.from(await state.resourceBytes(lease?.plainDocumentUuid ?? ''))).toEqual(
      await readFile(file('lease.pdf')),
    );
  });

  it('is followed by reminders, the audit trail and a zip of all files', async () => {
    await dst('remind', made.remoteId);
    const trail = await dst<{ event: string; who: string }[]>('audit', made.remoteId);
    expect(trail.map(({ event }) => event)).toEqual(['event_published', 'stage_to_fill', 'event_solicitation']);
    expect(trail[0]?.who).toBe('Ines Rossi');
    const saved = await dst<{ sizeBytes: number }>('resources', made.remoteId, '--out', file('all.zip'));
    expect((await readFile(file('all.zip'))).length).toBe(saved.sizeBytes);
  });

  it('refuses a step that does not fit the state, and what makes no sense', async () => {
    expect(await codeOf('publish', made.remoteId)).toEqual(['incomplete', 'wrong-state']);
    const create = ['create', file('lease.pdf'), '--title', 'x'];
    expect(await codeOf(...create)).toEqual(['usage', 'bad-input']);
    expect(await codeOf(...create, '--signer', 'nobody')).toEqual(['usage', 'bad-input']);
    expect(await codeOf(...create, '--signer', 'a@b.test', '--place', '2@1:1,1,1,1')).toEqual(['usage', 'bad-input']);
    expect(await codeOf(...create, '--role', 'buyer')).toEqual(['usage', 'bad-input']);
    expect(await codeOf('create', file('none.pdf'), '--title', 'x', '--signer', 'a@b.test')).toEqual([
      'input',
      'ENOENT',
    ]);
    await writeFile(file('text.pdf'), 'no PDF');
    expect(await codeOf('create', file('text.pdf'), '--title', 'x', '--signer', 'a@b.test')).toEqual([
      'input',
      'not-a-pdf',
    ]);
  });
});

describe('st dst templates', () => {
  it('are made with roles, instantiated with people in their place, and changed', async () => {
    const roles = ['--role', '1:tenant', '--role', '2:landlord', '--template', 'public', '--publish'];
    const template = await dst<Made>(
      'create',
      file('lease.pdf'),
      '--title',
      'Standard lease',
      ...roles,
      '--place',
      '1@1:10,80,30,6',
    );
    const listed = await dst<object[]>('templates');
    expect(listed).toMatchObject([
      { title: 'Standard lease', roles: ['tenant', 'landlord'], isPublic: true, mine: true },
    ]);

    const take = ['--take', 'Tenant=Sara Rossi <sara@demo.test>', '--take', 'landlord=omar@demo.test'];
    const made = await dst<Made>('instantiate', 'Standard lease', ...take, '--title', 'Lease of flat 9', '--publish');
    const kept = state.dst(made.remoteId);
    expect(kept).toMatchObject({ title: 'Lease of flat 9', status: 'toSign', template: false });
    const people = kept.documents[0]?.signerGroups.map((group) => group.signers.map(({ userUUID }) => userUUID));
    expect(people).toEqual([[ids.sara], [ids.omar]]);
    expect(await codeOf('instantiate', 'Standard lease', '--publish')).toEqual(['usage', 'bad-plan']);

    await dst('modify', template.remoteId);
    await dst('edit', template.remoteId, '--title', 'Lease, 2026', '--tag', 'lease');
    await dst('publish', template.remoteId);
    expect(state.dst(template.remoteId)).toMatchObject({ title: 'Lease, 2026', tags: ['lease'], status: 'published' });
    const copy = await dst<Made>('templatize', template.remoteId);
    expect(state.dst(copy.remoteId)).toMatchObject({ template: true, status: 'draft' });
    await dst('delete', copy.remoteId);
    expect(state.dst(copy.remoteId).deletedAt).toBeDefined();
  });
});

describe('the files of a transaction', () => {
  it('are listed, named anew and taken away while it is a draft, and painted page by page', async () => {
    const made = await dst<Made>('create', file('lease.pdf'), '--title', 'Files', '--signer', 'sara@demo.test');
    const [listed] = await dst<{ resourceId: string; filename: string }[]>('files', made.remoteId);
    const resourceId = listed?.resourceId ?? '';
    expect(listed).toMatchObject({ filename: 'lease.pdf', title: 'lease' });
    await dst('name-file', made.remoteId, resourceId, '--title', 'The lease', '--name', 'flat.pdf');
    expect(state.dst(made.remoteId).resources).toMatchObject([{ title: 'The lease', filename: 'flat.pdf' }]);
    expect(await codeOf('name-file', made.remoteId, 'none', '--title', 'x')).toEqual(['not-found', 'not-found']);
    expect(await codeOf('name-file', made.remoteId, resourceId)).toEqual(['usage', 'bad-input']);
    expect(await codeOf('remove-file', resourceId)).toEqual(['incomplete', 'wrong-state']);
    await dst('thumb', resourceId, '--out', file('page.jpg'), '--width', '120');
    expect([...(await readFile(file('page.jpg'))).subarray(0, 2)]).toEqual([0xff, 0xd8]);
    expect(await codeOf('thumb', resourceId, '--page', '9', '--out', file('none.jpg'))).toEqual(['network', 'refused']);
    await dst('publish', made.remoteId);
    expect(await codeOf('name-file', made.remoteId, resourceId, '--title', 'x')).toEqual(['incomplete', 'wrong-state']);
  });
});

describe('st … --one-call and st robot', () => {
  it('makes a transaction and an instance in one call each', async () => {
    const place = ['--place', '1@1:10,80,30,6', '--one-call', '--publish'];
    const made = await dst<Made>(
      'create',
      file('lease.pdf'),
      '--title',
      'At once',
      '--signer',
      'sara@demo.test',
      ...place,
    );
    const kept = state.dst(made.remoteId);
    expect(kept).toMatchObject({
      title: 'At once',
      status: 'toSign',
      documents: [{ forms: [{ type: 'SignatureForm' }] }],
    });
    expect(Buffer.from(await state.resourceBytes(kept.documents[0]?.plainDocumentUuid ?? ''))).toEqual(
      await readFile(file('lease.pdf')),
    );
    const template = await dst<Made>(
      ...['create', file('lease.pdf'), '--title', 'Form', '--role', 'tenant', '--template', 'own', '--publish'],
    );
    const take = ['--take', 'tenant=Sara Rossi <sara@demo.test>', '--title', 'Filled form'];
    const instance = await dst<Made>('instantiate', template.remoteId, ...take, '--one-call', '--publish');
    expect(state.dst(instance.remoteId)).toMatchObject({ title: 'Filled form', status: 'toSign' });
  });

  it('gives and voids a token, and sets how files are fetched', async () => {
    const robot = (...args: string[]) => run('robot', ...args);
    const first = await robot('token');
    expect(first.value).toEqual({ token: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(await robot('token')).toEqual(first);
    expect((await robot('clear')).exit).toBe('done');
    expect(await robot('token')).not.toEqual(first);
    const settings = { requestHeaders: { 'x-office': ['1'] }, webhooks: { dst: 'https://office.example/changed' } };
    await writeFile(file('robot.json'), JSON.stringify(settings));
    expect((await robot('configure', file('robot.json'))).exit).toBe('done');
    expect((await robot('settings')).value).toEqual(settings);
    await writeFile(file('robot.json'), '{"webhook": 1}');
    expect((await robot('configure', file('robot.json'))).exit).toBe('usage');
    expect(await robot('token', '--robot', 'sara@demo')).toEqual({ exit: 'network', value: { error: 'refused' } });
  });
});

describe('st dst replace', () => {
  it('makes a new draft in the place of a rejected transaction', async () => {
    const made = await dst<Made>(
      'create',
      file('lease.pdf'),
      '--title',
      'Sale',
      '--signer',
      'sara@demo.test',
      '--publish',
    );
    const [document] = state.dst(made.remoteId).documents;
    await state.decline(made.remoteId, {
      userId: ids.sara,
      documentId: document?.id ?? 0,
      signatureRequestId: document?.signatureRequests[0]?.id ?? 0,
      reason: 'Wrong price',
    });
    const next = await dst<Made>('replace', made.remoteId);
    expect(state.dst(next.remoteId)).toMatchObject({ replaces: made.remoteId, status: 'draft' });
  });
});

describe('st appearance', () => {
  const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

  it('puts up the picture of an identity, fetches it and takes it away', async () => {
    const identity = state.addIdentity(ids.ines, {
      label: 'Card',
      subjectCommonName: 'Ines Rossi',
      issuerCommonName: 'CA',
      expiresAt: Date.now() + 1e9,
      providerData: { tokenInfo: { serialNumber: '1', manufacturerID: 'Demo' } },
    });
    const appearance = (...args: string[]) => run('appearance', ...args);
    expect((await appearance('identities')).value).toEqual([{ identityId: identity.id, label: 'Card' }]);
    await writeFile(file('me.png'), Buffer.from(png, 'base64'));
    const get = () => appearance('get', identity.id, '--out', file('got.png'));
    expect(await get()).toEqual({ exit: 'not-found', value: { error: 'not-found' } });
    expect((await appearance('set', identity.id, '--image', file('me.png'))).exit).toBe('done');
    expect((await get()).exit).toBe('done');
    expect(await readFile(file('got.png'))).toEqual(Buffer.from(png, 'base64'));
    await writeFile(file('me.txt'), 'no picture');
    const refused = await appearance('set', identity.id, '--image', file('me.txt'));
    expect(refused).toEqual({ exit: 'network', value: { error: 'refused' } });
    expect((await appearance('delete', identity.id)).exit).toBe('done');
    expect((await get()).exit).toBe('not-found');
  });
});

describe('the command line', () => {
  it('goes to the desk that has the profile open', async () => {
    const env = { COUNTERSIGN_PROFILE: join(dir, 'profile'), XDG_CONFIG_HOME: join(dir, 'config') };
    const listed = await runCli(['st', 'dst', 'templates', '--json'], env);
    expect(listed).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(listed.stdout)).toBeInstanceOf(Array);
    expect((await runCli(['st', 'nothing'], env)).code).toBe(2);
  });
});
