/** The inbox, notes, declining and filling, the outbox. */
import type { OutboxView } from '../../preload/model.ts';
import type { OutboxRow } from '../store/store.ts';
import type { Rooms } from './rooms.ts';
import { CallError, type Handlers } from './router.ts';

type TransactionCalls = Pick<
  Handlers,
  | 'inbox.list'
  | 'inbox.tags'
  | 'inbox.accounts'
  | 'inbox.show'
  | 'notes.add'
  | 'notes.refresh'
  | 'transactions.decline'
  | 'transactions.fill'
  | 'outbox.list'
  | 'outbox.retry'
>;

const toOutboxView = (row: OutboxRow, title: string): OutboxView => ({
  id: row.id,
  transactionId: row.transactionId,
  title,
  kind: row.kind,
  state: row.state,
  attempts: row.attempts,
  createdAt: row.createdAt,
  ...(row.retryAt === undefined ? {} : { retryAt: row.retryAt }),
  ...(row.code === undefined ? {} : { code: row.code }),
});

/** The object without the keys that are there with nothing in them. */
function defined<T extends object>(given: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as ReturnType<
    typeof defined<T>
  >;
}

/** Notes of a transaction that is looked at are read anew this often. */
const NOTES_FRESH_MS = 30_000;

export function transactionHandlers({ store, sync, signing, changes, clock }: Rooms): TransactionCalls {
  async function views(rows: readonly OutboxRow[]): Promise<OutboxView[]> {
    const titles = new Map<string, string>();
    for (const { transactionId } of rows) {
      if (titles.has(transactionId)) continue;
      titles.set(transactionId, (await store.transaction(transactionId))?.title ?? '');
    }
    return rows.map((row) => toOutboxView(row, titles.get(row.transactionId) ?? ''));
  }

  const notesReadAt = new Map<string, number>();
  /** In the background: what is new comes as `inbox.changed`; with no network the known notes serve. */
  function freshenNotes(transactionId: string): void {
    const readAt = notesReadAt.get(transactionId) ?? Number.NEGATIVE_INFINITY;
    if (clock.now() - readAt < NOTES_FRESH_MS) return;
    notesReadAt.set(transactionId, clock.now());
    sync.refreshNotes(transactionId).catch(() => notesReadAt.delete(transactionId));
  }

  return {
    'inbox.list': (query) => store.inbox(defined(query)),
    'inbox.tags': ({ accountId }) => store.inboxTags(accountId),
    'inbox.accounts': () => store.inboxAccounts(),
    'inbox.show': async ({ transactionId }) => {
      const transaction = await store.transaction(transactionId);
      if (!transaction) throw new CallError('not-found');
      freshenNotes(transactionId);
      return {
        transaction,
        notes: await store.notes(transactionId),
        jobs: await signing.jobs({ transactionId }),
        outbox: await views(await store.outbox({ transactionId })),
      };
    },
    'notes.refresh': async ({ transactionId }) => {
      await sync.refreshNotes(transactionId);
      return {};
    },
    'notes.add': ({ transactionId, text }) => changes.addNote(transactionId, text),
    'transactions.decline': async ({ transactionId, reason }) => ({
      declined: await changes.decline(transactionId, reason),
    }),
    'transactions.fill': async ({ transactionId, values }) => {
      await changes.fill(transactionId, values);
      return {};
    },
    'outbox.list': async () => views(await store.outbox({ unconfirmed: true })),
    'outbox.retry': async ({ outboxId }) => {
      const row = (await store.outbox({ unconfirmed: true })).find((r) => r.id === outboxId);
      if (!row) throw new CallError('not-found');
      await store.updateOutbox(outboxId, { state: 'unknown', retryAt: undefined, code: undefined });
      await sync.deliver();
      return {};
    },
  };
}
