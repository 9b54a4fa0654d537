/** Transactions as pulled and as shown. */
import type { Transaction } from '../../preload/model.ts';
import type { Queries } from './queries.ts';
import { openRow } from './schema.ts';
import { showOver } from './shown.ts';

/** Puts what the provider says of a transaction; @returns false where it says what it said before. */
export function putRemote({ prepare }: Queries, remote: Transaction): boolean {
  const text = JSON.stringify(remote);
  const known = prepare('SELECT remote FROM transactions WHERE id = ?').get(remote.id) as
    | { remote: string }
    | undefined;
  if (known?.remote === text) return false;
  if (known) prepare('UPDATE transactions SET remote = ? WHERE id = ?').run(text, remote.id);
  else
    prepare('INSERT INTO transactions (id, account_id, remote) VALUES (?, ?, ?)').run(
      remote.id,
      remote.accountId,
      text,
    );
  return true;
}

/** Work of mine that has not arrived, or a signed copy that is kept, keeps a transaction here after the provider deleted it. */
function hasUnfinishedWork({ build, first }: Queries, transactionId: string): boolean {
  const row = build
    .selectFrom('outbox')
    .select('sequence')
    .where('transaction_id', '=', transactionId)
    .where((row) => row.or([openRow, row('sha256', 'is not', null)]))
    .limit(1);
  const job = build
    .selectFrom('jobs')
    .select('id')
    .where('transaction_id', '=', transactionId)
    .where('state_kind', 'in', ['signed', 'awaiting-timestamp', 'awaiting-validation-data', 'complete'])
    .limit(1);
  return first(row) !== undefined || first(job) !== undefined;
}

function removeDeleted(queries: Queries, accountId: string, remoteId: string): string | undefined {
  const id = `${accountId}:${remoteId}`;
  if (hasUnfinishedWork(queries, id)) return undefined;
  return queries.run(queries.build.deleteFrom('transactions').where('id', '=', id)) > 0 ? id : undefined;
}

/** @returns the local ids of what looks different now, and the revisions that lost a reference */
export function applyPull(
  queries: Queries,
  accountId: string,
  transactions: readonly Transaction[],
  deletedRemoteIds: readonly string[],
): { changed: string[]; anyDeleted: boolean } {
  const changed: string[] = [];
  for (const transaction of transactions) {
    if (!putRemote(queries, transaction)) continue;
    showOver(queries, transaction);
    changed.push(transaction.id);
  }
  const deleted = deletedRemoteIds.flatMap((remoteId) => removeDeleted(queries, accountId, remoteId) ?? []);
  return { changed: [...changed, ...deleted], anyDeleted: deleted.length > 0 };
}

export function readRemote({ build, first }: Queries, transactionId: string): Transaction | undefined {
  const row = first(build.selectFrom('transactions').select('remote').where('id', '=', transactionId));
  return row && JSON.parse(row.remote);
}

export function readShown({ prepare }: Queries, transactionId: string): Transaction | undefined {
  const row = prepare('SELECT coalesce(local, remote) AS shown FROM transactions WHERE id = ?').get(transactionId) as
    | { shown: string }
    | undefined;
  return row && JSON.parse(row.shown);
}

export function listRemoteIds({ build, all }: Queries, accountId: string): string[] {
  const ids = all(build.selectFrom('transactions').select('id').where('account_id', '=', accountId));
  return ids.map(({ id }) => id.slice(accountId.length + 1));
}
