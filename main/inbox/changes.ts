/** Changes a person makes here: each is visible at once and leaves an outbox row, both in one SQL transaction. */
import type { Note, Transaction } from '../../preload/model.ts';
import type { Clock } from '../platform/clock.ts';
import type { Change } from '../providers/provider.ts';
import type { NewOutboxRow, Store } from '../store/store.ts';
import { applyLocalChange } from './local-change.ts';
import { declinableRequests } from './tasks.ts';

export class ChangeError extends Error {
  readonly code:
    | 'signed-already'
    | 'not-found'
    | 'not-mine'
    | 'not-declinable'
    | 'nothing-to-decline'
    | 'nothing-to-fill'
    | 'not-a-draft'
    | 'not-a-choice'
    | 'text-needed';
  constructor(code: ChangeError['code']) {
    super(`inbox: ${code}`);
    this.name = 'ChangeError';
    this.code = code;
  }
}

export interface ChangesDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly newId: () => string;
  /** Something new waits in the outbox, for this transaction or for an account as a whole. */
  readonly committed: (transactionId: string | undefined) => void;
}

export interface FormValue {
  readonly documentId: string;
  readonly formId: string;
  readonly value: string;
}

export interface Changes {
  /** @throws ChangeError not-found */
  addNote(transactionId: string, text: string): Promise<Note>;
  /** Declines every request that is mine and open; how many. @throws ChangeError not-found, signed-already, nothing-to-decline, not-declinable */
  decline(transactionId: string, reason: string): Promise<number>;
  /** @throws ChangeError not-found, nothing-to-fill where a form is not mine to fill */
  fill(transactionId: string, values: readonly FormValue[]): Promise<void>;
  /** @throws ChangeError not-found, not-mine */
  editNote(transactionId: string, noteId: string, text: string): Promise<Note>;
  /** @throws ChangeError not-found, not-mine */
  deleteNote(transactionId: string, noteId: string): Promise<void>;
  /** @throws ChangeError not-found where the transaction has none */
  clearNotifications(transactionId: string): Promise<void>;
  /** Takes a paired device its right to sign in. */
  revokeDevice(accountId: string, deviceId: string, name: string): Promise<void>;
  /** Sends a draft on its way. @throws ChangeError not-found, not-a-draft */
  publish(transactionId: string): Promise<void>;
}

function isMineToFill(transaction: Transaction, value: FormValue): boolean {
  const document = transaction.documents.find((d) => d.id === value.documentId);
  return document?.forms.some((f) => f.id === value.formId && f.kind === 'text' && f.mine) ?? false;
}

/** The outbox row of a change. */
export function toRow(
  about: Pick<NewOutboxRow, 'accountId' | 'transactionId'>,
  change: Change,
  createdAt: number,
): NewOutboxRow {
  return { ...about, id: change.key, kind: change.kind, change: JSON.stringify(change), createdAt, jobId: undefined };
}

/** A note to be added, and its row. */
export async function newNote(
  store: Pick<Store, 'accounts'>,
  transaction: Transaction,
  key: string,
  text: string,
  createdAt: number,
): Promise<{ note: Note; row: NewOutboxRow }> {
  const { accountId, id: transactionId, remoteId } = transaction;
  const author = (await store.accounts()).find(({ id }) => id === accountId);
  const note: Note = {
    id: key,
    authorId: author?.userId ?? '',
    authorName: author?.userName ?? '',
    mine: true,
    text,
    createdAt,
    unsent: true,
  };
  return { note, row: toRow({ accountId, transactionId }, { kind: 'note-added', key, remoteId, text }, createdAt) };
}

/** States of a signing job whose signature exists and is on its way: what is signed here is not declined any more. */
const SIGNED = new Set([
  'signed',
  'awaiting-timestamp',
  'awaiting-validation-data',
  'complete',
  'queued',
  'delivering',
]);

export function createChanges({ store, clock, newId, committed }: ChangesDeps): Changes {
  const row = (transaction: Transaction, change: Change): NewOutboxRow =>
    toRow({ accountId: transaction.accountId, transactionId: transaction.id }, change, clock.now());

  /** A note of mine, as it is shown. */
  async function myNote(transactionId: string, noteId: string): Promise<Note> {
    const note = (await store.notes(transactionId)).find(({ id }) => id === noteId);
    if (!note) throw new ChangeError('not-found');
    if (!note.mine) throw new ChangeError('not-mine');
    return note;
  }

  /** The row that would have added a note and is on hold: nothing is there that could be edited. */
  async function heldNote(transactionId: string, noteId: string) {
    const rows = await store.outbox({ unconfirmed: true, transactionId });
    return rows.find(({ id, state }) => id === noteId && (state === 'parked' || state === 'failed'));
  }

  async function known(transactionId: string): Promise<Transaction> {
    const transaction = await store.transaction(transactionId);
    if (!transaction) throw new ChangeError('not-found');
    return transaction;
  }

  return {
    async addNote(transactionId, text) {
      const transaction = await known(transactionId);
      const added = await newNote(store, transaction, newId(), text, clock.now());
      await store.commitChange(added.row, { note: added.note });
      committed(transactionId);
      return added.note;
    },

    async editNote(transactionId, noteId, text) {
      const transaction = await known(transactionId);
      const note = await myNote(transactionId, noteId);
      if (note.text === text) return note;
      const held = await heldNote(transactionId, noteId);
      if (held) {
        const then = await newNote(store, transaction, newId(), text, clock.now());
        await store.settleOutbox(held.id, { choice: 'discard', keepCopy: false, at: clock.now(), then });
        committed(transactionId);
        return then.note;
      }
      const about = { key: newId(), remoteId: transaction.remoteId, noteId, baseText: note.text };
      await store.commitChange(row(transaction, { kind: 'note-edited', ...about, text }), {});
      committed(transactionId);
      return { ...note, text, unsent: true };
    },

    async deleteNote(transactionId, noteId) {
      const transaction = await known(transactionId);
      const note = await myNote(transactionId, noteId);
      const held = await heldNote(transactionId, noteId);
      if (held) await store.settleOutbox(held.id, { choice: 'discard', keepCopy: false, at: clock.now() });
      else {
        const about = { key: newId(), remoteId: transaction.remoteId, noteId, baseText: note.text };
        await store.commitChange(row(transaction, { kind: 'note-deleted', ...about }), {});
      }
      committed(transactionId);
    },

    async clearNotifications(transactionId) {
      const transaction = await known(transactionId);
      const own = (await store.notifications()).filter((each) => each.transactionId === transactionId);
      if (own.length === 0) throw new ChangeError('not-found');
      const ids = own.map(({ id }) => id);
      const change = { kind: 'notification-cleared' as const, key: newId(), remoteId: transaction.remoteId, ids };
      await store.commitChange(row(transaction, change), {});
      committed(transactionId);
    },

    async revokeDevice(accountId, deviceId, name) {
      const change = { kind: 'device-revoked' as const, key: newId(), remoteId: deviceId, name };
      await store.commitChange(toRow({ accountId, transactionId: undefined }, change, clock.now()), {});
      committed(undefined);
    },

    async publish(transactionId) {
      const transaction = await known(transactionId);
      if (transaction.status !== 'draft') throw new ChangeError('not-a-draft');
      const change = { kind: 'published' as const, key: newId(), remoteId: transaction.remoteId };
      await store.commitChange(row(transaction, change), { transaction: applyLocalChange(transaction, change) });
      committed(transactionId);
    },

    async decline(transactionId, reason) {
      const transaction = await known(transactionId);
      const signed = (await store.jobs({ transactionId })).some((job) => SIGNED.has(job.stateKind));
      if (signed) throw new ChangeError('signed-already');
      const places = declinableRequests(transaction);
      const [first] = places;
      if (!first) {
        const mine = transaction.documents
          .flatMap((d) => d.signatureRequests)
          .some((r) => r.mine && r.state === 'ready');
        throw new ChangeError(mine ? 'not-declinable' : 'nothing-to-decline');
      }
      // One declined request ends the transaction at the provider; the others need no change of their own.
      const change = {
        kind: 'decline' as const,
        key: newId(),
        remoteId: transaction.remoteId,
        ...first,
        declinedAt: clock.now(),
        reason,
      };
      await store.commitChange(row(transaction, change), { transaction: applyLocalChange(transaction, change) });
      committed(transactionId);
      return places.length;
    },

    async fill(transactionId, values) {
      const transaction = await known(transactionId);
      if (!values.every((value) => isMineToFill(transaction, value))) throw new ChangeError('nothing-to-fill');
      const change = { kind: 'fill' as const, key: newId(), remoteId: transaction.remoteId, values: [...values] };
      await store.commitChange(row(transaction, change), { transaction: applyLocalChange(transaction, change) });
      committed(transactionId);
    },
  };
}
