import { afterEach, describe, expect, it } from 'vitest';
import { ProviderError, type ProviderSession } from '../../../main/providers/provider.ts';
import type { Sync, SyncEvent } from '../../../main/sync/index.ts';
import { aNote } from '../../unit/inbox/model-fixtures.ts';
import { aJob, sha256 } from '../store/open-profile.ts';
import { addNote, type DeskOptions, decline, localId, openDesk, sign, type TestDesk } from './desk.ts';
import {
  addTransaction,
  deleteAt,
  effectOf,
  type Fault,
  makeServer,
  type Server,
  signAt,
  twoSigners,
} from './simulated-provider.ts';
import { aServer, nothing, script } from './small-server.ts';

let desk: TestDesk;
afterEach(() => desk.close());

async function deskWith(server: Server, options?: DeskOptions) {
  desk = await openDesk(server, options);
  return desk;
}

function deliveries(events: readonly SyncEvent[]) {
  return events.flatMap((event) => (event.kind === 'delivery' ? [event] : []));
}

describe('a pull', () => {
  it('brings everything, newest first, page by page, then only what changed', async () => {
    const server = aServer('1', '2', '3', '4', '5');
    const { sync, store, events } = await deskWith(server);
    expect(await sync.syncNow()).toEqual({ ...nothing, pulled: 5 });
    const told = events.flatMap((event) => (event.kind === 'inbox-changed' ? [event.transactionIds] : []));
    expect(told.slice(0, 2)).toEqual([['5', '4', '3'].map(localId), ['2', '1'].map(localId)]);
    expect(await sync.syncNow()).toEqual(nothing);
    addTransaction(server, '6');
    deleteAt(server, '1');
    expect(await sync.syncNow()).toEqual({ ...nothing, pulled: 2 });
    expect((await store.inbox({ view: 'all', offset: 0, limit: 9 })).total).toBe(5);
  });

  it('keeps the pages that came, and starts over where one is missing', async () => {
    const server = aServer('1', '2', '3', '4');
    const { sync, store } = await deskWith(server, { network: script({ transactions: [undefined, 'server-error'] }) });
    expect(await sync.syncNow()).toMatchObject({ errors: ['server-error'] });
    expect((await store.inbox({ view: 'all', offset: 0, limit: 9 })).total).toBe(3);
    expect(await sync.syncNow()).toMatchObject({ pulled: 1, errors: [] });
  });

  it('is not blinded by a time far ahead at the provider', async () => {
    const server = aServer('1');
    server.time = 9e12;
    addTransaction(server, 'absurd');
    const { sync, store } = await deskWith(server);
    await sync.syncNow();
    server.time = 2_000_000_000;
    addTransaction(server, 'next');
    await sync.syncNow();
    expect(await store.transaction(localId('next'))).toBeDefined();
  });

  it('does not bring back what was read before a change was confirmed', async () => {
    const server = aServer('1');
    let hold: (() => Promise<void>) | undefined;
    const wrap = (session: ProviderSession): ProviderSession => ({
      ...session,
      async *transactions(options) {
        for await (const page of session.transactions(options)) {
          await hold?.();
          yield page;
        }
      },
    });
    const { sync, store } = await deskWith(server, { wrap });
    await sync.syncNow();
    await decline(desk, '1', 'row-1');
    hold = async () => {
      hold = undefined;
      expect(await sync.deliver()).toMatchObject({ delivered: 1 });
    };
    await sync.syncNow();
    expect((await store.transaction(localId('1')))?.status).toBe('declined');
  });

  it('says when transactions made no sense', async () => {
    const wrap = (session: ProviderSession): ProviderSession => ({
      ...session,
      async *transactions() {
        yield { items: [], total: 1, unreadable: [{ remoteId: '1', field: 'status' }] };
      },
    });
    const { sync } = await deskWith(aServer(), { wrap });
    expect(await sync.syncNow()).toMatchObject({ errors: ['bad-response'] });
  });
});

describe('a delivery', () => {
  async function signedDesk(options?: DeskOptions, document = twoSigners) {
    const server = makeServer();
    addTransaction(server, '1', document);
    await deskWith(server, options);
    await desk.sync.syncNow();
    const whole = await sign(desk, '1', 'job-1');
    return { server, whole };
  }

  it('hands the signed file in, reads it back, and tells the job', async () => {
    const { server, whole } = await signedDesk();
    expect(await desk.sync.deliver()).toEqual({ ...nothing, delivered: 1 });
    const resourceId = server.transactions.get('1')?.remote.transaction.documents[0]?.currentResourceId ?? '';
    expect(sha256(server.resources.get(resourceId) ?? new Uint8Array())).toBe(sha256(whole));
    expect(await desk.store.document(localId('1'), 'document-1')).toMatchObject({
      resourceId,
      revision: { sha256: sha256(whole) },
    });
    expect(await desk.store.transactionSync(localId('1'))).toBe('synced');
    expect(deliveries(desk.events).map(({ state }) => state)).toEqual(['delivering', 'delivered']);
    expect(deliveries(desk.events)[1]).toMatchObject({ jobId: 'job-1', ms: expect.any(Number) });
    expect(await desk.sync.deliver()).toEqual(nothing);
  });

  it('is stored as sending, with the memo of its look, before the request leaves', async () => {
    const seen: unknown[] = [];
    const wrap = (session: ProviderSession): ProviderSession => ({
      ...session,
      async send(...given) {
        const [row] = await desk.store.outbox({});
        seen.push([row?.state, row?.memo]);
        return session.send(...given);
      },
    });
    const server = aServer('1');
    server.transactions.get('1')?.notes.push(aNote('before'));
    await deskWith(server, { wrap });
    await desk.sync.syncNow();
    await addNote(desk, '1', 'a', 'hello');
    await desk.sync.deliver();
    expect(seen).toEqual([['sending', '{"before":["before"]}']]);
  });

  it.each<[Fault, string, string]>([
    ['no-connection', 'pending', 'offline'],
    ['lost-request', 'unknown', 'offline'],
    ['lost-response', 'unknown', 'offline'],
    ['server-error', 'unknown', 'server-error'],
    ['rate-limited', 'pending', 'rate-limited'],
    ['sign-in-expired', 'pending', 'sign-in-expired'],
  ])('after %s stands as %s (%s), and takes effect once', async (fault, state, code) => {
    const { server } = await signedDesk({ network: script({ 'send signature': [fault] }) });
    expect(await desk.sync.deliver()).toMatchObject({ delivered: 0, waiting: 1, errors: [code] });
    expect((await desk.store.outbox({}))[0]).toMatchObject({ state, code });
    expect(await desk.sync.deliver()).toMatchObject({ delivered: 0, waiting: 1 });
    await desk.store.setAccountState('account-1', 'signed-in');
    desk.clock.at += 60_000;
    expect(await desk.sync.deliver()).toMatchObject({ delivered: 1, waiting: 0, errors: [] });
    expect(server.effects).toHaveLength(1);
  });

  it('waits for a new sign-in without using attempts, and says so', async () => {
    await signedDesk({ network: script({ 'observe signature': ['sign-in-expired'] }) });
    await desk.sync.deliver();
    expect((await desk.store.accounts())[0]?.state).toBe('sign-in-expired');
    expect((await desk.store.outbox({}))[0]).toMatchObject({ attempts: 0, retryAt: undefined });
    expect(await desk.sync.syncNow()).toMatchObject({ delivered: 0, waiting: 1, errors: ['sign-in-expired'] });
    await desk.store.setAccountState('account-1', 'signed-in');
    expect(await desk.sync.syncNow()).toMatchObject({ delivered: 1, waiting: 0, errors: [] });
  });

  it('is tried at once by sync now, but not before the time the server asked for', async () => {
    await signedDesk({ network: script({ 'observe signature': ['server-error', 'rate-limited'] }) });
    expect(await desk.sync.deliver()).toMatchObject({ errors: ['server-error'] });
    expect(await desk.sync.syncNow()).toMatchObject({ errors: ['rate-limited'] });
    expect(await desk.sync.syncNow()).toMatchObject({ delivered: 0, errors: ['rate-limited'] });
    desk.clock.at += 20_000;
    expect(await desk.sync.syncNow()).toMatchObject({ delivered: 1 });
  });

  it('goes on as soon as the network is back', async () => {
    await signedDesk({ network: script({ 'observe signature': ['no-connection'] }) });
    await desk.sync.deliver();
    expect(await desk.sync.status()).toMatchObject({ online: false, offlineSince: desk.clock.at, waiting: 1 });
    await desk.sync.refreshNotes(localId('1'));
    expect(await desk.sync.status()).toMatchObject({ online: true });
    expect(await desk.sync.deliver()).toMatchObject({ delivered: 1 });
  });

  it('is parked where the document moved on, with its file kept', async () => {
    const { server, whole } = await signedDesk();
    signAt(server, '1', 'theirs', Buffer.from('%PDF-1.7 theirs'));
    expect(await desk.sync.deliver()).toMatchObject({ delivered: 0, waiting: 0, errors: [] });
    const [row] = await desk.store.outbox({ unconfirmed: true });
    expect(row).toMatchObject({ state: 'parked', code: 'document-moved-on', revision: { sha256: sha256(whole) } });
    expect(deliveries(desk.events)).toMatchObject([{ state: 'conflict', code: 'document-moved-on' }]);
    expect(server.effects).toEqual([]);
  });

  it('that fails for good is kept and tells its job', async () => {
    const refuse = (session: ProviderSession): ProviderSession => ({
      ...session,
      send: async () => Promise.reject(new ProviderError('refused', { status: 422 })),
    });
    await signedDesk({ wrap: refuse });
    await desk.sync.deliver();
    expect((await desk.store.outbox({}))[0]).toMatchObject({ state: 'failed', code: 'refused' });
    expect(deliveries(desk.events).at(-1)).toMatchObject({ state: 'failed', code: 'refused' });
    expect(await desk.sync.syncNow()).toMatchObject({ delivered: 0, waiting: 0 });
  });

  it('of a row that cannot be read is put aside, the rest goes on', async () => {
    const server = aServer('1');
    await deskWith(server);
    await desk.sync.syncNow();
    const row = { id: 'odd', accountId: 'account-1', transactionId: localId('1'), jobId: undefined, createdAt: 1 };
    await desk.store.commitChange({ ...row, kind: 'note-added', change: '{"kind":"nonsense"}' }, {});
    await addNote(desk, '1', 'fine', 'hello');
    expect(await desk.sync.deliver()).toMatchObject({ delivered: 1 });
    expect(await desk.store.outbox({ unconfirmed: true })).toMatchObject([{ state: 'failed', code: 'unreadable' }]);
  });

  it('found sending at a start is looked for before anything is sent', async () => {
    const { server } = await signedDesk();
    const [row] = await desk.store.outbox({});
    const { remote } = server.transactions.get('1') ?? {};
    server.effects.push(effectOf(JSON.parse(row?.change ?? '')));
    signAt(server, '1', 'request-1', Buffer.from('ours'));
    await desk.store.updateOutbox(row?.id ?? '', { state: 'sending', memo: '{}' });
    await desk.crash();
    expect(await desk.sync.deliver()).toMatchObject({ delivered: 1 });
    expect(server.effects).toHaveLength(1);
    expect(remote).toBeDefined();
  });

  it('that ended before its job heard of it is told at the next start', async () => {
    await signedDesk();
    await desk.sync.deliver();
    await desk.store.putJobs([aJob(localId('1'), { stateKind: 'delivering' })]);
    desk.events.length = 0;
    await desk.restart();
    await desk.sync.deliver();
    expect(deliveries(desk.events)).toEqual([{ kind: 'delivery', jobId: 'job-1', state: 'delivered' }]);
  });

  it('of two equal notes makes two', async () => {
    const server = aServer('1');
    await deskWith(server, { network: script({ 'send note-added': ['lost-response', undefined, 'lost-response'] }) });
    await desk.sync.syncNow();
    for (const rowId of ['a', 'b']) await addNote(desk, '1', rowId, 'the same');
    for (let i = 0; i < 5; i += 1) await desk.sync.syncNow();
    expect(server.effects).toEqual(['note-added 1 the same', 'note-added 1 the same']);
    const notes = await desk.store.notes(localId('1'));
    expect(notes.map(({ text, unsent }) => [text, unsent])).toEqual([
      ['the same', false],
      ['the same', false],
    ]);
  });

  it('is serial within a transaction and parallel across four', async () => {
    const remoteIds = ['1', '2', '3', '4', '5', '6'];
    const server = aServer(...remoteIds);
    const running = new Map<string, number>();
    let most = 0;
    let mostInOne = 0;
    const wrap = (session: ProviderSession): ProviderSession => ({
      ...session,
      async observe(made, memo, signal) {
        running.set(made.remoteId, (running.get(made.remoteId) ?? 0) + 1);
        most = Math.max(most, [...running.values()].filter((count) => count > 0).length);
        mostInOne = Math.max(mostInOne, ...running.values());
        for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setImmediate(resolve));
        running.set(made.remoteId, (running.get(made.remoteId) ?? 0) - 1);
        return session.observe(made, memo, signal);
      },
    });
    await deskWith(server, { wrap });
    await desk.sync.syncNow();
    for (const remoteId of remoteIds) {
      for (const nth of [1, 2]) await addNote(desk, remoteId, `${remoteId}-${nth}`, `note ${nth}`);
    }
    const calls: ReturnType<Sync['deliver']>[] = [desk.sync.deliver(), desk.sync.deliver(), desk.sync.deliver()];
    await Promise.all(calls);
    expect([most, mostInOne, server.effects.length]).toEqual([4, 1, 12]);
  });
});

describe('the background', () => {
  it('polls, sweeps the outbox when a retry is due, and ends when told', async () => {
    const server = aServer('1');
    await deskWith(server, { network: script({ 'send note-added': ['lost-request', 'server-error'] }) });
    await desk.sync.syncNow();
    await addNote(desk, '1', 'a', 'hello');
    const startedAt = desk.clock.at;
    const delivered = new Promise<void>((resolve) => {
      desk.sync.on((event) => {
        if (event.kind === 'status' && event.status.waiting === 0 && server.effects.length === 1) resolve();
      });
    });
    desk.sync.start();
    await delivered;
    expect(desk.clock.at - startedAt).toBeLessThan(60_000);
    addTransaction(server, '2');
    await new Promise<void>((resolve) => {
      desk.sync.on((event) => {
        if (event.kind === 'inbox-changed' && event.transactionIds.includes(localId('2'))) resolve();
      });
    });
    await desk.sync.stop();
    const stoppedAt = desk.clock.at;
    for (let i = 0; i < 20; i += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(desk.clock.at).toBe(stoppedAt);
  });
});
