/** One account's pull: what changed, the notifications, then the notes and documents of what waits for me. */
import type { Clock } from '../platform/clock.ts';
import { ProviderError, type ProviderSession } from '../providers/provider.ts';
import type { Store } from '../store/store.ts';
import { fetchDocument, missingDocuments, TooLarge } from './documents.ts';
import type { Flights } from './flights.ts';
import type { Limits } from './limits.ts';
import type { Presence } from './presence.ts';
import { pull } from './pull.ts';
import { readPullState } from './pull-state.ts';
import { notesKey, notificationsKey, type Reads } from './reads.ts';
import { isReconcileDue, reconcile } from './reconcile.ts';
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
  readonly progress: (accountId: string, at: { read: number; total?: number } | undefined) => void;
}

export interface AccountPull {
  /** @returns how many transactions changed, and the codes of what went wrong; network trouble is no error. @throws StoreError */
  pullAccount(accountId: string, signal: AbortSignal): Promise<{ pulled: number; errors: Set<string> }>;
  /** @throws ProviderError, StoreError, TooLarge */
  fetchOnce(
    transactionId: string,
    documentId: string,
    limitBytes: number,
    signal: AbortSignal,
    thorough?: boolean,
  ): Promise<void>;
  /** @throws ProviderError, StoreError */
  fetchNotes(transactionId: string, signal: AbortSignal): Promise<void>;
  /** Compares everything here with everything there, where it is time for that; network trouble only puts it off. @throws StoreError */
  reconcileWhenDue(accountId: string, signal: AbortSignal): Promise<void>;
  /** Notes an account's trouble and answers with its code. */
  met(accountId: string, error: unknown, signal: AbortSignal): Promise<string>;
}

/** Resources too large to fetch ahead that are remembered. */
const KEPT_TOO_LARGE = 500;

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

  const fetchOnce: AccountPull['fetchOnce'] = (transactionId, documentId, limitBytes, signal, thorough = false) => {
    const key = JSON.stringify([transactionId, documentId, limitBytes, thorough]);
    return flights.once(key, () =>
      fetchDocument({ store, session, presence }, transactionId, documentId, limitBytes, signal, thorough),
    );
  };

  async function rememberTooLarge(accountId: string, resourceId: string, limitBytes: number): Promise<void> {
    const state = readPullState(await store.syncState(accountId));
    const others = state.tooLarge.filter((each) => each.resourceId !== resourceId).slice(-KEPT_TOO_LARGE);
    const tooLarge = [...others, { resourceId, limitBytes }];
    await store.saveSyncState(accountId, JSON.stringify({ ...state, tooLarge }));
  }

  async function fetchAhead(accountId: string, errors: Set<string>, signal: AbortSignal): Promise<void> {
    const limitBytes = parts.prefetchLimitBytes();
    const { tooLarge } = readPullState(await store.syncState(accountId));
    const isTooLarge = (id: string) => tooLarge.some((each) => each.resourceId === id && each.limitBytes >= limitBytes);
    for await (const { transactionId, documentId, resourceId } of missingDocuments(store, accountId)) {
      if (resourceId === undefined || isTooLarge(resourceId)) continue;
      try {
        await fetchOnce(transactionId, documentId, limitBytes, signal);
        emit({ kind: 'inbox-changed', transactionIds: [transactionId] });
      } catch (error) {
        if (error instanceof TooLarge) await rememberTooLarge(accountId, error.resourceId, limitBytes);
        else {
          const code = await met(accountId, error, signal);
          errors.add(code);
          if (endsFetching.has(code)) return;
        }
      }
    }
  }

  async function fetchNotifications(accountId: string, opened: ProviderSession, signal: AbortSignal): Promise<void> {
    const begun = reads.begin();
    try {
      const found = await opened.notifications(signal);
      if (reads.isOutdated(notificationsKey(accountId), begun)) return;
      if (await store.putNotifications(accountId, found)) emit({ kind: 'inbox-changed', transactionIds: [] });
    } catch (error) {
      // A service without them is none the worse.
      const isMissing = error instanceof ProviderError && (error.code === 'not-found' || error.code === 'refused');
      if (!isMissing) throw error;
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
      if (pulled > 0) await note(accountId, { outcome: 'received', count: pulled });
      await fetchNotifications(accountId, opened, signal);
      await notesOfMine(changed, signal);
      await fetchAhead(accountId, errors, signal);
    } catch (error) {
      errors.add(await met(accountId, error, signal));
    }
    for (const code of errors) if (code !== 'cancelled') await note(accountId, { outcome: 'failed', code });
    return { pulled, errors };
  }

  /** An entry of the activity list; an account that was removed meanwhile has none. */
  async function note(
    accountId: string,
    what: { outcome: 'received'; count: number } | { outcome: 'failed'; code: string },
  ): Promise<void> {
    const account = (await store.accounts()).find(({ id }) => id === accountId);
    if (!account) return;
    await store.noteActivity({ at: parts.clock.now(), accountId, kind: 'pull', title: account.label, ...what });
  }

  async function reconcileWhenDue(accountId: string, signal: AbortSignal): Promise<void> {
    if (!(await isReconcileDue(parts, accountId))) return;
    try {
      await reconcile(parts, accountId, await session(accountId), signal);
    } catch (error) {
      await met(accountId, error, signal);
    }
  }

  return { pullAccount, fetchOnce, fetchNotes, reconcileWhenDue, met };
}
