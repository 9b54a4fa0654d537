import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
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
  const { code, stderr } = await cli(
    ['accounts', 'add', server.url, '--user', 'ines@demo', '--client-id', state.clientId, '--password-fd', '3'],
    `${PASSWORD}\n${state.clientSecret}`,
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});
afterAll(async () => {
  await server.stop();
  await rm(dir, { recursive: true, force: true });
});

const file = (name: string) => join(dir, name);

function cli(args: readonly string[], secret?: string) {
  const env = {
    NODE_COMPILE_CACHE: join(dir, 'cache'),
    COUNTERSIGN_PROFILE: join(dir, 'profile'),
    XDG_CONFIG_HOME: join(dir, 'config'),
  };
  return runCli(args, env, secret);
}

async function st<T>(...args: string[]): Promise<T> {
  const ran = await cli(['st', 'dst', ...args, '--json']);
  if (ran.code !== 0) throw new Error(`${args.join(' ')}: ${ran.code} ${ran.stdout}${ran.stderr}`);
  return JSON.parse(ran.stdout) as T;
}
type Made = { remoteId: string; status: string; expiryKept: boolean };

async function codeOf(...args: string[]): Promise<[number, string]> {
  const ran = await cli(['st', 'dst', ...args, '--json']);
  return [ran.code, (JSON.parse(ran.stdout) as { error: { code: string } }).error.code];
}

describe('st dst create', () => {
  let made: Made;
  beforeEach(async () => {
    made ??= await st<Made>(
      ...['create', file('lease.pdf'), file('annex.pdf'), '--title', 'Lease of flat 7', '--publish', '--urgent'],
      ...['--signer', '1:Sara Rossi <sara@demo.test>', '--signer', '2:omar@demo.test', '--tag', 'flat', '--tag', '7'],
      ...['--place', '1@1:10,80,30,6', '--place', '2@1:60,80,30,6', '--text-field', '2/1@1:10,20,40,4=City'],
      ...['--cc', 'omar@demo.test', '--expires', '2099-12-31', '--reason', 'As agreed'],
    );
  });

  it('makes the transaction with its files, signers in order, fields and all that is said of it', () => {
    const dst = state.dst(made.remoteId);
    expect(made).toMatchObject({ status: 'toFill', expiryKept: true });
    expect(dst).toMatchObject({
      title: 'Lease of flat 7',
      createdByUser: ids.ines,
      urgent: true,
      tags: ['flat', '7'],
      ccUsers: [ids.omar],
      expiresAt: '2099-12-31T23:59:59.000Z',
    });
    const signers = dst.documents.map(({ signerGroups }) =>
      signerGroups.map((group) => group.signers.map((s) => s.userUUID)),
    );
    expect(signers).toEqual([
      [[ids.sara], [ids.omar]],
      [[ids.sara], [ids.omar]],
    ]);
    const [lease, annex] = dst.documents;
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
    await st('remind', made.remoteId);
    const trail = await st<{ event: string; who: string }[]>('audit', made.remoteId);
    expect(trail.map(({ event }) => event)).toEqual(['event_published', 'stage_to_fill', 'event_solicitation']);
    expect(trail[0]?.who).toBe('Ines Rossi');
    const saved = await st<{ sizeBytes: number }>('resources', made.remoteId, '--out', file('all.zip'));
    expect((await readFile(file('all.zip'))).length).toBe(saved.sizeBytes);
  });

  it('refuses a step that does not fit the state, and what makes no sense', async () => {
    expect(await codeOf('publish', made.remoteId)).toEqual([3, 'wrong-state']);
    const create = ['create', file('lease.pdf'), '--title', 'x'];
    expect(await codeOf(...create)).toEqual([2, 'bad-input']);
    expect(await codeOf(...create, '--signer', 'nobody')).toEqual([2, 'bad-input']);
    expect(await codeOf(...create, '--signer', 'a@b.test', '--place', '2@1:1,1,1,1')).toEqual([2, 'bad-input']);
    expect(await codeOf(...create, '--role', 'buyer')).toEqual([2, 'bad-input']);
    expect(await codeOf('create', file('none.pdf'), '--title', 'x', '--signer', 'a@b.test')).toEqual([7, 'ENOENT']);
    await writeFile(file('text.pdf'), 'no PDF');
    expect(await codeOf('create', file('text.pdf'), '--title', 'x', '--signer', 'a@b.test')).toEqual([7, 'not-a-pdf']);
  });
});

describe('st dst templates', () => {
  it('are made with roles, instantiated with people in their place, and changed', async () => {
    const roles = ['--role', '1:tenant', '--role', '2:landlord', '--template', 'public', '--publish'];
    const template = await st<Made>(
      'create',
      file('lease.pdf'),
      '--title',
      'Standard lease',
      ...roles,
      '--place',
      '1@1:10,80,30,6',
    );
    const listed = await st<object[]>('templates');
    expect(listed).toMatchObject([
      { title: 'Standard lease', roles: ['tenant', 'landlord'], isPublic: true, mine: true },
    ]);

    const take = ['--take', 'Tenant=Sara Rossi <sara@demo.test>', '--take', 'landlord=omar@demo.test'];
    const made = await st<Made>('instantiate', 'Standard lease', ...take, '--title', 'Lease of flat 9', '--publish');
    const dst = state.dst(made.remoteId);
    expect(dst).toMatchObject({ title: 'Lease of flat 9', status: 'toSign', template: false });
    const people = dst.documents[0]?.signerGroups.map((group) => group.signers.map(({ userUUID }) => userUUID));
    expect(people).toEqual([[ids.sara], [ids.omar]]);
    expect(await codeOf('instantiate', 'Standard lease', '--publish')).toEqual([2, 'bad-plan']);

    await st('modify', template.remoteId);
    await st('edit', template.remoteId, '--title', 'Lease, 2026', '--tag', 'lease');
    await st('publish', template.remoteId);
    expect(state.dst(template.remoteId)).toMatchObject({ title: 'Lease, 2026', tags: ['lease'], status: 'published' });
    const copy = await st<Made>('templatize', template.remoteId);
    expect(state.dst(copy.remoteId)).toMatchObject({ template: true, status: 'draft' });
    await st('delete', copy.remoteId);
    expect(state.dst(copy.remoteId).deletedAt).toBeDefined();
  });
});

describe('st … --one-call and st robot', () => {
  it('makes a transaction and an instance in one call each', async () => {
    const place = ['--place', '1@1:10,80,30,6', '--one-call', '--publish'];
    const made = await st<Made>(
      'create',
      file('lease.pdf'),
      '--title',
      'At once',
      '--signer',
      'sara@demo.test',
      ...place,
    );
    const dst = state.dst(made.remoteId);
    expect(dst).toMatchObject({
      title: 'At once',
      status: 'toSign',
      documents: [{ forms: [{ type: 'SignatureForm' }] }],
    });
    expect(Buffer.from(await state.resourceBytes(dst.documents[0]?.plainDocumentUuid ?? ''))).toEqual(
      await readFile(file('lease.pdf')),
    );
    const template = await st<Made>(
      ...['create', file('lease.pdf'), '--title', 'Form', '--role', 'tenant', '--template', 'own', '--publish'],
    );
    const take = ['--take', 'tenant=Sara Rossi <sara@demo.test>', '--title', 'Filled form'];
    const instance = await st<Made>('instantiate', template.remoteId, ...take, '--one-call', '--publish');
    expect(state.dst(instance.remoteId)).toMatchObject({ title: 'Filled form', status: 'toSign' });
  });

  it('gives and voids a token, and sets how files are fetched', async () => {
    const robot = (...args: string[]) => cli(['st', 'robot', ...args, '--json']);
    const { stdout } = await robot('token');
    expect(JSON.parse(stdout)).toEqual({ token: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect((await robot('token')).stdout).toBe(stdout);
    expect((await robot('clear')).code).toBe(0);
    expect((await robot('token')).stdout).not.toBe(stdout);
    const settings = { requestHeaders: { 'x-office': ['1'] }, webhooks: { dst: 'https://office.example/changed' } };
    await writeFile(file('robot.json'), JSON.stringify(settings));
    expect((await robot('configure', file('robot.json'))).code).toBe(0);
    expect(JSON.parse((await robot('settings')).stdout)).toEqual(settings);
    await writeFile(file('robot.json'), '{"webhook": 1}');
    expect((await robot('configure', file('robot.json'))).code).toBe(2);
    expect(JSON.parse((await robot('token', '--robot', 'sara@demo')).stdout)).toMatchObject({
      error: { code: 'refused' },
    });
  });
});

describe('st dst replace', () => {
  it('makes a new draft in the place of a rejected transaction', async () => {
    const made = await st<Made>(
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
    const next = await st<Made>('replace', made.remoteId);
    expect(state.dst(next.remoteId)).toMatchObject({ replaces: made.remoteId, status: 'draft' });
  });
});
