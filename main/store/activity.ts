/** The activity list: what became of each delivery and reading, kept for a while after all is confirmed. */
import type { Selectable } from 'kysely';
import type { ActivityEntry } from '../../preload/model.ts';
import type { Queries } from './queries.ts';
import type { Schema } from './schema.ts';
import type { ActivityQuery, NewActivity } from './store.ts';

type Row = Selectable<Schema['activity']>;

const given = <K extends string, V>(key: K, value: V | null) => (value === null ? {} : { [key]: value });

function toEntry(row: Row): ActivityEntry {
  return {
    id: row.id,
    at: row.at,
    firstAt: row.first_at,
    times: row.times,
    accountId: row.account_id,
    kind: row.kind,
    title: row.title,
    outcome: row.outcome,
    ...given('transactionId', row.transaction_id),
    ...given('outboxId', row.outbox_id),
    ...given('code', row.code),
    ...given('retryAt', row.retry_at),
    ...given('ms', row.ms),
    ...given('count', row.count),
  };
}

function lastOf({ build, first }: Queries, entry: NewActivity): Row | undefined {
  const rows = build.selectFrom('activity').selectAll();
  const own =
    entry.outboxId === undefined
      ? rows.where('account_id', '=', entry.accountId).where('kind', '=', entry.kind)
      : rows.where('outbox_id', '=', entry.outboxId);
  return first(own.orderBy('id', 'desc').limit(1));
}

/** The same trouble as in the last entry of the row (or of the account's readings) counts that one up. */
export function noteActivity(queries: Queries, entry: NewActivity): void {
  const { build, run } = queries;
  const last = lastOf(queries, entry);
  const { at, code = null, retryAt: retry_at = null } = entry;
  const repeats = last?.outcome === entry.outcome && last.code === code && code !== null;
  if (last && repeats) {
    run(
      build
        .updateTable('activity')
        .set({ at, retry_at, times: last.times + 1 })
        .where('id', '=', last.id),
    );
    return;
  }
  run(
    build.insertInto('activity').values({
      at,
      first_at: at,
      times: 1,
      account_id: entry.accountId,
      transaction_id: entry.transactionId ?? null,
      outbox_id: entry.outboxId ?? null,
      kind: entry.kind,
      title: entry.title,
      outcome: entry.outcome,
      code,
      retry_at,
      ms: entry.ms ?? null,
      count: entry.count ?? null,
    }),
  );
}

/** Newest first. */
export function listActivity({ build, all }: Queries, query: ActivityQuery): ActivityEntry[] {
  let rows = build.selectFrom('activity').selectAll();
  if (query.before !== undefined) rows = rows.where('id', '<', query.before);
  if (query.accountId !== undefined) rows = rows.where('account_id', '=', query.accountId);
  if (query.transactionId !== undefined) rows = rows.where('transaction_id', '=', query.transactionId);
  return all(rows.orderBy('id', 'desc').limit(query.limit)).map(toEntry);
}

/** Entries from before a time, and the rows that were confirmed before it. */
export function forgetActivity({ build, run }: Queries, before: number): void {
  run(build.deleteFrom('activity').where('at', '<', before));
  run(build.deleteFrom('outbox').where('state', '=', 'confirmed').where('changed_at', '<', before));
}
