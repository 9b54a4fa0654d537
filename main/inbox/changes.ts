/** Changes a person makes here: each is visible at once and leaves an outbox row, both in one SQL transaction. */
import type { Form, Note, SignatureRequest, Transaction } from '../../preload/model.ts';
import type { Clock } from '../platform/clock.ts';
import type { Change } from '../providers/provider.ts';
import type { NewOutboxRow, Store } from '../store/store.ts';

export class ChangeError extends Error {
  readonly code: 'not-found' | 'not-declinable' | 'nothing-to-decline' | 'nothing-to-fill';
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
  /** Declines every request that is mine and open; how many. @throws ChangeError not-found, nothing-to-decline, not-declinable */
  decline(transactionId: string, reason: string): Promise<number>;
  /** @throws ChangeError not-found, nothing-to-fill where a form is not mine to fill */
  fill(transactionId: string, values: readonly FormValue[]): Promise<void>;
}

type RequestPlace = { readonly documentId: string; readonly request: SignatureRequest };

function openRequests(transaction: Transaction): RequestPlace[] {
  return transaction.documents.flatMap((document) =>
    document.signatureRequests
      .filter((request) => request.mine && request.state === 'ready')
      .map((request) => ({ documentId: document.id, request })),
  );
}

function declined(transaction: Transaction, places: readonly RequestPlace[], reason: string): Transaction {
  const isDeclined = (documentId: string, request: SignatureRequest) =>
    places.some((place) => place.documentId === documentId && place.request.id === request.id);
  return {
    ...transaction,
    status: 'declined',
    documents: transaction.documents.map((document) => ({
      ...document,
      signatureRequests: document.signatureRequests.map((request) =>
        isDeclined(document.id, request) ? { ...request, state: 'declined', declinedReason: reason } : request,
      ),
    })),
  };
}

function filled(transaction: Transaction, values: readonly FormValue[]): Transaction {
  const fillForm = (documentId: string, form: Form): Form => {
    const given = values.find((v) => v.documentId === documentId && v.formId === form.id);
    return given ? { ...form, value: given.value, filled: given.value !== '' } : form;
  };
  return {
    ...transaction,
    documents: transaction.documents.map((document) => ({
      ...document,
      forms: document.forms.map((form) => fillForm(document.id, form)),
    })),
  };
}

function isMineToFill(transaction: Transaction, value: FormValue): boolean {
  const document = transaction.documents.find((d) => d.id === value.documentId);
  return document?.forms.some((f) => f.id === value.formId && f.kind === 'text' && f.mine) ?? false;
}

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
      const open = openRequests(transaction);
      if (open.length === 0) throw new ChangeError('nothing-to-decline');
      const places = open.filter((place) => place.request.declinable);
      const [first] = places;
      if (!first) throw new ChangeError('not-declinable');
      // One declined request ends the transaction at the provider; the others need no change of their own.
      const change: Change = {
        kind: 'decline',
        key: newId(),
        remoteId: transaction.remoteId,
        documentId: first.documentId,
        signatureRequestId: first.request.id,
        declinedAt: clock.now(),
        reason,
      };
      await store.commitChange(row(transaction, change), { transaction: declined(transaction, places, reason) });
      committed(transactionId);
      return places.length;
    },

    async fill(transactionId, values) {
      const transaction = await known(transactionId);
      if (!values.every((value) => isMineToFill(transaction, value))) throw new ChangeError('nothing-to-fill');
      const change: Change = { kind: 'fill', key: newId(), remoteId: transaction.remoteId, values };
      await store.commitChange(row(transaction, change), { transaction: filled(transaction, values) });
      committed(transactionId);
    },
  };
}
