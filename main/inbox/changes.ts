/** Changes a person makes here: each is visible at once and leaves an outbox row, both in one SQL transaction. */
import type { Note, Transaction } from '../../preload/model.ts';
import type { Clock } from '../platform/clock.ts';
import type { Change } from '../providers/provider.ts';
import type { NewOutboxRow, Store } from '../store/store.ts';
import { applyLocalChange } from './local-change.ts';
import { declinableRequests } from './tasks.ts';

export class ChangeError extends Error {
  readonly code: 'signed-already' | 'not-found' | 'not-declinable' | 'nothing-to-decline' | 'nothing-to-fill';
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
  /** Something new waits in the outbox for this transaction. */
  readonly committed: (transactionId: string) => void;
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
}

function isMineToFill(transaction: Transaction, value: FormValue): boolean {
  const document = transaction.documents.find((d) => d.id === value.documentId);
  return document?.forms.some((f) => f.id === value.formId && f.kind === 'text' && f.mine) ?? false;
}

/** States of a signing job whose signature exists and is on its way: what is signed here is not declined any more. */
const SIGNED = new Set(['signed', 'awaiting-timestamp', 'complete', 'queued', 'delivering']);

export function createChanges({ store, clock, newId, committed }: ChangesDeps): Changes {
  const row = (transaction: Transaction, change: Change): NewOutboxRow => ({
    id: change.key,
    accountId: transaction.accountId,
    transactionId: transaction.id,
    kind: change.kind,
    change: JSON.stringify(change),
    createdAt: clock.now(),
    jobId: undefined,
  });

  async function known(transactionId: string): Promise<Transaction> {
    const transaction = await store.transaction(transactionId);
    if (!transaction) throw new ChangeError('not-found');
    return transaction;
  }

  return {
    async addNote(transactionId, text) {
      const transaction = await known(transactionId);
      const key = newId();
      const author = (await store.accounts()).find((a) => a.id === transaction.accountId);
      const note: Note = {
        id: key,
        authorId: author?.userId ?? '',
        authorName: author?.userName ?? '',
        mine: true,
        text,
        createdAt: clock.now(),
        unsent: true,
      };
      const change: Change = { kind: 'note-added', key, remoteId: transaction.remoteId, text };
      await store.commitChange(row(transaction, change), { note });
      committed(transactionId);
      return note;
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
