/** What the server does when it is told to misbehave, stopped, started again, or killed. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSigningTodayState, startSigningToday } from '../../sandbox/signing-today/index.ts';
import {
  at,
  continued,
  idsOf,
  type Setup,
  samplePdf,
  setUp,
  sha256,
  signIn,
  testClock,
} from './signing-today-setup.ts';

describe('a server that misbehaves', () => {
  let sandbox: Setup;
  beforeEach(async () => {
    sandbox = await setUp();
  });
  afterEach(() => sandbox.server.stop());

  it('does what it is asked and drops the answer: the effect is there once', async () => {
    const { anna, server, state } = sandbox;
    const dst = await sandbox.addDst();
    const { documentId, requests } = idsOf(dst);
    server.misbehave({ kind: 'drop-response', for: /\/note$/ });
    await expect(anna.call('POST', `/DST/${dst.id}/note`, { text: 'Once' })).rejects.toThrow();
    expect(state.notes(dst.id).map(({ text }) => text)).toEqual(['Once']);

    server.misbehave({ kind: 'drop-response', method: 'PUT' });
    await expect(anna.sign(dst.id, documentId, at(requests, 0))).rejects.toThrow();
    expect(state.effects({ kind: 'signature' })).toHaveLength(1);
    expect((await anna.dst(dst.id)).signatures).toHaveLength(1);
    expect(server.requests.filter(({ status }) => status === undefined)).toHaveLength(2);
  });

  it('refuses a connection before it does anything', async () => {
    const dst = await sandbox.addDst();
    sandbox.server.misbehave({ kind: 'refuse' });
    await expect(sandbox.anna.call('POST', `/DST/${dst.id}/note`, { text: 'Never' })).rejects.toThrow();
    expect(sandbox.state.notes(dst.id)).toEqual([]);
  });

  it('answers another server’s page, or a status, without doing anything', async () => {
    const { anna, server, state } = sandbox;
    const dst = await sandbox.addDst();
    const note = () => anna.call('POST', `/DST/${dst.id}/note`, { text: 'Never' });
    server.misbehave({ kind: 'html' });
    const page = await note();
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(() => page.json()).toThrow();
    server.misbehave({ kind: 'status', status: 503, headers: { 'retry-after': '7' } });
    const busy = await note();
    expect([busy.status, busy.headers.get('retry-after')]).toEqual([503, '7']);
    expect(state.notes(dst.id)).toEqual([]);
  });

  it('answers half a JSON text, or ends in the middle of a body', async () => {
    const { anna, server } = sandbox;
    server.misbehave({ kind: 'half-json', for: /^\/DSTs$/ });
    const half = await anna.call('GET', '/DSTs');
    expect(half.status).toBe(200);
    expect(() => half.json()).toThrow();
    const dst = await sandbox.addDst();
    server.misbehave({ kind: 'cut-body', for: /^\/resource\// });
    const resource = `/resource/${dst.documents[0]?.plainDocumentUuid}`;
    await expect(anna.call('GET', resource)).rejects.toThrow();
    const whole = await anna.call('GET', resource);
    expect(whole.headers.get('content-length')).toBe(String(whole.bytes.length));
  });

  it('misbehaves as often as it was told, where it was told', async () => {
    const { anna, server } = sandbox;
    server.misbehave({ kind: 'status', status: 500, for: /^\/DSTs/, times: 2 });
    server.misbehave({ kind: 'status', status: 429, method: 'GET', for: /user/, times: Number.POSITIVE_INFINITY });
    const statuses = async (path: string) => {
      const answers = [await anna.call('GET', path), await anna.call('GET', path), await anna.call('GET', path)];
      return answers.map(({ status }) => status);
    };
    expect(await statuses('/DSTs')).toEqual([500, 500, 200]);
    expect(await statuses('/auth/user')).toEqual([429, 429, 429]);
    server.behave();
    expect(await statuses('/auth/user')).toEqual([200, 200, 200]);
  });

  it('answers after a wait, and stops without waiting it out', async () => {
    sandbox.server.misbehave({ kind: 'delay', ms: 5 });
    expect((await sandbox.anna.call('GET', '/auth/user')).status).toBe(200);
    sandbox.server.misbehave({ kind: 'delay', ms: 3_600_000 });
    const waiting = sandbox.anna.call('GET', '/auth/user').catch((error: unknown) => error);
    while (sandbox.server.pending === 0) await new Promise((resolve) => setImmediate(resolve));
    await sandbox.server.stop();
    expect(await waiting).toBeInstanceOf(Error);
  });

  it.each([
    ['GET', '/nothing', 404],
    ['PATCH', '/DSTs', 405],
    ['GET', '/DST/%E0%A4%A', 404],
    ['GET', '/resource/..%2F..%2Fdirectory.json', 404],
  ])('answers %s %s with %i', async (method, path, status) => {
    expect((await sandbox.anna.call(method, path)).status).toBe(status);
  });
});

describe('uploading', () => {
  let sandbox: Setup;
  beforeEach(async () => {
    sandbox = await setUp();
  });
  afterEach(() => sandbox.server.stop());

  it.each([
    ['another type', { resourceType: 'Image' }, 400],
    ['no name', { filename: '' }, 400],
    ['a PDF that calls itself .p7m', { filename: 'a.p7m' }, 400],
  ])('refuses %s', async (_name, fields, status) => {
    const dst = await sandbox.addDst();
    const answer = await sandbox.anna.upload(dst.id, continued(await samplePdf()), fields);
    expect(answer.status).toBe(status);
    expect(sandbox.state.dst(dst.id).resources).toHaveLength(1);
  });

  it('refuses what is not a PDF, somebody with nothing to sign, and a form cut short', async () => {
    const { anna, server } = sandbox;
    const dst = await sandbox.addDst();
    expect((await anna.upload(dst.id, new TextEncoder().encode('hello'))).status).toBe(400);
    const reader = sandbox.state.addUser({ username: 'rita', password: 'secret', name: 'Rita', surname: 'R' });
    const seen = await sandbox.addDst({ visibleTo: [reader.id] });
    expect((await (await signIn(server, reader)).upload(seen.id, continued(await samplePdf()))).status).toBe(403);
    const cut = await fetch(`${server.url}/DST/${dst.id}/resources`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${anna.token}`, 'content-type': 'multipart/form-data; boundary=x' },
      body: '--x\r\ncontent-disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7',
    });
    expect(cut.status).toBe(400);
    expect(sandbox.state.effects({ kind: 'resource-added' })).toEqual([]);
  });
});

describe('a server that is stopped and started again', () => {
  it('serves the same state on the same port, to the same tokens', async () => {
    const { server, state, anna, addDst } = await setUp();
    const dst = await addDst();
    await server.stop();
    await expect(anna.call('GET', `/DST/${dst.id}`)).rejects.toThrow();
    const again = await startSigningToday(state, { port: server.port });
    expect(again.url).toBe(server.url);
    expect((await anna.dst(dst.id)).title).toBe('Lease');
    await again.stop();
  });
});

describe('a state kept in a folder', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'signing-today-'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  it('is there again as of the last answer, whatever was being written', async () => {
    const clock = testClock();
    const first = createSigningTodayState({ clock, dir });
    expect(first.isEmpty).toBe(true);
    const user = first.addUser({ username: 'anna', password: 'secret', name: 'Anna', surname: 'Arni' });
    const dst = await first.addDst({
      title: 'Lease',
      createdBy: user.id,
      documents: [
        {
          title: 'Lease',
          pdf: await samplePdf(),
          signatureRequests: [{ signer: user.id }],
          signerGroups: [[user.id]],
        },
      ],
    });
    const { documentId, requests } = idsOf(dst);
    const server = await startSigningToday(first);
    const anna = await signIn(server, user);
    expect((await anna.sign(dst.id, documentId, at(requests, 0))).status).toBe(200);
    await anna.call('POST', `/DST/${dst.id}/note`, { text: 'Kept' });
    const shown = await anna.dst(dst.id);
    await server.stop();
    await writeFile(join(dir, 'dsts', `${dst.id}.json.new`), '{"half');
    await writeFile(join(dir, 'resources', 'half.new'), '%PDF');

    const second = createSigningTodayState({ clock, dir });
    expect(second.isEmpty).toBe(false);
    expect(second.effects()).toEqual(first.effects());
    expect(sha256(await second.currentBytes(dst.id, documentId))).toBe(shown.signatures[0]?.extraData.sha256);
    const again = await startSigningToday(second, { port: server.port });
    expect(await anna.dst(dst.id)).toEqual(shown);
    const added = (await anna.call('POST', `/DST/${dst.id}/note`, { text: 'More' })).json<{ id: number }>();
    expect(new Set(second.notes(dst.id).map(({ id }) => id)).size).toBe(2);
    expect(second.effects().at(-1)).toMatchObject({ kind: 'note-added', noteId: added.id });
    const sequences = second.effects().map(({ sequence }) => sequence);
    expect(new Set(sequences).size).toBe(sequences.length);
    await again.stop();
  });

  it('keeps no file of an upload that was refused', async () => {
    const state = createSigningTodayState({ clock: testClock(), dir });
    const user = state.addUser({ username: 'anna', password: 'secret', name: 'Anna', surname: 'Arni' });
    const pdf = await samplePdf();
    const plan = { signatureRequests: [{ signer: user.id }], signerGroups: [[user.id]] };
    const dst = await state.addDst({ title: 'L', createdBy: user.id, documents: [{ title: 'L', pdf, ...plan }] });
    const server = await startSigningToday(state);
    const anna = await signIn(server, user);
    expect((await anna.upload(dst.id, new TextEncoder().encode('no pdf'))).status).toBe(400);
    await server.stop();
    expect(await readdir(join(dir, 'resources'))).toEqual([dst.documents[0]?.plainDocumentUuid]);
  });
});
