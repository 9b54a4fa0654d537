import { afterEach, describe, expect, it } from 'vitest';
import type { SyncEvent } from '../../../main/sync/index.ts';
import { readPullState } from '../../../main/sync/pull-state.ts';
import type { TransactionStatus } from '../../../preload/model.ts';
import { type DeskOptions, localId, openDesk, type TestDesk } from './desk.ts';
import { addTransaction, makeServer, notifyAt, purgeAt, type Server } from './simulated-provider.ts';

let desk: TestDesk;
afterEach(() => desk.close());

async function deskWith(server: Server, options?: DeskOptions) {
  desk = await openDesk(server, options);
  desk.clock.at = 1e12;
  return desk;
}

/** Changes at the provider lie further apart than what is asked for twice. */
const APART_MS = 600_000;

function aServer(count: number, status: TransactionStatus = 'to-sign'): Server {
  const server = makeServer();
  for (let i = 1; i <= count; i += 1) {
    server.time += APART_MS;
    addTransaction(server, String(i), {}, { status });
  }
  return server;
}

const total = async () => (await desk.store.inbox({ view: 'all', offset: 0, limit: 1 })).total;
const state = async () => readPullState(await desk.store.syncState('account-1'));
const changedIds = (events: readonly SyncEvent[]) =>
  events.flatMap((event) => (event.kind === 'inbox-changed' ? [...event.transactionIds] : []));

describe('a first pull', () => {
  it('has its first page stored and told before the second is asked for', async () => {
    const server = aServer(7);
    const told: number[] = [];
    const network = (call: string) => {
      if (call === 'transactions') told.push(changedIds(desk?.events ?? []).length);
      return undefined;
    };
    await deskWith(server, { network });
    await desk.sync.syncNow();
    expect(told.slice(0, 2)).toEqual([0, 3]);
  });

  it('goes on where it broke off, and misses nothing that came or changed meanwhile', async () => {
    const server = aServer(120, 'waiting');
    let pages = 0;
    const network = (call: string) => {
      if (call !== 'transactions') return undefined;
      pages += 1;
      return pages === 31 ? 'server-error' : undefined;
    };
    await deskWith(server, { network });
    expect(await desk.sync.syncNow()).toMatchObject({ errors: ['server-error'] });
    expect(await total()).toBe(90);
    expect((await state()).first).toMatchObject({ read: 90 });
    addTransaction(server, 'new');
    await desk.restart();
    pages = 100;
    await desk.sync.syncNow();
    expect(await total()).toBe(121);
    // What was there already is not asked for again, but for a margin.
    expect(pages - 100).toBeLessThan(32);
    expect(await state()).toMatchObject({ cursor: server.time });
    expect((await state()).first).toBeUndefined();
  });

  it('says how far it is', async () => {
    await deskWith(aServer(7));
    await desk.sync.syncNow();
    const reads = desk.events.flatMap((event) =>
      event.kind === 'status' ? (event.status.accounts[0]?.firstSync ?? []) : [],
    );
    expect(reads.at(-1)).toMatchObject({ total: 7 });
    expect((await desk.sync.status()).accounts[0]?.firstSync).toBeUndefined();
  });
});

describe('the slow comparison', () => {
  it('removes what went without a trace, and asks for each before', async () => {
    const server = aServer(5);
    await deskWith(server);
    await desk.sync.syncNow();
    purgeAt(server, '2');
    await desk.sync.syncNow();
    expect(await total()).toBe(5);
    desk.clock.at += 13 * 3_600_000;
    desk.sync.start();
    while ((await total()) === 5) await new Promise((resolve) => setImmediate(resolve));
    expect(await desk.store.transaction(localId('2'))).toBeUndefined();
    expect(await total()).toBe(4);
  });

  it('keeps what a cut list leaves out but the provider still has', async () => {
    const server = aServer(5);
    await deskWith(server, {
      wrap: (session) => ({
        ...session,
        async *transactions(options) {
          for await (const page of session.transactions(options)) {
            const items = page.items.filter(({ transaction }) => isWhole || transaction.remoteId !== '3');
            yield { ...page, items };
          }
        },
      }),
    });
    let isWhole = true;
    await desk.sync.syncNow();
    isWhole = false;
    desk.clock.at += 13 * 3_600_000;
    const before = (await state()).reconciledAt;
    desk.sync.start();
    while ((await state()).reconciledAt === before) await new Promise((resolve) => setImmediate(resolve));
    expect(await desk.store.transaction(localId('3'))).toBeDefined();
  });
});

describe('fetching ahead', () => {
  it('tries again what was too large once the person allows more', async () => {
    const server = aServer(1);
    let limit = 1000;
    let downloads = 0;
    const network = (call: string) => {
      if (call === 'download') downloads += 1;
      return undefined;
    };
    await deskWith(server, { network, prefetchLimitBytes: () => limit });
    await desk.sync.syncNow();
    expect(await desk.store.document(localId('1'), 'document-1')).toBeUndefined();
    await desk.sync.syncNow();
    expect(downloads).toBe(1);
    limit = 1e6;
    await desk.sync.syncNow();
    expect(await desk.store.document(localId('1'), 'document-1')).toBeDefined();
  });
});

describe('notifications', () => {
  it('come with the pull, newest first, and say which transaction they are about', async () => {
    const server = aServer(1);
    notifyAt(server, '1');
    notifyAt(server, 'elsewhere');
    await deskWith(server);
    await desk.sync.syncNow();
    expect(await desk.store.notifications()).toMatchObject([
      { accountId: 'account-1', event: 'to-sign' },
      { accountId: 'account-1', transactionId: localId('1') },
    ]);
    expect((await desk.store.notifications())[0]?.transactionId).toBeUndefined();
  });
});

describe('an account that is asked to wait', () => {
  it('is left alone as a whole until then, whatever the person asks', async () => {
    const server = aServer(2);
    let requests = 0;
    let limited = true;
    const network = () => {
      requests += 1;
      return limited ? ('rate-limited' as const) : undefined;
    };
    await deskWith(server, { network });
    await desk.sync.syncNow();
    limited = false;
    expect(requests).toBe(1);
    expect(await desk.sync.syncNow()).toMatchObject({ errors: ['rate-limited'] });
    expect(requests).toBe(1);
    const { accounts } = await desk.sync.status();
    expect(accounts[0]?.rateLimitedUntil).toBe(desk.clock.at + 20_000);
    desk.clock.at += 20_000;
    expect(await desk.sync.syncNow()).toMatchObject({ pulled: 2, errors: [] });
  });
});

describe('a paused desk', () => {
  it('reads and delivers nothing by itself, remembers that over a restart, and does so when asked', async () => {
    const server = aServer(1);
    let requests = 0;
    const network = () => {
      requests += 1;
      return undefined;
    };
    await deskWith(server, { network });
    await desk.sync.pause();
    await desk.restart();
    desk.sync.start();
    for (let i = 0; i < 200; i += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(requests).toBe(0);
    expect(await desk.sync.status()).toMatchObject({ paused: true });
    expect(await desk.sync.syncNow()).toMatchObject({ pulled: 1 });
    const asked = requests;
    addTransaction(server, 'late');
    await desk.sync.resume();
    while (requests === asked) await new Promise((resolve) => setImmediate(resolve));
    expect(await desk.sync.status()).toMatchObject({ paused: false });
  });
});
