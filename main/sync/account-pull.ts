/** One account's pull: what changed, then the notes and documents of what waits for me. */
import type { Clock } from '../platform/clock.ts';
import type { ProviderSession } from '../providers/provider.ts';
import type { Store } from '../store/store.ts';
import { fetchDocument, missingDocuments, TooLarge } from './documents.ts';
import type { Flights } from './flights.ts';
import type { Limits } from './limits.ts';
import type { Presence } from './presence.ts';
import { pull } from './pull.ts';
import { readPullState } from './pull-state.ts';
import { notesKey, type Reads } from './reads.ts';
import type { SyncEvent } from './sync.ts';
import { toTrouble } from './trouble.ts';

export interface AccountPullParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly session: (accountId: string) => Promise<ProviderSession>;
  readonly prefetchLimitBytes: () => number;
  readonly reads: Reads;
  readonly flights: Flights;
  readonly presence: Presence;
  readonly limits: Limits;
  readonly signInExpired: (accountId: string) => Promise<void>;
  readonly emit: (event: SyncEvent) => void;
}

export interface AccountPull {
  /** @returns how many transactions changed, and the codes of what went wrong; network trouble is no error. @throws StoreError */
  pullAccount(accountId: string, signal: AbortSignal): Promise<{ pulled: number; errors: Set<string> }>;
  /** @throws ProviderError, StoreError, TooLarge */
  fetchOnce(transactionId: string, documentId: string, limitBytes: number, signal: AbortSignal): Promise<void>;
  /** @throws ProviderError, StoreError */
  fetchNotes(transactionId: string, signal: AbortSignal): Promise<void>;
  /** Notes an account's trouble and answers with its code. */
  met(accountId: string, error: unknown, signal: AbortSignal): Promise<string>;
}

/** Ends fetching ahead for this pull: the next document would meet the same. */
const endsFetching = new Set([
  'offline',
  'sign-in-expired',
  'sign-in-refused',
  'rate-limited',
  'cancelled',
  'disk-full',
]);

export function createAccountPull(parts: AccountPullParts): AccountPull {
  const { store, session, reads, flights, presence, emit } = parts;

  /** Notes an account's trouble and answers with its code. */
  async function met(accountId: string, error: unknown, signal: AbortSignal): Promise<string> {
    const { code, retryAfterMs } = toTrouble(error, signal);
    presence.met(accountId, code);
    if (code === 'rate-limited') parts.limits.met(accountId, retryAfterMs);
    if (code === 'sign-in-expired' || code === 'sign-in-refused') await parts.signInExpired(accountId);
    return code;
  }

  function fetchOnce(transactionId: string, documentId: string, limitBytes: number, signal: AbortSignal) {
    const key = JSON.stringify([transactionId, documentId, limitBytes]);
    return flights.once(key, () =>
      fetchDocument({ store, session, presence }, transactionId, documentId, limitBytes, signal),
    );
  }

  async function rememberTooLarge(accountId: string, resourceId: string): Promise<void> {
    const state = readPullState(await store.syncState(accountId));
    await store.saveSyncState(accountId, JSON.stringify({ ...state, tooLarge: [...state.tooLarge, resourceId] }));
  }

  async function fetchAhead(accountId: string, errors: Set<string>, signal: AbortSignal): Promise<void> {
    const { tooLarge } = readPullState(await store.syncState(accountId));
    for await (const { transactionId, documentId, resourceId } of missingDocuments(store, accountId)) {
      if (resourceId === undefined || tooLarge.includes(resourceId)) continue;
      try {
        await fetchOnce(transactionId, documentId, parts.prefetchLimitBytes(), signal);
        emit({ kind: 'inbox-changed', transactionIds: [transactionId] });
      } catch (error) {
        if (error instanceof TooLarge) await rememberTooLarge(accountId, error.resourceId);
        else {
          const code = await met(accountId, error, signal);
          errors.add(code);
          if (endsFetching.has(code)) return;
        }
      }
    }
  }

  async function fetchNotes(transactionId: string, signal: AbortSignal): Promise<void> {
    const transaction = await store.transaction(transactionId);
    if (!transaction) return;
    const begun = reads.begin();
    const key = notesKey(transactionId);
    const notes = await (await session(transaction.accountId)).notes(transaction.remoteId, signal);
    presence.reached(transaction.accountId);
    if (reads.isOutdated(key, begun)) return;
    reads.stored(key, begun);
    const before = JSON.stringify(await store.notes(transactionId));
    await store.putNotes(transactionId, notes);
    const after = JSON.stringify(await store.notes(transactionId));
    if (before !== after) emit({ kind: 'inbox-changed', transactionIds: [transactionId] });
  }

  async function notesOfMine(changed: readonly string[], signal: AbortSignal): Promise<void> {
    for (const id of changed) {
      const transaction = await store.transaction(id);
      if (transaction?.status === 'to-sign' || transaction?.status === 'to-fill') await fetchNotes(id, signal);
    }
  }

  /** One account's pull. @returns how many transactions changed, and the codes of what went wrong */
  async function pullAccount(accountId: string, signal: AbortSignal): Promise<{ pulled: number; errors: Set<string> }> {
    const errors = new Set<string>();
    let pulled = 0;
    try {
      const opened = await session(accountId);
      const { changed, unreadable } = await pull(parts, accountId, opened, signal);
      presence.reached(accountId);
      pulled = changed.length;
      if (unreadable > 0) errors.add('bad-response');
      await notesOfMine(changed, signal);
      await fetchAhead(accountId, errors, signal);
    } catch (error) {
      errors.add(await met(accountId, error, signal));
    }
    return { pulled, errors };
  }

  return { pullAccount, fetchOnce, fetchNotes, met };
}
