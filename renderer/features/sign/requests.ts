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

/** One of my requests on the bytes that stand for its document now. */
export interface ChosenRequest {
  readonly transactionId: string;
  readonly documentId: string;
  readonly signatureRequestId: string;
  readonly reviewedSha256: string;
  readonly title: string;
  readonly reason: string;
  readonly withTimestamp: boolean;
  readonly profile: SignatureRequest['profile'];
}

/** Names a request among those of all transactions: its id is its document's own. */
export const requestKey = ({
  transactionId,
  documentId,
  signatureRequestId,
}: Pick<ChosenRequest, 'transactionId' | 'documentId' | 'signatureRequestId'>): string =>
  `${transactionId}/${documentId}/${signatureRequestId}`;

/** What is not signed with the rest, and why. */
export interface LeftOut {
  readonly title: string;
  readonly code: string;
}
