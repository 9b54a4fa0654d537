/** Sync: pulls what changed at the providers and delivers what was changed here. */

import type { Clock } from '../platform/clock.ts';
import type { ProviderSession } from '../providers/provider.ts';
import type { Store } from '../store/store.ts';
import { createAccountPull } from './account-pull.ts';
import { announceSettled } from './announce.ts';
import { createFlights } from './flights.ts';
import { createLanes, type Tally } from './lanes.ts';
import { createLimits } from './limits.ts';
import { type Loop, startLoop } from './loop.ts';
import { isUnderWay } from './order.ts';
import { pollEveryMs, usualConditions } from './pace.ts';
import { createPresence, outOfReach } from './presence.ts';
import { createReads } from './reads.ts';
import { createStatus } from './status.ts';
import type { Sync, SyncEvent, SyncSummary } from './sync.ts';

export { createDeliverer } from './deliverer.ts';
export { createIdentityBook } from './identity-book.ts';
export type { Conditions } from './pace.ts';
export * from './sync.ts';

export interface SyncParts {
  readonly store: Store;
  readonly clock: Clock;
  /** The account's session; rejects with ProviderError. */
  readonly session: (accountId: string) => Promise<ProviderSession>;
  /** Documents that wait for me are fetched ahead up to this size each. */
  readonly prefetchLimitBytes: () => number;
  /** 0 to 1, for the jitter between attempts. */
  readonly random?: () => number;
  /** Which networks the machine is in, in any words: a change is a reason to poll at once. */
  readonly networks?: () => string;
}

/** Key of the store's setting that remembers a pause. */
const PAUSED = 'sync.paused';
/** Deliveries stay in the activity list for so long. */
const ACTIVITY_KEPT_MS = 90 * 24 * 60 * 60 * 1000;

export function createSync(given: SyncParts): Sync {
  const { store, clock, prefetchLimitBytes, random = Math.random } = given;
  /** As last used: their answers say what time it is there. */
  const sessions = new Map<string, ProviderSession>();
  const firstSyncs = new Map<string, { read: number; total?: number }>();
  const session = async (accountId: string) => {
    const opened = await given.session(accountId);
    sessions.set(accountId, opened);
    return opened;
  };
  const stopping = new AbortController();
  const listeners = new Set<(event: SyncEvent) => void>();
  const emit = (event: SyncEvent) => {
    for (const listener of listeners) listener(event);
  };
  const reads = createReads();
  const flights = createFlights();
  const presence = createPresence(clock, (online) => {
    if (online) returning = flights.track(networkIsBack()).catch(() => undefined);
    flights.track(status.tell()).catch(() => undefined);
  });
  const limits = createLimits(clock);
  let conditions = usualConditions;
  let isPaused = false;
  const status = createStatus({
    store,
    presence,
    limits,
    isPaused: () => isPaused,
    clockSkewMs: (accountId) => sessions.get(accountId)?.clockSkewMs(),
    firstSync: (accountId) => firstSyncs.get(accountId),
    emit,
  });
  const signInExpired = async (accountId: string) => {
    const accounts = await store.accounts();
    if (accounts.some(({ id }) => id === accountId)) await store.setAccountState(accountId, 'sign-in-expired');
  };
  const lanes = createLanes({ store, clock, session, random, reads, emit, presence, limits, signInExpired });
  const { pullAccount, fetchOnce, fetchNotes, reconcileWhenDue, met } = createAccountPull({
    store,
    clock,
    session,
    prefetchLimitBytes,
    reads,
    flights,
    presence,
    limits,
    signInExpired,
    emit,
    progress(accountId, at) {
      if (at) firstSyncs.set(accountId, at);
      else firstSyncs.delete(accountId);
      flights.track(status.tell()).catch(() => undefined);
    },
  });
  let begun: Promise<void> | undefined;
  let returning: Promise<void> | undefined;
  let loop: Loop | undefined;

  /** Once, before anything else: what an earlier process left. */
  const begin = () => {
    begun ??= (async () => {
      isPaused = (await store.setting(PAUSED)) === 'true';
      limits.recall(await store.outbox({ unconfirmed: true }));
      await store.forgetActivity(clock.now() - ACTIVITY_KEPT_MS);
      await announceSettled(store, emit);
    })();
    // A disk that was full, say: the next call tries again.
    begun.catch(() => {
      begun = undefined;
    });
    return begun;
  };

  const until = (signal: AbortSignal | undefined) =>
    signal ? AbortSignal.any([signal, stopping.signal]) : stopping.signal;

  /** What failed for want of a network is due at once. */
  async function networkIsBack(): Promise<void> {
    for (const row of await store.outbox({ unconfirmed: true })) {
      const waits = row.state === 'pending' || row.state === 'unknown';
      if (waits && row.code !== undefined && outOfReach.has(row.code))
        await store.updateOutbox(row.id, { retryAt: undefined });
    }
  }

  async function summary(pulled: number, tally: Tally): Promise<SyncSummary> {
    const { waiting } = await status.tell();
    return { pulled, delivered: tally.delivered, waiting, errors: [...tally.errors] };
  }

  async function deliverAll(signal: AbortSignal, force: boolean, accountIds?: readonly string[]): Promise<Tally> {
    await begin();
    await returning;
    if (!accountIds) return lanes.deliver({ signal, force });
    const tally: Tally = { delivered: 0, errors: new Set() };
    for (const accountId of accountIds) {
      const { delivered, errors } = await lanes.deliver({ signal, force, accountId });
      tally.delivered += delivered;
      for (const code of errors) tally.errors.add(code);
    }
    return tally;
  }

  /** The earliest time at which a row may be tried, its account's limit respected. */
  async function nextDueAt(): Promise<number | undefined> {
    const signedIn = new Set((await store.accounts()).flatMap(({ id, state }) => (state === 'signed-in' ? [id] : [])));
    const rows = (await store.outbox({ unconfirmed: true })).filter(
      (row) => isUnderWay(row) && signedIn.has(row.accountId),
    );
    const times = rows.map(({ accountId, retryAt = 0 }) => Math.max(retryAt, limits.until(accountId) ?? 0));
    return times.length === 0 ? undefined : Math.min(...times);
  }

  async function setPaused(paused: boolean): Promise<void> {
    await begin();
    isPaused = paused;
    await store.saveSetting(PAUSED, String(paused));
    await status.tell();
    loop?.turn();
  }

  async function pullAndDeliver(accountId: string | undefined, force: boolean, signal: AbortSignal) {
    await begin();
    const accounts = (await store.accounts()).filter(({ id }) => accountId === undefined || id === accountId);
    const errors = new Set<string>();
    const reached: string[] = [];
    let pulled = 0;
    for (const { id, state } of accounts) {
      if (signal.aborted) break;
      if (state === 'sign-in-expired') {
        errors.add('sign-in-expired');
        continue;
      }
      if (limits.until(id) !== undefined) {
        errors.add('rate-limited');
        continue;
      }
      const result = await flights.once(`pull ${id}`, () => pullAccount(id, signal));
      pulled += result.pulled;
      for (const code of result.errors) errors.add(code);
      if (!result.errors.has('offline')) reached.push(id);
    }
    const tally = await deliverAll(signal, force, reached);
    for (const code of tally.errors) errors.add(code);
    return summary(pulled, { delivered: tally.delivered, errors });
  }

  async function deliver(signal?: AbortSignal): Promise<SyncSummary> {
    const work = async () => {
      await begin();
      const nothing: Tally = { delivered: 0, errors: new Set() };
      return summary(0, isPaused ? nothing : await deliverAll(until(signal), false));
    };
    return flights.track(work());
  }

  /** Passes an account's trouble on, having noted it. */
  async function noting<T>(transactionId: string, signal: AbortSignal, work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      const accountId = (await store.transaction(transactionId))?.accountId;
      if (accountId !== undefined) await met(accountId, error, signal);
      throw error;
    }
  }

  return {
    syncNow: (accountId, signal) => flights.track(pullAndDeliver(accountId, true, until(signal))),
    deliver,
    async fetchDocument(transactionId, documentId, signal) {
      const stop = until(signal);
      await noting(transactionId, stop, fetchOnce(transactionId, documentId, Number.POSITIVE_INFINITY, stop));
    },
    async mendDocument(transactionId, documentId, signal) {
      const stop = until(signal);
      await noting(transactionId, stop, fetchOnce(transactionId, documentId, Number.POSITIVE_INFINITY, stop, true));
    },
    async refreshNotes(transactionId, signal) {
      const stop = until(signal);
      await noting(transactionId, stop, flights.track(fetchNotes(transactionId, stop)));
    },
    async status() {
      await begin();
      return status.read();
    },
    pause: () => setPaused(true),
    async resume() {
      await setPaused(false);
      loop?.wake();
    },
    conditions(change) {
      const before = conditions;
      conditions = { ...conditions, ...change };
      // Somebody comes back to the window: what is new should be there.
      if (!before.foreground && conditions.foreground) loop?.wake();
      else loop?.turn();
    },
    wake: () => loop?.wake(),
    on(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    start() {
      const { signal } = stopping;
      loop ??= startLoop({
        clock,
        signal,
        isPaused: () => isPaused,
        pollEveryMs: () => pollEveryMs(conditions, presence.online),
        nextDueAt,
        poll: async () => {
          await begin();
          if (isPaused) return;
          await flights.track(pullAndDeliver(undefined, false, signal));
          // Beside all else: it takes its time.
          for (const { id, state } of await store.accounts()) {
            if (state !== 'signed-in' || limits.until(id) !== undefined || !presence.online) continue;
            flights.once(`reconcile ${id}`, () => reconcileWhenDue(id, signal)).catch(() => undefined);
          }
        },
        deliver,
        ...(given.networks === undefined ? {} : { networks: given.networks }),
      });
    },
    async stop() {
      stopping.abort();
      await loop?.ended;
      await flights.settled();
    },
  };
}
