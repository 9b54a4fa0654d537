/** The inbox as a list: one view, newest change first, narrowed by account and by words as they are typed. */
import { type SelectQueryBuilder, sql } from 'kysely';
import type { InboxItem, InboxView, SyncState } from '../../preload/model.ts';
import { countViews, statusesOf } from '../inbox/index.ts';
import type { Queries } from './queries.ts';
import type { Schema, StoredItem } from './schema.ts';
import type { InboxQuery, OutboxState } from './store.ts';

const MAX_WORDS = 16;

/** An FTS5 query for items that have every typed word, the words taken as beginnings; undefined where no word was typed. */
export function toMatch(search: string): string | undefined {
  const words = search.normalize('NFC').match(/[\p{L}\p{N}\p{M}\p{Co}]+/gu) ?? [];
  if (words.length === 0) return undefined;
  return words
    .slice(0, MAX_WORDS)
    .map((word) => `"${word}"*`)
    .join(' ');
}

/** What an item's unconfirmed changes add up to. */
export function toSyncState(states: readonly OutboxState[]): SyncState {
  if (states.some((state) => state === 'parked' || state === 'failed')) return 'needs-attention';
  if (states.includes('sending')) return 'sending';
  return states.some((state) => state !== 'confirmed') ? 'waiting' : 'synced';
}

const unsent = sql<boolean>`EXISTS (SELECT 1 FROM outbox o WHERE o.transaction_id = transactions.id AND o.state <> 'confirmed')`;
const states = sql<
  string | null
>`(SELECT group_concat(o.state) FROM outbox o WHERE o.transaction_id = transactions.id AND o.state <> 'confirmed')`;

function narrow<O>(from: SelectQueryBuilder<Schema, 'transactions', O>, query: InboxQuery) {
  const statuses = statusesOf(query.view);
  const match = query.search === undefined ? undefined : toMatch(query.search);
  let narrowed = from;
  if (statuses) narrowed = narrowed.where('status', 'in', [...statuses]);
  if (query.view === 'outbox') narrowed = narrowed.where(unsent);
  if (query.accountId !== undefined) narrowed = narrowed.where('account_id', '=', query.accountId);
  if (match !== undefined) {
    narrowed = narrowed.where(sql<boolean>`seq IN (SELECT rowid FROM search WHERE search MATCH ${match})`);
  }
  return narrowed;
}

function counts({ build, all, first }: Queries, accountId: string | undefined): Record<InboxView, number> {
  const transactions = build.selectFrom('transactions');
  const mine = accountId === undefined ? transactions : transactions.where('account_id', '=', accountId);
  const byStatus = all(mine.select(['status', sql<number>`count(*)`.as('count')]).groupBy('status'));
  const outbox = first(mine.select(sql<number>`count(*)`.as('count')).where(unsent));
  return countViews(new Map(byStatus.map(({ status, count }) => [status, count])), outbox?.count ?? 0);
}

/** `counts` are of the account, or of all, whatever is searched for. */
export function listInbox(
  queries: Queries,
  query: InboxQuery,
): { items: InboxItem[]; total: number; counts: Record<InboxView, number> } {
  const { build, all, first } = queries;
  const rows = all(
    narrow(build.selectFrom('transactions').select(['item', states.as('states')]), query)
      .orderBy('updated_at', 'desc')
      .orderBy('seq', 'desc')
      .limit(query.limit)
      .offset(query.offset),
  );
  const total = first(narrow(build.selectFrom('transactions').select(sql<number>`count(*)`.as('count')), query));
  const items = rows.map((row) => {
    const item: StoredItem = JSON.parse(row.item);
    return { ...item, sync: toSyncState((row.states?.split(',') ?? []) as OutboxState[]) };
  });
  return { items, total: total?.count ?? 0, counts: counts(queries, query.accountId) };
}
