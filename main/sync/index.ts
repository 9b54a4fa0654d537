/** Sync: pulls what changed at the providers and delivers what was changed here. */

import type { Clock } from '../platform/clock.ts';
import type { ProviderSession } from '../providers/provider.ts';
import type { Store } from '../store/store.ts';
import { createAccountPull } from './account-pull.ts';
import { announceSettled } from './announce.ts';
import { createFlights } from './flights.ts';
import { createLanes, type Tally } from './lanes.ts';
import { runLoop } from './loop.ts';
import { createPresence } from './presence.ts';
import { createReads } from './reads.ts';
import { createStatus } from './status.ts';
import type { Sync, SyncEvent, SyncSummary } from './sync.ts';

export { createIdentityBook } from './identity-book.ts';
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
}

export function createSync({ store, clock, session, prefetchLimitBytes, random = Math.random }: SyncParts): Sync {
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
  const status = createStatus(store, presence, emit);
  const signInExpired = async (accountId: string) => {
    const accounts = await store.accounts();
    if (accounts.some(({ id }) => id === accountId)) await store.setAccountState(accountId, 'sign-in-expired');
  };
  const lanes = createLanes({ store, clock, session, random, reads, emit, presence, signInExpired });
  const { pullAccount, fetchOnce, fetchNotes, met } = createAccountPull({
    store,
    clock,
    session,
    prefetchLimitBytes,
    reads,
    flights,
    presence,
    signInExpired,
    emit,
  });
  let announced: Promise<void> | undefined;
  let returning: Promise<void> | undefined;
  let loop: Promise<void> | undefined;

  const until = (signal: AbortSignal | undefined) =>
    signal ? AbortSignal.any([signal, stopping.signal]) : stopping.signal;

  /** What failed for want of a network is due at once. */
  async function networkIsBack(): Promise<void> {
    for (const row of await store.outbox({ unconfirmed: true })) {
      const waits = row.state === 'pending' || row.state === 'unknown';
      if (waits && row.code === 'offline') await store.updateOutbox(row.id, { retryAt: undefined });
    }
  }

  async function summary(pulled: number, tally: Tally): Promise<SyncSummary> {
    const { waiting } = await status.tell();
    return { pulled, delivered: tally.delivered, waiting, errors: [...tally.errors] };
  }

  async function deliverAll(signal: AbortSignal, force: boolean, accountIds?: readonly string[]): Promise<Tally> {
    announced ??= announceSettled(store, emit);
    await announced;
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

  async function pullAndDeliver(accountId: string | undefined, force: boolean, signal: AbortSignal) {
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
      const result = await flights.once(`pull ${id}`, () => pullAccount(id, signal));
      pulled += result.pulled;
      for (const code of result.errors) errors.add(code);
      if (!result.errors.has('offline')) reached.push(id);
    }
    const tally = await deliverAll(signal, force, reached);
    for (const code of tally.errors) errors.add(code);
    return summary(pulled, { delivered: tally.delivered, errors });
  }

  const deliver = (signal?: AbortSignal) =>
    flights.track(deliverAll(until(signal), false).then((tally) => summary(0, tally)));

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
    async refreshNotes(transactionId, signal) {
      const stop = until(signal);
      await noting(transactionId, stop, flights.track(fetchNotes(transactionId, stop)));
    },
    status: status.read,
    on(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    start() {
      const { signal } = stopping;
      loop ??= runLoop({
        store,
        clock,
        signal,
        isOnline: () => presence.online,
        poll: () => flights.track(pullAndDeliver(undefined, false, signal)),
        deliver,
      });
    },
    async stop() {
      stopping.abort();
      await loop;
      await flights.settled();
    },
  };
}
