/** What waits for the signed-in person in a transaction: forms to fill, requests to sign or to decline, in their order. */
import type { Form, SignatureRequest, Transaction, TransactionDocument } from '../../preload/model.ts';

export interface RequestRef {
  readonly documentId: string;
  readonly signatureRequestId: string;
}

/** A request that can be signed now; `after` is my request on the same document whose result this one is signed on. */
export interface SignableRequest extends RequestRef {
  readonly after: string | undefined;
}

export interface FormRef {
  readonly documentId: string;
  readonly form: Form;
}

const isOpenText = (form: Form) => form.kind === 'text' && form.mine && !form.filled;

/** My text forms that have no value yet, in the documents' order. */
export function formsToFill(transaction: Transaction): FormRef[] {
  return transaction.documents.flatMap((document) =>
    document.forms.filter(isOpenText).map((form) => ({ documentId: document.id, form })),
  );
}

/** Text was filled in, and the provider has not made the file that shows it: there is nothing to sign on yet. */
export function awaitsRendering(document: TransactionDocument): boolean {
  return document.status === 'plain' && document.forms.some((form) => form.kind === 'text' && form.filled);
}

const isReadyAndMine = (request: SignatureRequest) => request.mine && request.state === 'ready';

function signableInDocument(document: TransactionDocument): SignableRequest[] {
  const ready = document.signatureRequests.filter(isReadyAndMine).toSorted((a, b) => a.group - b.group);
  return ready.map((request, index) => ({
    documentId: document.id,
    signatureRequestId: request.id,
    after: ready[index - 1]?.id,
  }));
}

/**
 * What I can sign now: my ready requests, once none of my required text forms in the transaction is empty, on documents
 * whose file shows what was filled. Two on one document form a chain, in the order of their signer groups.
 */
export function signableRequests(transaction: Transaction): SignableRequest[] {
  if (formsToFill(transaction).some(({ form }) => form.required)) return [];
  return transaction.documents.filter((document) => !awaitsRendering(document)).flatMap(signableInDocument);
}

/** My requests that may be declined now. */
export function declinableRequests(transaction: Transaction): RequestRef[] {
  return transaction.documents.flatMap((document) =>
    document.signatureRequests
      .filter((request) => isReadyAndMine(request) && request.declinable)
      .map((request) => ({ documentId: document.id, signatureRequestId: request.id })),
  );
}

export type MyTask = 'to-fill' | 'to-sign' | 'waiting' | 'none';

/** What a running transaction asks of me: `waiting` where it is somebody else's turn, `none` where it is over or a draft. */
export function myTask(transaction: Transaction): MyTask {
  if (transaction.status !== 'to-fill' && transaction.status !== 'to-sign' && transaction.status !== 'waiting') {
    return 'none';
  }
  const requests = transaction.documents.flatMap((document) => document.signatureRequests);
  if (requests.some((request) => request.state === 'declined')) return 'none';
  if (requests.length > 0 && requests.every((request) => request.state === 'signed')) return 'none';
  if (formsToFill(transaction).some(({ form }) => form.required)) return 'to-fill';
  return signableRequests(transaction).length > 0 ? 'to-sign' : 'waiting';
}

/** The documents I need at hand for my task. */
export function documentsToOpen(transaction: Transaction): string[] {
  if (transaction.status !== 'to-fill' && transaction.status !== 'to-sign') return [];
  return transaction.documents
    .filter((document) => document.signatureRequests.some(isReadyAndMine) || document.forms.some(isOpenText))
    .map((document) => document.id);
}
