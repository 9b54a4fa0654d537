/** The inbox, notes, declining, filling, publishing. */
import type { Rooms } from './rooms.ts';
import { CallError, type Handlers } from './router.ts';
import { outboxViews } from './sync-handlers.ts';

type TransactionCalls = Pick<
  Handlers,
  | 'inbox.list'
  | 'inbox.tags'
  | 'inbox.accounts'
  | 'inbox.show'
  | 'notes.add'
  | 'notes.edit'
  | 'notes.delete'
  | 'notes.refresh'
  | 'transactions.decline'
  | 'transactions.fill'
  | 'transactions.publish'
>;

/** The object without the keys that are there with nothing in them. */
function defined<T extends object>(given: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as ReturnType<
    typeof defined<T>
  >;
}

/** Notes of a transaction that is looked at are read anew this often. */
const NOTES_FRESH_MS = 30_000;

export function transactionHandlers({ store, sync, signing, changes, clock }: Rooms): TransactionCalls {
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
        outbox: await outboxViews(store, await store.outbox({ transactionId })),
      };
    },
    'notes.refresh': async ({ transactionId }) => {
      await sync.refreshNotes(transactionId);
      return {};
    },
    'notes.add': ({ transactionId, text }) => changes.addNote(transactionId, text),
    'notes.edit': ({ transactionId, noteId, text }) => changes.editNote(transactionId, noteId, text),
    'notes.delete': async ({ transactionId, noteId }) => {
      await changes.deleteNote(transactionId, noteId);
      return {};
    },
    'transactions.decline': async ({ transactionId, reason }) => ({
      declined: await changes.decline(transactionId, reason),
    }),
    'transactions.fill': async ({ transactionId, values }) => {
      await changes.fill(transactionId, values);
      return {};
    },
    'transactions.publish': async ({ transactionId }) => {
      await changes.publish(transactionId);
      return {};
    },
  };
}
