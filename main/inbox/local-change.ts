/**
 * A change made here, as the outbox keeps it in JSON (the shape of a provider's `Change`), and how a transaction looks with
 * that change over what the provider last said.
 */
import { z } from 'zod';
import type { Note, Transaction, TransactionDocument, TransactionStatus } from '../../preload/model.ts';
import { myTask } from './tasks.ts';

const common = { key: z.string(), remoteId: z.string() };

export const localChange = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('signature'),
    ...common,
    documentId: z.string(),
    signatureRequestId: z.string(),
    signedAt: z.number(),
    fileName: z.string(),
    sha256: z.string(),
    baseSha256: z.string(),
    sizeBytes: z.number(),
  }),
  z.object({
    kind: z.literal('decline'),
    ...common,
    documentId: z.string(),
    signatureRequestId: z.string(),
    declinedAt: z.number(),
    reason: z.string(),
  }),
  z.object({
    kind: z.literal('fill'),
    ...common,
    values: z.array(z.object({ documentId: z.string(), formId: z.string(), value: z.string() })),
  }),
  z.object({ kind: z.literal('note-added'), ...common, text: z.string() }),
  z.object({
    kind: z.literal('note-edited'),
    ...common,
    noteId: z.string(),
    text: z.string(),
    baseText: z.string(),
  }),
  z.object({ kind: z.literal('note-deleted'), ...common, noteId: z.string(), baseText: z.string() }),
  z.object({ kind: z.literal('notification-cleared'), ...common, ids: z.array(z.string()) }),
  z.object({ kind: z.literal('device-revoked'), ...common, name: z.string() }),
  z.object({ kind: z.literal('published'), ...common }),
]);
export type LocalChange = z.infer<typeof localChange>;

/** @returns undefined where the text is not a change of a kind known here */
export function readChange(text: string): LocalChange | undefined {
  try {
    return localChange.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function mapDocument(
  transaction: Transaction,
  documentId: string,
  map: (document: TransactionDocument) => TransactionDocument,
): Transaction {
  return {
    ...transaction,
    documents: transaction.documents.map((document) => (document.id === documentId ? map(document) : document)),
  };
}

function signed(document: TransactionDocument, requestId: string): TransactionDocument {
  if (!document.signatureRequests.some((request) => request.id === requestId)) return document;
  return {
    ...document,
    status: 'signed',
    forms: document.forms.map((form) => (form.signatureRequestId === requestId ? { ...form, filled: true } : form)),
    signatureRequests: document.signatureRequests.map((request) =>
      request.id === requestId ? { ...request, state: 'signed' } : request,
    ),
  };
}

function declined(document: TransactionDocument, requestId: string, reason: string): TransactionDocument {
  return {
    ...document,
    signatureRequests: document.signatureRequests.map((request) =>
      request.id === requestId ? { ...request, state: 'declined', declinedReason: reason } : request,
    ),
  };
}

function filled(document: TransactionDocument, values: ReadonlyMap<string, string>): TransactionDocument {
  return {
    ...document,
    forms: document.forms.map((form) => {
      const value = values.get(form.id);
      return value === undefined ? form : { ...form, value, filled: true };
    }),
  };
}

function changedDocuments(transaction: Transaction, change: LocalChange): Transaction {
  switch (change.kind) {
    case 'signature':
      return mapDocument(transaction, change.documentId, (d) => signed(d, change.signatureRequestId));
    case 'decline':
      return mapDocument(transaction, change.documentId, (d) => declined(d, change.signatureRequestId, change.reason));
    case 'fill': {
      const byDocument = Map.groupBy(change.values, (value) => value.documentId);
      return [...byDocument].reduce(
        (result, [documentId, values]) =>
          mapDocument(result, documentId, (d) => filled(d, new Map(values.map((v) => [v.formId, v.value])))),
        transaction,
      );
    }
    case 'note-added':
    case 'note-edited':
    case 'note-deleted':
    case 'notification-cleared':
    case 'device-revoked':
    case 'published':
      return transaction;
  }
}

function statusOf(transaction: Transaction): TransactionStatus {
  const requests = transaction.documents.flatMap((document) => document.signatureRequests);
  if (requests.some((request) => request.state === 'declined')) return 'declined';
  if (requests.length > 0 && requests.every((request) => request.state === 'signed')) return 'signed';
  const task = myTask(transaction);
  return task === 'none' ? transaction.status : task;
}

const running: readonly TransactionStatus[] = ['to-fill', 'to-sign', 'waiting'];

/**
 * The transaction with the change made. What has ended at the provider keeps its status: a late change of mine does not
 * bring it back.
 */
export function applyLocalChange(transaction: Transaction, change: LocalChange): Transaction {
  if (change.kind === 'published') {
    return transaction.status === 'draft' ? { ...transaction, status: 'waiting' } : transaction;
  }
  const next = changedDocuments(transaction, change);
  if (next === transaction || !running.includes(transaction.status)) return next;
  return { ...next, status: statusOf(next) };
}

/** A transaction's notes with the change made. */
export function applyToNotes(notes: Note[], change: LocalChange): Note[] {
  switch (change.kind) {
    case 'note-edited':
      return notes.map((note) => (note.id === change.noteId ? { ...note, text: change.text, unsent: true } : note));
    case 'note-deleted':
      return notes.filter((note) => note.id !== change.noteId);
    default:
      return notes;
  }
}

/** A change of a note that is known by another id now: the same object where it is about something else. */
export function retarget(change: LocalChange, from: string, to: string): LocalChange {
  const isAbout = (change.kind === 'note-edited' || change.kind === 'note-deleted') && change.noteId === from;
  return isAbout ? { ...change, noteId: to } : change;
}

/** Changes of notes leave in their own order, apart from all else of the transaction. */
export const isOfNotes = (kind: LocalChange['kind']) =>
  kind === 'note-added' || kind === 'note-edited' || kind === 'note-deleted';
