/** Which signature requests of a transaction wait for me. */
import type { SignatureRequest, Transaction, TransactionDocument } from '../../../preload/model.ts';

export interface RequestOnDocument {
  readonly request: SignatureRequest;
  readonly document: TransactionDocument;
}

function open(transaction: Pick<Transaction, 'documents'>): RequestOnDocument[] {
  return transaction.documents.flatMap((document) =>
    document.signatureRequests
      .filter(({ mine, state }) => mine && state === 'ready')
      .map((request) => ({ request, document })),
  );
}

/** Mine and ready, while the transaction waits for signatures. Text forms of mine that are still empty come first. */
export function requestsToSign(transaction: Pick<Transaction, 'status' | 'documents'>): RequestOnDocument[] {
  return transaction.status === 'to-sign' ? open(transaction) : [];
}

export function declinableRequests(transaction: Pick<Transaction, 'status' | 'documents'>): RequestOnDocument[] {
  const waits = transaction.status === 'to-sign' || transaction.status === 'to-fill';
  return waits ? open(transaction).filter(({ request }) => request.declinable) : [];
}
