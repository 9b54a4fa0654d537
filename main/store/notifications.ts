/** The providers' notifications about transactions, less those cleared here. */
import type { NotificationView } from '../../preload/model.ts';
import type { Queries } from './queries.ts';
import { openRow } from './schema.ts';
import type { StoredNotification } from './store.ts';

/** @returns whether anything differs from before */
export function putNotifications(
  queries: Queries,
  accountId: string,
  notifications: readonly StoredNotification[],
): boolean {
  const { build, all, run } = queries;
  const rows = notifications.map(({ id, remoteId, at, title, event }) => ({
    account_id: accountId,
    id,
    remote_id: remoteId,
    at,
    body: JSON.stringify({ title, event }),
  }));
  const known = all(build.selectFrom('notifications').selectAll().where('account_id', '=', accountId).orderBy('id'));
  const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
  if (JSON.stringify(known.toSorted(byId)) === JSON.stringify(rows.toSorted(byId))) return false;
  run(build.deleteFrom('notifications').where('account_id', '=', accountId));
  for (const row of rows) run(build.insertInto('notifications').values(row));
  return true;
}

/** What a row that clears them, and may still arrive, speaks of. */
function cleared({ build, all }: Queries): Set<string> {
  const rows = all(
    build
      .selectFrom('outbox')
      .select(['transaction_id', 'change'])
      .where('kind', '=', 'notification-cleared')
      .where(openRow),
  );
  return new Set(
    rows.flatMap(
      ({ transaction_id, change }) =>
        (JSON.parse(change) as { ids?: string[] }).ids?.map((id) => `${transaction_id}\n${id}`) ?? [],
    ),
  );
}

/** Newest first. */
export function listNotifications(queries: Queries): NotificationView[] {
  const { build, all, first } = queries;
  const hidden = cleared(queries);
  const rows = all(build.selectFrom('notifications').selectAll().orderBy('at', 'desc').orderBy('id', 'desc'));
  const isHere = (id: string) =>
    first(build.selectFrom('transactions').select('id').where('id', '=', id)) !== undefined;
  return rows.flatMap(({ account_id, remote_id, id, at, body }) => {
    const transactionId = `${account_id}:${remote_id}`;
    if (hidden.has(`${transactionId}\n${id}`)) return [];
    const about: Pick<NotificationView, 'title' | 'event'> = JSON.parse(body);
    return [{ id, accountId: account_id, at, ...about, ...(isHere(transactionId) ? { transactionId } : {}) }];
  });
}

export function forgetNotifications({ build, run }: Queries, accountId: string, ids: readonly string[]): void {
  for (const id of ids) {
    run(build.deleteFrom('notifications').where('account_id', '=', accountId).where('id', '=', id));
  }
}
