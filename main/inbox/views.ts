/** The inbox's views: which statuses each one lists. */
import { type InboxView, inboxView, type TransactionStatus } from '../../preload/model.ts';

const statuses: Readonly<Record<Exclude<InboxView, 'outbox' | 'all'>, readonly TransactionStatus[]>> = {
  'to-do': ['to-fill', 'to-sign'],
  'to-fill': ['to-fill'],
  'to-sign': ['to-sign'],
  waiting: ['waiting'],
  done: ['signed'],
  /** Ended without being signed, whatever the reason. */
  declined: ['declined', 'expired', 'error'],
  drafts: ['draft'],
};

/** The statuses a view lists; undefined where it does not go by status: `all` lists everything, `outbox` what is unsent. */
export function statusesOf(view: InboxView): readonly TransactionStatus[] | undefined {
  return view === 'outbox' || view === 'all' ? undefined : statuses[view];
}

/** How many items each view has, from the number of transactions in each status. */
export function countViews(
  byStatus: ReadonlyMap<TransactionStatus, number>,
  outboxCount: number,
): Record<InboxView, number> {
  const all = [...byStatus.values()].reduce((sum, count) => sum + count, 0);
  const count = (view: InboxView) => {
    if (view === 'all') return all;
    if (view === 'outbox') return outboxCount;
    return statuses[view].reduce((sum, status) => sum + (byStatus.get(status) ?? 0), 0);
  };
  return Object.fromEntries(inboxView.options.map((view) => [view, count(view)])) as Record<InboxView, number>;
}
