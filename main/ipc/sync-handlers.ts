/** Syncing, the outbox, activity, notifications, conflicts. */
import type { OutboxView } from '../../preload/model.ts';
import { readChange } from '../inbox/index.ts';
import type { OutboxRow, Store } from '../store/store.ts';
import { exportRevision } from './export-revision.ts';
import type { Rooms } from './rooms.ts';
import { CallError, type Handlers } from './router.ts';

type SyncCalls = Pick<
  Handlers,
  | 'sync.now'
  | 'sync.status'
  | 'sync.pause'
  | 'sync.resume'
  | 'sync.conditions'
  | 'outbox.list'
  | 'outbox.retry'
  | 'activity.list'
  | 'notifications.list'
  | 'notifications.clear'
  | 'conflicts.list'
  | 'conflicts.settle'
  | 'conflicts.export'
>;

function toOutboxView(row: OutboxRow, title: string): OutboxView {
  const change = readChange(row.change);
  return {
    id: row.id,
    accountId: row.accountId,
    title: change?.kind === 'device-revoked' ? change.name : title,
    kind: change ? row.kind : 'unreadable',
    state: row.state,
    attempts: row.attempts,
    createdAt: row.createdAt,
    changedAt: row.changedAt,
    ...(row.transactionId === undefined ? {} : { transactionId: row.transactionId }),
    ...(row.retryAt === undefined ? {} : { retryAt: row.retryAt }),
    ...(row.code === undefined ? {} : { code: row.code }),
    ...(row.jobId === undefined ? {} : { jobId: row.jobId }),
  };
}

/** Rows with the titles of what they are about. */
export async function outboxViews(store: Store, rows: readonly OutboxRow[]): Promise<OutboxView[]> {
  const titles = new Map<string, string>();
  for (const { transactionId } of rows) {
    if (transactionId === undefined || titles.has(transactionId)) continue;
    titles.set(transactionId, (await store.transaction(transactionId))?.title ?? '');
  }
  return rows.map((row) => toOutboxView(row, titles.get(row.transactionId ?? '') ?? ''));
}

export function syncHandlers(rooms: Rooms): SyncCalls {
  const { store, sync, changes, conflicts, clock } = rooms;
  return {
    'sync.now': async ({ accountId }) => {
      const { pulled, delivered, waiting, errors } = await sync.syncNow(accountId);
      return { pulled, delivered, waiting, errors: [...errors] };
    },
    'sync.status': () => sync.status(),
    'sync.pause': async () => {
      await sync.pause();
      return {};
    },
    'sync.resume': async () => {
      await sync.resume();
      return {};
    },
    'sync.conditions': async ({ online, foreground, metered }) => {
      sync.conditions({
        ...(foreground === undefined ? {} : { foreground }),
        ...(metered === undefined ? {} : { metered }),
      });
      if (online === true) sync.wake();
      return {};
    },
    'outbox.list': async () => outboxViews(store, await store.outbox({ unconfirmed: true })),
    'outbox.retry': async ({ outboxId }) => {
      const row = (await store.outbox({ unconfirmed: true })).find((r) => r.id === outboxId);
      if (!row) throw new CallError('not-found');
      await store.updateOutbox(outboxId, { state: 'unknown', retryAt: undefined, code: undefined, at: clock.now() });
      await sync.deliver();
      return {};
    },
    'activity.list': ({ limit, before, accountId, transactionId }) =>
      store.activity({
        limit,
        ...(before === undefined ? {} : { before }),
        ...(accountId === undefined ? {} : { accountId }),
        ...(transactionId === undefined ? {} : { transactionId }),
      }),
    'notifications.list': () => store.notifications(),
    'notifications.clear': async ({ transactionId }) => {
      await changes.clearNotifications(transactionId);
      return {};
    },
    'conflicts.list': ({ transactionId, settled }) =>
      conflicts.list({
        ...(transactionId === undefined ? {} : { transactionId }),
        ...(settled === undefined ? {} : { settled }),
      }),
    'conflicts.settle': async ({ id, choice, text }) => ({
      toSign: [...(await conflicts.settle(id, choice, text))],
    }),
    'conflicts.export': async ({ id, path }) => {
      const found = (await conflicts.list({ settled: true })).find((each) => each.id === id);
      const rows = [...(await store.outbox({ unconfirmed: true })), ...(await store.outbox({ settled: true }))];
      const revision = rows.find((row) => row.id === id)?.revision;
      if (!found?.copy || !revision) throw new CallError('not-found');
      return exportRevision(rooms, revision, found.copy.fileName, path);
    },
  };
}
