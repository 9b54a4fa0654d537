/**
 * The inbox as a list: one page of a view, narrowed and sorted as asked. How a page is found depends on what it is narrowed by:
 *
 * - by its view alone: read off the index of its sort, the counters know how many there are;
 * - by words, tags, account or urgency: found in the search index, by words and facets at once, in the order of the last change;
 * - the same in another order: few are sorted; many are met soon enough by reading the sort's index and leaving out the others.
 */
import type { InboxItem, InboxSort, SyncState, TransactionStatus } from '../../preload/model.ts';
import { transactionStatus } from '../../preload/model.ts';
import { statusesOf } from '../inbox/index.ts';
import { countItems, countStatuses } from './inbox-counts.ts';
import { type Facet, findFacet, withoutFacets } from './items.ts';
import type { Queries } from './queries.ts';
import type { StoredItem } from './schema.ts';
import { COUNTED_ITEMS, type InboxPage, type InboxQuery, type OutboxState } from './store.ts';

const MAX_WORDS = 16;
/** So many items are sorted in less time than an index takes to meet a page of them. */
const SORTED_ITEMS = 2_000;

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

/** The same conditions on a row of `items` itself. */
function conditions(query: InboxQuery, match: string | undefined): Clause {
  const statuses = statusesIn(query);
  const unsent = "transaction_id IN (SELECT transaction_id FROM outbox WHERE state NOT IN ('confirmed', 'settled'))";
  return both([
    ...(query.view === 'outbox' ? [{ sql: unsent, values: [] }] : []),
    ...(statuses ? [{ sql: `status IN (${marks(statuses)})`, values: statuses }] : []),
    ...(query.accountId === undefined ? [] : [{ sql: '+account_id = ?', values: [query.accountId] }]),
    ...(query.tags ?? []).map((tag) => ({ sql: '? IN (SELECT value FROM json_each(tags))', values: [tag] })),
    ...(query.urgentOnly ? [{ sql: 'urgent = 1', values: [] }] : []),
    ...(match === undefined
      ? []
      : [{ sql: '+position IN (SELECT rowid FROM search WHERE search MATCH ?)', values: [match] }]),
  ]);
}

/** Positions in a sort's order, read off its index: a branch for each status, merged. */
function walk(query: InboxQuery, match: string | undefined): Clause {
  const order = orderOf(query);
  const statuses = query.view === 'outbox' ? undefined : statusesIn(query);
  const arms = statuses?.map((status): InboxQuery => ({ ...query, view: 'all', statuses: [status] })) ?? [query];
  const parts = arms.map((arm): Clause => {
    const { sql, values } = conditions(arm, match);
    const key = order.column === 'position' ? '' : `, ${order.column}`;
    return { sql: `SELECT position${key} FROM items WHERE ${sql}`, values };
  });
  return {
    sql: `${parts.map(({ sql }) => sql).join(' UNION ALL ')} ORDER BY ${order.sql}`,
    values: parts.flatMap(({ values }) => values),
  };
}

function found(query: InboxQuery, match: string, count: number): Clause {
  const hits = 'FROM search WHERE search MATCH ?';
  if ((query.sort ?? 'updated') === 'updated') {
    const way = query.order === 'ascending' ? 'ASC' : 'DESC';
    return { sql: `SELECT rowid AS position ${hits} ORDER BY rowid ${way}`, values: [match] };
  }
  if (count > SORTED_ITEMS) return walk(query, wordsOf(query));
  const { sql } = orderOf(query);
  const joined = `(SELECT rowid AS at ${hits}) CROSS JOIN items ON position = at`;
  return { sql: `SELECT position FROM ${joined} ORDER BY ${sql}`, values: [match] };
}

const wordsOf = ({ search }: InboxQuery) => (search === undefined ? undefined : toMatch(search));

interface Plan {
  readonly positions: Clause;
  readonly total: number;
  readonly hasMore: boolean;
}

const nothing: Plan = { positions: { sql: 'SELECT 0 WHERE false', values: [] }, total: 0, hasMore: false };

function plan(queries: Queries, query: InboxQuery): Plan {
  const { prepare } = queries;
  const words = wordsOf(query);
  const statuses = statusesIn(query);
  if (statuses?.length === 0) return nothing;
  if (query.view === 'outbox') {
    const { sql, values } = conditions(query, words);
    const row = prepare(`SELECT count(*) AS count FROM items WHERE ${sql}`).get(...values) as { count: number };
    return { positions: walk(query, words), total: row.count, hasMore: false };
  }
  const facets = (query.tags?.length ?? 0) > 0 || query.urgentOnly === true;
  const counts = words !== undefined || facets ? undefined : countStatuses(queries, query.accountId);
  const exact = counts && [...counts].reduce((sum, [s, n]) => sum + (!statuses || statuses.includes(s) ? n : 0), 0);
  if (exact !== undefined && query.accountId === undefined) {
    return { positions: walk(query, undefined), total: exact, hasMore: false };
  }
  const facet = facetMatch(queries, query);
  if (facet === undefined) return nothing;
  const match = [facet, words].filter(Boolean).join(' AND ');
  const most = query.countAll ? Number.MAX_SAFE_INTEGER : COUNTED_ITEMS + 1;
  const counted = prepare('SELECT count(*) AS count FROM (SELECT 1 FROM search WHERE search MATCH ? LIMIT ?)');
  const total = exact ?? (counted.get(match, most) as { count: number }).count;
  const hasMore = exact === undefined && !query.countAll && total > COUNTED_ITEMS;
  return { positions: found(query, match, total), total: hasMore ? COUNTED_ITEMS : total, hasMore };
}

export function listInbox(queries: Queries, query: InboxQuery): InboxPage {
  const { positions, total, hasMore } = plan(queries, query);
  const page = queries.prepare(`${positions.sql} LIMIT ? OFFSET ?`).pluck();
  const item = queries.prepare(
    `SELECT item, (SELECT group_concat(state) FROM outbox o
       WHERE o.transaction_id = items.transaction_id AND o.state NOT IN ('confirmed', 'settled')) AS states
     FROM items WHERE position = ?`,
  );
  const items = page.all(...positions.values, query.limit, query.offset).map((position): InboxItem => {
    const row = item.get(position) as { item: string; states: string | null };
    const stored: StoredItem = JSON.parse(row.item);
    return { ...stored, sync: toSyncState((row.states?.split(',') ?? []) as OutboxState[]) };
  });
  return { items, total, hasMore, counts: countItems(queries, query.accountId) };
}
