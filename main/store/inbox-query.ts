/**
 * The inbox as a list: one page of a view, narrowed and sorted as asked. How a page is found depends on what it is narrowed by:
 *
 * - by its view alone: read off the index of its sort, the counters know how many there are;
 * - by words, tags, account or urgency: found in the search index, words and facets at once, in the order of the last change;
 * - the same in another order: few are sorted; many are met soon enough by reading the sort's index and leaving out the others.
 */
import type { InboxItem, InboxSort, SyncState, TransactionStatus } from '../../preload/model.ts';
import { transactionStatus } from '../../preload/model.ts';
import { statusesOf } from '../inbox/index.ts';
import { countItems, countStatuses } from './inbox-counts.ts';
import { type Facet, findFacet, withoutFacets } from './items.ts';
import type { Queries } from './queries.ts';
import { OPEN, type StoredItem } from './schema.ts';
import { COUNTED_ITEMS, type InboxPage, type InboxQuery, type OutboxState } from './store.ts';

const MAX_WORDS = 16;
/** So many items are sorted in less time than an index takes to meet a page of them. */
const SORTED_ITEMS = 2_000;
/** Items with certain facets are counted as far as this. */
const FACET_ITEMS = 10_000;

/** An FTS5 query for items that have every typed word, the words taken as beginnings; undefined where no word was typed. */
export function toMatch(search: string): string | undefined {
  const words = withoutFacets(search.normalize('NFC')).match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
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
  return states.some((state) => state !== 'confirmed' && state !== 'settled') ? 'waiting' : 'synced';
}

/** SQL with what is bound in it, in order. */
interface Clause {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

const both = (parts: readonly Clause[]): Clause => ({
  sql: parts.map(({ sql }) => `(${sql})`).join(' AND ') || 'true',
  values: parts.flatMap(({ values }) => values),
});

const marks = (values: readonly unknown[]) => values.map(() => '?').join(', ');

/** The statuses a query leaves; undefined where it leaves all. */
function statusesIn({ view, statuses }: InboxQuery): readonly TransactionStatus[] | undefined {
  const ofView = statusesOf(view);
  if (!statuses) return ofView;
  return (ofView ?? transactionStatus.options).filter((status) => statuses.includes(status));
}

function facetMatch(queries: Queries, query: InboxQuery): string | undefined {
  const one = (facet: Facet) => {
    const found = findFacet(queries, facet);
    return found === undefined ? [] : [`"${found}"`];
  };
  const statuses = statusesIn(query)?.flatMap((status) => one(`status:${status}`));
  const groups = [
    ...(statuses ? [statuses] : []),
    ...(query.accountId === undefined ? [] : [one(`account:${query.accountId}`)]),
    ...(query.tags ?? []).map((tag) => one(`tag:${tag}`)),
    ...(query.urgentOnly ? [one('urgent')] : []),
  ];
  // A facet nothing ever had: nothing can match.
  if (groups.some((group) => group.length === 0)) return undefined;
  return groups.map((group) => `(${group.join(' OR ')})`).join(' AND ');
}

const columns: Readonly<Record<InboxSort, string>> = {
  updated: 'position',
  due: 'due',
  title: 'title',
  sender: 'sender',
};

/** Column and directions of a sort; items equal in it are newest first, or the mirror of that. */
function orderOf({ sort = 'updated', order }: InboxQuery) {
  const column = columns[sort];
  const ascending = order === undefined ? sort !== 'updated' : order === 'ascending';
  const way = ascending ? 'ASC' : 'DESC';
  const sql = sort === 'updated' ? `position ${way}` : `${column} ${way}, position ${ascending ? 'DESC' : 'ASC'}`;
  return { sql, column };
}

/** The same conditions on a row of `items` itself, words apart. */
function conditions(query: InboxQuery): Clause {
  const statuses = statusesIn(query);
  const unsent = `transaction_id IN (SELECT transaction_id FROM outbox WHERE ${OPEN})`;
  return both([
    ...(query.view === 'outbox' ? [{ sql: unsent, values: [] }] : []),
    ...(statuses ? [{ sql: `status IN (${marks(statuses)})`, values: statuses }] : []),
    ...(query.accountId === undefined ? [] : [{ sql: 'account_id = ?', values: [query.accountId] }]),
    ...(query.tags ?? []).map((tag) => ({ sql: '? IN (SELECT value FROM json_each(tags))', values: [tag] })),
    ...(query.urgentOnly ? [{ sql: 'urgent = 1', values: [] }] : []),
  ]);
}

/** Positions in a sort's order, read off its index: a branch for each status, merged. */
function walk(query: InboxQuery): Clause {
  const order = orderOf(query);
  const arms = statusesIn(query)?.map((status): InboxQuery => ({ ...query, view: 'all', statuses: [status] }));
  const key = order.column === 'position' ? '' : `, ${order.column}`;
  const parts = (arms ?? [query]).map((arm): Clause => {
    const { sql, values } = conditions(arm);
    return { sql: `SELECT position${key} FROM items WHERE ${sql}`, values };
  });
  return {
    sql: `${parts.map(({ sql }) => sql).join(' UNION ALL ')} ORDER BY ${order.sql}`,
    values: parts.flatMap(({ values }) => values),
  };
}

/** Positions of a page, and how many there are in all. */
interface Found {
  readonly positions: readonly number[];
  readonly total: number;
  readonly hasMore: boolean;
}

const nothing: Found = { positions: [], total: 0, hasMore: false };

function pageOf({ prepare }: Queries, { sql, values }: Clause, { limit, offset }: InboxQuery): number[] {
  return prepare(`${sql} LIMIT ? OFFSET ?`)
    .pluck()
    .all(...values, limit, offset) as number[];
}

const isByDate = ({ sort }: InboxQuery) => (sort ?? 'updated') === 'updated';

/** The hits of a search in the order of the last change. */
function hits(match: string, { order }: InboxQuery): Clause {
  const way = order === 'ascending' ? 'ASC' : 'DESC';
  return { sql: `SELECT rowid AS position FROM search WHERE search MATCH ? ORDER BY rowid ${way}`, values: [match] };
}

function sorted(query: InboxQuery, positions: readonly number[]): Clause {
  const given = 'SELECT value FROM json_each(?)';
  const { sql } = orderOf(query);
  return {
    sql: `SELECT position FROM items WHERE position IN (${given}) ORDER BY ${sql}`,
    values: [JSON.stringify(positions)],
  };
}

/** Found by words: the hits are looked up once, to be counted and to be shown. */
function findWords(queries: Queries, query: InboxQuery, match: string): Found {
  const { offset, limit, countAll } = query;
  const seen = countAll ? Number.MAX_SAFE_INTEGER : Math.max(COUNTED_ITEMS, offset + limit);
  const { sql, values } = hits(match, query);
  const found = queries
    .prepare(`${sql} LIMIT ?`)
    .pluck()
    .all(...values, seen + 1) as number[];
  const hasMore = found.length > seen;
  const total = Math.min(found.length, seen);
  if (isByDate(query)) return { positions: found.slice(offset, offset + limit), total, hasMore };
  if (!hasMore) return { positions: pageOf(queries, sorted(query, found), query), total, hasMore };
  const all = '+position IN (SELECT rowid FROM search WHERE search MATCH ?)';
  const inOrder = { sql: `SELECT position FROM items WHERE ${all} ORDER BY ${orderOf(query).sql}`, values: [match] };
  return { positions: pageOf(queries, inOrder, query), total, hasMore };
}

/** Found by facets alone, counted by the counters where they know. */
function findFacets(queries: Queries, query: InboxQuery, match: string, known: number | undefined): Found {
  const { sql, values } = hits(match, query);
  const most = query.countAll ? -1 : FACET_ITEMS + 1;
  const counted = () => {
    const row = queries.prepare(`SELECT count(*) AS count FROM (${sql} LIMIT ?)`).get(...values, most);
    return (row as { count: number }).count;
  };
  const count = known ?? counted();
  const hasMore = known === undefined && !query.countAll && count > FACET_ITEMS;
  const total = hasMore ? FACET_ITEMS : count;
  if (isByDate(query)) return { positions: pageOf(queries, { sql, values }, query), total, hasMore };
  if (count > SORTED_ITEMS) return { positions: pageOf(queries, walk(query), query), total, hasMore };
  const few = queries
    .prepare(sql)
    .pluck()
    .all(...values) as number[];
  return { positions: pageOf(queries, sorted(query, few), query), total, hasMore };
}

/** What was changed here and not sent: few, so their own rows are looked at. */
function findUnsent(queries: Queries, query: InboxQuery, words: string | undefined): Found {
  const { sql, values } = conditions(query);
  const match = words === undefined ? '' : ' AND position IN (SELECT rowid FROM search WHERE search MATCH ?)';
  const bound = words === undefined ? values : [...values, words];
  const row = queries.prepare(`SELECT count(*) AS count FROM items WHERE ${sql}${match}`).get(...bound);
  const listed = {
    sql: `SELECT position FROM items WHERE ${sql}${match} ORDER BY ${orderOf(query).sql}`,
    values: bound,
  };
  return { positions: pageOf(queries, listed, query), total: (row as { count: number }).count, hasMore: false };
}

function find(queries: Queries, query: InboxQuery): Found {
  const words = query.search === undefined ? undefined : toMatch(query.search);
  const statuses = statusesIn(query);
  if (statuses?.length === 0) return nothing;
  if (query.view === 'outbox') return findUnsent(queries, query, words);
  const counters =
    words !== undefined || query.urgentOnly || query.tags?.length ? undefined : countStatuses(queries, query.accountId);
  const known = counters && [...counters].reduce((sum, [s, n]) => sum + (statuses?.includes(s) === false ? 0 : n), 0);
  if (known !== undefined && query.accountId === undefined) {
    return { positions: pageOf(queries, walk(query), query), total: known, hasMore: false };
  }
  const facets = facetMatch(queries, query);
  if (facets === undefined) return nothing;
  if (words === undefined) return findFacets(queries, query, facets, known);
  return findWords(queries, query, facets === '' ? words : `${facets} AND ${words}`);
}

export function listInbox(queries: Queries, query: InboxQuery): InboxPage {
  const { positions, total, hasMore } = find(queries, query);
  const item = queries.prepare(
    `SELECT item, (SELECT group_concat(state) FROM outbox o
       WHERE o.transaction_id = items.transaction_id AND ${OPEN}) AS states
     FROM items JOIN item_bodies USING (position) WHERE position = ?`,
  );
  const items = positions.map((position): InboxItem => {
    const row = item.get(position) as { item: string; states: string | null };
    const stored: StoredItem = JSON.parse(row.item);
    return { ...stored, sync: toSyncState((row.states?.split(',') ?? []) as OutboxState[]) };
  });
  return { items, total, hasMore, counts: countItems(queries, query.accountId) };
}
