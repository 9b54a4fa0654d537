/** Changes in: pages newest first, each applied as it comes, so that the inbox is of use at once. */
import type { Transaction } from '../../preload/model.ts';
import type { Clock } from '../platform/clock.ts';
import type { ProviderSession, TransactionPage } from '../providers/provider.ts';
import type { Store } from '../store/store.ts';
import { askedSince, readPullState } from './pull-state.ts';
import type { Reads } from './reads.ts';
import type { SyncEvent } from './sync.ts';
import { toTransaction } from './to-transaction.ts';

export interface PullParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly reads: Reads;
  readonly emit: (event: SyncEvent) => void;
}

export interface Pulled {
  readonly changed: readonly string[];
  /** Transactions of the provider that made no sense. */
  readonly unreadable: number;
}

/** The newest time seen, unless something newer was left out; `Infinity` bounds say nothing yet. */
interface Bounds {
  newest: number;
  leftOut: number;
}

async function applyPage(
  parts: PullParts,
  accountId: string,
  page: TransactionPage,
  begun: number,
  bounds: Bounds,
): Promise<string[]> {
  const { store, reads, emit } = parts;
  const fresh: Transaction[] = [];
  const deleted: string[] = [];
  for (const item of page.items) {
    const transaction = toTransaction(accountId, item);
    if (reads.isOutdated(transaction.id, begun)) {
      bounds.leftOut = Math.min(bounds.leftOut, transaction.updatedAt);
      continue;
    }
    reads.stored(transaction.id, begun);
    bounds.newest = Math.max(bounds.newest, transaction.updatedAt);
    if (item.deleted) deleted.push(transaction.remoteId);
    else fresh.push(transaction);
  }
  const { changed } = await store.applyPull(accountId, fresh, deleted);
  if (changed.length > 0) emit({ kind: 'inbox-changed', transactionIds: changed });
  return changed;
}

/** The next cursor: never beyond our own now, so that one absurd time at the provider does not hide what follows. */
function nextCursor(cursor: number | undefined, { newest, leftOut }: Bounds, now: number): number | undefined {
  const seen = Math.min(Math.max(newest, cursor ?? newest), leftOut, now);
  return Number.isFinite(seen) ? seen : undefined;
}

/**
 * Pulls what changed since the last pull, or everything. The cursor moves only when all pages were applied.
 * @throws ProviderError, StoreError
 */
export async function pull(
  parts: PullParts,
  accountId: string,
  session: ProviderSession,
  signal: AbortSignal,
): Promise<Pulled> {
  const { store, clock, reads } = parts;
  const state = readPullState(await store.syncState(accountId));
  const updatedSince = askedSince(state);
  const bounds: Bounds = { newest: Number.NEGATIVE_INFINITY, leftOut: Number.POSITIVE_INFINITY };
  const pages = session.transactions({ signal, ...(updatedSince === undefined ? {} : { updatedSince }) });
  const iterator = pages[Symbol.asyncIterator]();
  const changed = new Set<string>();
  let unreadable = 0;
  for (;;) {
    const begun = reads.begin();
    const next = await iterator.next();
    if (next.done) break;
    unreadable += next.value.unreadable.length;
    for (const id of await applyPage(parts, accountId, next.value, begun, bounds)) changed.add(id);
  }
  const cursor = nextCursor(state.cursor, bounds, clock.now());
  const { tooLarge } = readPullState(await store.syncState(accountId));
  const ended = { tooLarge, lastSyncAt: clock.now(), ...(cursor === undefined ? {} : { cursor }) };
  await store.saveSyncState(accountId, JSON.stringify(ended));
  return { changed: [...changed], unreadable };
}
