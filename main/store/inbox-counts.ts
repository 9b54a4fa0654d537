/** How many items views, tags and accounts have: read from the counters that triggers keep (migrations/0002-items.ts). */
import type { AccountCounts, InboxView, TagCount, TransactionStatus } from '../../preload/model.ts';
import { countViews } from '../inbox/index.ts';
import type { Queries } from './queries.ts';
import { OPEN } from './schema.ts';

type StatusCounts = Map<TransactionStatus, number>;

export function countStatuses({ prepare }: Queries, accountId: string | undefined): StatusCounts {
  const rows =
    accountId === undefined
      ? prepare('SELECT status, sum(count) AS count FROM item_counts GROUP BY status').all()
      : prepare('SELECT status, count FROM item_counts WHERE account_id = ?').all(accountId);
  return new Map((rows as { status: TransactionStatus; count: number }[]).map(({ status, count }) => [status, count]));
}

function countUnsent({ prepare }: Queries, accountId: string | undefined): number {
  const unsent = `SELECT count(DISTINCT transaction_id) AS count FROM outbox WHERE ${OPEN}`;
  const row = accountId === undefined ? prepare(unsent).get() : prepare(`${unsent} AND account_id = ?`).get(accountId);
  return (row as { count: number }).count;
}

export function countItems(queries: Queries, accountId: string | undefined): Record<InboxView, number> {
  return countViews(countStatuses(queries, accountId), countUnsent(queries, accountId));
}

export function countTags({ prepare }: Queries, accountId: string | undefined): TagCount[] {
  const byCount = 'GROUP BY tag ORDER BY 2 DESC, tag';
  const rows =
    accountId === undefined
      ? prepare(`SELECT tag, sum(count) AS count FROM tag_counts ${byCount}`).all()
      : prepare(`SELECT tag, sum(count) AS count FROM tag_counts WHERE account_id = ? ${byCount}`).all(accountId);
  return rows as TagCount[];
}

export function countAccounts(queries: Queries): AccountCounts[] {
  const ids = queries.prepare('SELECT id FROM accounts ORDER BY rowid').all() as { id: string }[];
  return ids.map(({ id }) => ({ accountId: id, counts: countItems(queries, id) }));
}
