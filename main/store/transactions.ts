/** Transactions as pulled and as shown. */
import type { Transaction } from '../../preload/model.ts';
import type { Queries } from './queries.ts';
import { show } from './shown.ts';

/** Puts what the provider says of a transaction; @returns false where it says what it said before. */
export function putRemote(queries: Queries, remote: Transaction): boolean {
  const { build, first, run } = queries;
  const text = JSON.stringify(remote);
  const known = first(build.selectFrom('transactions').select('remote').where('id', '=', remote.id));
  if (known?.remote === text) return false;
  if (known) run(build.updateTable('transactions').set({ remote: text }).where('id', '=', remote.id));
  else {
    run(
      build.insertInto('transactions').values({
        id: remote.id,
        account_id: remote.accountId,
        status: remote.status,
        updated_at: remote.updatedAt,
        remote: text,
        shown: text,
        item: text,
      }),
    );
  }
  return true;
}

/** Work of mine that has not arrived keeps a transaction here after the provider deleted it. */
function hasUnfinishedWork({ build, first }: Queries, transactionId: string): boolean {
  const row = build
    .selectFrom('outbox')
    .select('sequence')
    .where('transaction_id', '=', transactionId)
    .where('state', '<>', 'confirmed')
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
    show(queries, transaction.id);
    changed.push(transaction.id);
  }
  const deleted = deletedRemoteIds.flatMap((remoteId) => removeDeleted(queries, accountId, remoteId) ?? []);
  return { changed: [...changed, ...deleted], anyDeleted: deleted.length > 0 };
}

export function readRemote({ build, first }: Queries, transactionId: string): Transaction | undefined {
  const row = first(build.selectFrom('transactions').select('remote').where('id', '=', transactionId));
  return row && JSON.parse(row.remote);
}

export function readShown({ build, first }: Queries, transactionId: string): Transaction | undefined {
  const row = first(build.selectFrom('transactions').select('shown').where('id', '=', transactionId));
  return row && JSON.parse(row.shown);
}
