import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { sha256 } from '../store/open-profile.ts';
import { localId, openDesk, sign, type TestDesk } from './desk.ts';
import { addTransaction, makeServer, type Server } from './simulated-provider.ts';

let desk: TestDesk;
let server: Server;
let isOnline: boolean;
afterEach(() => desk.close());

/** One of the provider's documents, fetched. */
async function start(): Promise<void> {
  isOnline = true;
  server = makeServer();
  addTransaction(server, '1');
  desk = await openDesk(server, { network: () => (isOnline ? undefined : 'no-connection') });
  await desk.sync.syncNow();
}

const id = localId('1');
const stored = async (transactionId = id) => {
  const document = await desk.store.document(transactionId, 'document-1');
  if (!document) throw new Error('no document');
  return document;
};
const pathOf = async (at: number) => join(desk.runsDir, (await stored()).revision.runs[at]?.runId ?? 'none');
const read = async (transactionId = id) => {
  const { revision } = await stored(transactionId);
  return sha256(await desk.store.readRevision(revision, 0, revision.sizeBytes));
};
const theProviders = () => sha256(server.resources.get('resource-1-0') ?? new Uint8Array());

const flip = (path: string) => {
  const bytes = readFileSync(path);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  writeFileSync(path, bytes);
};
const harms: [string, (path: string) => void][] = [
  ['deleted', (path) => rmSync(path)],
  ['cut short', (path) => truncateSync(path, 100)],
  ['emptied', (path) => truncateSync(path, 0)],
];

describe('a stored document of the provider’s', () => {
  it.each(harms)('whose file was %s is fetched again when it is opened', async (_name, harm) => {
    await start();
    expect(await read()).toBe(theProviders());
    harm(await pathOf(0));
    await desk.sync.fetchDocument(id, 'document-1');
    expect(await read()).toBe(theProviders());
    expect(readdirSync(desk.runsDir)).toHaveLength(1);
  });

  it('with a changed byte is refused when it is read, and fetched again then', async () => {
    await start();
    flip(await pathOf(0));
    await desk.restart();
    await expect(read()).rejects.toMatchObject({ name: 'StoreError', code: 'damaged' });
    await desk.sync.fetchDocument(id, 'document-1');
    expect(await read()).toBe(theProviders());
  });

  it('with a changed byte that nobody has read yet is found by looking at all of it', async () => {
    await start();
    flip(await pathOf(0));
    await desk.sync.mendDocument(id, 'document-1');
    expect(await read()).toBe(theProviders());
    expect(readdirSync(desk.runsDir)).toHaveLength(1);
  });

  it('is left as it is where nothing is wrong with it', async () => {
    await start();
    const before = await stored();
    await desk.sync.mendDocument(id, 'document-1');
    expect(await stored()).toEqual(before);
  });

  it('waits for the network, and is refused by that code until then', async () => {
    await start();
    rmSync(await pathOf(0));
    isOnline = false;
    await expect(desk.sync.fetchDocument(id, 'document-1')).rejects.toMatchObject({ code: 'offline' });
    isOnline = true;
    await desk.sync.fetchDocument(id, 'document-1');
    expect(await read()).toBe(theProviders());
  });

  it('that another document shares its file with is mended for both', async () => {
    await start();
    addTransaction(server, '2');
    server.resources.set('resource-2-0', server.resources.get('resource-1-0') ?? new Uint8Array());
    await desk.sync.syncNow();
    expect((await stored(localId('2'))).revision).toEqual((await stored()).revision);
    rmSync(await pathOf(0));
    await desk.sync.fetchDocument(id, 'document-1');
    expect(await read()).toBe(theProviders());
    expect(await read(localId('2'))).toBe(theProviders());
  });
});

describe('a signature made here and not delivered', () => {
  it('is said to be lost where its own file is gone, and nothing takes its place', async () => {
    await start();
    await sign(desk, '1', 'job-1');
    const before = await stored();
    rmSync(await pathOf(1));
    const lost = { name: 'StoreError', code: 'signed-copy-damaged' };
    await expect(desk.sync.fetchDocument(id, 'document-1')).rejects.toMatchObject(lost);
    await expect(desk.sync.mendDocument(id, 'document-1')).rejects.toMatchObject(lost);
    expect(await stored()).toEqual(before);
  });

  it('is kept where only the provider’s bytes under it were damaged', async () => {
    await start();
    const whole = await sign(desk, '1', 'job-1');
    rmSync(await pathOf(0));
    await desk.sync.fetchDocument(id, 'document-1');
    expect(await read()).toBe(sha256(whole));
    expect(readdirSync(desk.runsDir)).toHaveLength(2);
    await desk.sync.syncNow();
    expect((await desk.store.outbox({})).map(({ state }) => state)).toEqual(['confirmed']);
  });

  it('is lost where the provider has other bytes by now', async () => {
    await start();
    await sign(desk, '1', 'job-1');
    rmSync(await pathOf(0));
    server.resources.set('resource-1-0', Buffer.from('%PDF-1.7 something else'));
    await expect(desk.sync.fetchDocument(id, 'document-1')).rejects.toMatchObject({ code: 'signed-copy-damaged' });
  });
});
