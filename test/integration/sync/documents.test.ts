/** What a sync brings of documents and notes, and when. */
import { afterEach, describe, expect, it } from 'vitest';
import type { ProviderSession } from '../../../main/providers/provider.ts';
import { aNote, aRequest, aTransaction } from '../../unit/inbox/model-fixtures.ts';
import { sha256 } from '../store/open-profile.ts';
import { type DeskOptions, localId, openDesk, type TestDesk } from './desk.ts';
import { addTransaction, type Server, signAt } from './simulated-provider.ts';
import { aServer, nothing, script } from './small-server.ts';

let desk: TestDesk;
afterEach(() => desk.close());

async function deskWith(server: Server, options?: DeskOptions) {
  desk = await openDesk(server, options);
  return desk;
}

describe('documents', () => {
  it('that wait for me are fetched ahead, others on opening', async () => {
    const server = aServer('mine');
    addTransaction(server, 'theirs', { signatureRequests: [aRequest({ mine: false })] });
    const { sync, store } = await deskWith(server);
    const entry = server.transactions.get('theirs');
    if (entry) entry.remote = { ...entry.remote, transaction: { ...entry.remote.transaction, status: 'waiting' } };
    await sync.syncNow();
    expect(await store.document(localId('mine'), 'document-1')).toMatchObject({ resourceId: 'resource-mine-0' });
    expect(await store.document(localId('theirs'), 'document-1')).toBeUndefined();
    await Promise.all([1, 2].map(() => sync.fetchDocument(localId('theirs'), 'document-1')));
    const document = await store.document(localId('theirs'), 'document-1');
    expect(document?.revision.sha256).toBe(sha256(server.resources.get('resource-theirs-0') ?? new Uint8Array()));
  });

  it('too large to fetch ahead wait for their opening, and are not tried each time', async () => {
    const server = aServer('1');
    let downloads = 0;
    const wrap = (session: ProviderSession): ProviderSession => ({
      ...session,
      download(resourceId, signal) {
        downloads += 1;
        return session.download(resourceId, signal);
      },
    });
    const { sync } = await deskWith(server, { wrap, prefetchLimitBytes: 2000 });
    await sync.syncNow();
    await desk.restart();
    expect(await desk.sync.syncNow()).toEqual(nothing);
    expect(downloads).toBe(1);
    expect(await desk.store.document(localId('1'), 'document-1')).toBeUndefined();
    await desk.sync.fetchDocument(localId('1'), 'document-1');
    expect(await desk.store.document(localId('1'), 'document-1')).toBeDefined();
  });

  it.each([
    ['is no PDF', Buffer.from(`<html>${'x'.repeat(3000)}</html>`)],
    ['is short and no PDF', Buffer.from('oops')],
    ['is empty', Buffer.alloc(0)],
    ['starts too late', Buffer.concat([Buffer.alloc(1024), Buffer.from('%PDF-1.7')])],
  ])('that come as something that %s are refused', async (_name, bytes) => {
    const server = aServer('1');
    server.resources.set('resource-1-0', bytes);
    const { sync, store } = await deskWith(server);
    expect(await sync.syncNow()).toMatchObject({ pulled: 1, errors: ['bad-response'] });
    const opening = sync.fetchDocument(localId('1'), 'document-1');
    await expect(opening).rejects.toMatchObject({ name: 'ProviderError', code: 'bad-response', field: 'document' });
    expect(await store.document(localId('1'), 'document-1')).toBeUndefined();
  });

  it('may have bytes before their header', async () => {
    const server = aServer('1');
    server.resources.set('resource-1-0', Buffer.concat([Buffer.alloc(1000), Buffer.from('%PDF-1.7 and so on')]));
    const { sync, store } = await deskWith(server);
    await sync.syncNow();
    expect(await store.document(localId('1'), 'document-1')).toBeDefined();
  });

  it('cut short leave nothing, and come the next time', async () => {
    const server = aServer('1');
    const { sync, store } = await deskWith(server, { network: script({ body: ['cut-body'] }) });
    expect(await sync.syncNow()).toMatchObject({ pulled: 1, errors: ['offline'] });
    expect(await store.document(localId('1'), 'document-1')).toBeUndefined();
    await sync.syncNow();
    expect(await store.document(localId('1'), 'document-1')).toBeDefined();
  });

  it('that moved on while they came are fetched as they are now', async () => {
    const server = aServer('1');
    const theirs = Buffer.from('%PDF-1.7 with their signature');
    const wrap = (session: ProviderSession): ProviderSession => ({
      ...session,
      async download(resourceId, signal) {
        if (resourceId === 'resource-1-0') {
          const moved = signAt(server, '1', 'theirs', theirs);
          const documents = aTransaction('1').documents.map((d) => ({ ...d, currentResourceId: moved }));
          await desk.store.applyPull('account-1', [aTransaction('1', { documents })], []);
        }
        return session.download(resourceId, signal);
      },
    });
    const { sync, store } = await deskWith(server, { wrap, prefetchLimitBytes: 0 });
    await sync.syncNow();
    await sync.fetchDocument(localId('1'), 'document-1');
    expect((await store.document(localId('1'), 'document-1'))?.revision.sha256).toBe(sha256(theirs));
  });

  it.each([
    ['an unknown transaction', localId('9'), 'document-1', 'StoreError'],
    ['an unknown document', localId('1'), 'document-9', 'StoreError'],
  ])('of %s are not found', async (_name, transactionId, documentId, name) => {
    const { sync } = await deskWith(aServer('1'));
    await sync.syncNow();
    await expect(sync.fetchDocument(transactionId, documentId)).rejects.toMatchObject({ name, code: 'not-found' });
  });
});

describe('notes', () => {
  it('of what waits for me come with the pull, others when asked for', async () => {
    const server = aServer('1');
    server.transactions.get('1')?.notes.push(aNote('n1'));
    const { sync, store } = await deskWith(server);
    await sync.syncNow();
    expect(await store.notes(localId('1'))).toEqual([aNote('n1')]);
    server.transactions.get('1')?.notes.push(aNote('n2'));
    await sync.refreshNotes(localId('1'));
    expect(await store.notes(localId('1'))).toHaveLength(2);
  });
});
