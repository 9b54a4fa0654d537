/** Changes in: pages newest first, each applied and told before the next is asked for, so that the inbox is of use at once. */
import type { Transaction } from '../../preload/model.ts';
import type { Clock } from '../platform/clock.ts';
import type { ProviderSession, TransactionPage } from '../providers/provider.ts';
import type { Store } from '../store/store.ts';
import { askedSince, type PullState, readPullState, resumeAt } from './pull-state.ts';
import type { Reads } from './reads.ts';
import type { SyncEvent } from './sync.ts';
import { toTransaction } from './to-transaction.ts';

export interface PullParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly reads: Reads;
  readonly emit: (event: SyncEvent) => void;
  /** How far a first pull has come; undefined once it is done. */
  readonly progress: (accountId: string, at: { read: number; total?: number } | undefined) => void;
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

/** Stores a page unless something newer is known. @returns the local ids of what changed */
export async function applyPage(
  parts: Pick<PullParts, 'store' | 'reads' | 'emit'>,
  accountId: string,
  page: TransactionPage,
  begun: number,
  bounds: Bounds = { newest: 0, leftOut: 0 },
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

/** The next cursor: never beyond the provider's now, so that one absurd time does not hide what follows. */
function nextCursor(cursor: number | undefined, { newest, leftOut }: Bounds, now: number): number | undefined {
  const seen = Math.min(Math.max(newest, cursor ?? newest), leftOut, now);
  return Number.isFinite(seen) ? seen : undefined;
}

interface Pull {
  readonly parts: PullParts;
  readonly accountId: string;
  readonly session: ProviderSession;
  readonly signal: AbortSignal;
  readonly bounds: Bounds;
  readonly changed: Set<string>;
  unreadable: number;
}

async function saveState(parts: PullParts, accountId: string, change: Partial<PullState>): Promise<void> {
  const { store } = parts;
  const known = readPullState(await store.syncState(accountId));
  await store.saveSyncState(accountId, JSON.stringify({ ...known, ...change }));
}

/** @param applied told after each page how many items have come so far, and of how many */
async function readPages(
  { parts, accountId, session, signal, ...seen }: Pull,
  from: { updatedSince?: number | undefined; position?: number },
  applied: (read: number, total: number | undefined) => Promise<void> = async () => undefined,
): Promise<number> {
  const { updatedSince, position = 0 } = from;
  const since = updatedSince === undefined ? {} : { updatedSince };
  const iterator = session.transactions({ signal, position, ...since })[Symbol.asyncIterator]();
  const ask = () => {
    const begun = parts.reads.begin();
    const page = iterator.next();
    // Where storing the page before it fails, nobody waits for this one.
    page.catch(() => undefined);
    return { begun, page };
  };
  let read = position;
  let unreadable = 0;
  for (let asked = ask(), isFirst = true; ; isFirst = false) {
    const { begun } = asked;
    const next = await asked.page;
    if (next.done) return unreadable;
    const page = next.value;
    // The first page is there to be seen before the second is asked for; after that one comes while another is stored.
    if (!isFirst) asked = ask();
    unreadable += page.unreadable.length;
    for (const id of await applyPage(parts, accountId, page, begun, seen.bounds)) seen.changed.add(id);
    read += page.items.length + page.unreadable.length;
    await applied(read, page.total);
    if (isFirst) asked = ask();
  }
}

/** Everything, from where an earlier try broke off: first what is newer than what that one began with. */
async function readAll(pull: Pull, first: PullState['first']): Promise<void> {
  const { parts, accountId, bounds } = pull;
  if (first) {
    pull.unreadable += await readPages(pull, { updatedSince: askedSince(first.newest) });
    bounds.newest = Math.max(bounds.newest, first.newest);
  }
  let newest = first?.newest;
  pull.unreadable += await readPages(pull, { position: first ? resumeAt(first.read) : 0 }, async (read, total) => {
    parts.progress(accountId, { read, ...(total === undefined ? {} : { total }) });
    newest ??= nextCursor(undefined, bounds, parts.clock.now());
    if (newest !== undefined) await saveState(parts, accountId, { first: { newest, read } });
  });
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
  const { store, clock } = parts;
  const { cursor, first } = readPullState(await store.syncState(accountId));
  const bounds: Bounds = { newest: Number.NEGATIVE_INFINITY, leftOut: Number.POSITIVE_INFINITY };
  const under: Pull = { parts, accountId, session, signal, bounds, changed: new Set(), unreadable: 0 };
  try {
    if (cursor === undefined) await readAll(under, first);
    else under.unreadable += await readPages(under, { updatedSince: askedSince(cursor) });
  } finally {
    parts.progress(accountId, undefined);
  }
  const providersNow = clock.now() + (session.clockSkewMs() ?? 0);
  const next = nextCursor(cursor, bounds, providersNow);
  await saveState(parts, accountId, {
    first: undefined,
    lastSyncAt: clock.now(),
    ...(next === undefined ? {} : { cursor: next }),
    ...(cursor === undefined ? { reconciledAt: clock.now() } : {}),
  });
  return { changed: [...under.changed], unreadable: under.unreadable };
}
