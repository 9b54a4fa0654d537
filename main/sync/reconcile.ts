/**
 * The slow comparison of everything here with everything there: what was deleted at the provider without a trace, or slipped through
 * a list that changed while it was read. Each transaction that no page showed is asked for by itself before it goes.
 */
import type { Clock } from '../platform/clock.ts';
import { ProviderError, type ProviderSession } from '../providers/provider.ts';
import type { Store } from '../store/store.ts';
import { applyPage } from './pull.ts';
import { readPullState } from './pull-state.ts';
import type { Reads } from './reads.ts';
import type { SyncEvent } from './sync.ts';

export interface ReconcileParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly reads: Reads;
  readonly emit: (event: SyncEvent) => void;
}

const EVERY_MS = 12 * 60 * 60_000;
/** Between two pages: nobody waits for it. */
const PAUSE_MS = 1000;

export async function isReconcileDue({ store, clock }: ReconcileParts, accountId: string): Promise<boolean> {
  const { cursor, reconciledAt } = readPullState(await store.syncState(accountId));
  if (cursor === undefined) return false;
  // A time to come is from before the clock was set back.
  return reconciledAt === undefined || Math.abs(clock.now() - reconciledAt) >= EVERY_MS;
}

/** @returns true where the provider has it; what it says of it is stored then */
async function isThere(
  parts: ReconcileParts,
  accountId: string,
  remoteId: string,
  session: ProviderSession,
  signal: AbortSignal,
): Promise<boolean> {
  const begun = parts.reads.begin();
  try {
    const item = await session.transaction(remoteId, signal);
    await applyPage(parts, accountId, { items: [item], total: 1, unreadable: [] }, begun);
    return true;
  } catch (error) {
    if (error instanceof ProviderError && error.code === 'not-found') return false;
    throw error;
  }
}

/** @returns the local ids of what went @throws ProviderError, StoreError */
export async function reconcile(
  parts: ReconcileParts,
  accountId: string,
  session: ProviderSession,
  signal: AbortSignal,
): Promise<string[]> {
  const { store, clock, reads, emit } = parts;
  const missing = new Set(await store.remoteIds(accountId));
  const iterator = session.transactions({ signal })[Symbol.asyncIterator]();
  for (;;) {
    const begun = reads.begin();
    const next = await iterator.next();
    if (next.done) break;
    for (const { transaction } of next.value.items) missing.delete(transaction.remoteId);
    for (const { remoteId } of next.value.unreadable) if (remoteId !== undefined) missing.delete(remoteId);
    await applyPage(parts, accountId, next.value, begun);
    await clock.delay(PAUSE_MS, signal);
  }
  const gone: string[] = [];
  for (const remoteId of missing) {
    if (!(await isThere(parts, accountId, remoteId, session, signal))) gone.push(remoteId);
  }
  const { changed } = await store.applyPull(accountId, [], gone);
  if (changed.length > 0) emit({ kind: 'inbox-changed', transactionIds: changed });
  const known = readPullState(await store.syncState(accountId));
  await store.saveSyncState(accountId, JSON.stringify({ ...known, reconciledAt: clock.now() }));
  return changed;
}
