/** A transaction of the unified model, plain and valid; tests change what they are about. */
import type { SignatureRequest, Transaction, TransactionDocument } from '../../../preload/model.ts';

export function sampleRequest(change: Partial<SignatureRequest> = {}): SignatureRequest {
  return {
    id: 'r1',
    signerId: 's1',
    signerName: 'Anna Ozola',
    mine: true,
    reason: 'As the buyer',
    profile: 'PAdES',
    withTimestamp: true,
    declinable: false,
    state: 'ready',
    group: 0,
    restrictions: [],
    ...change,
  };
}

export function sampleDocument(change: Partial<TransactionDocument> = {}): TransactionDocument {
  return {
    id: 'd1',
    title: 'Deed.pdf',
    currentResourceId: 'res-1',
    status: 'plain',
    forms: [],
    signatureRequests: [sampleRequest()],
    ...change,
  };
}

export function sampleTransaction(change: Partial<Transaction> = {}): Transaction {
  return {
    id: 'acc:t1',
    accountId: 'acc',
    provider: 'signing-today',
    remoteId: 't1',
    title: 'Sale of a flat',
    status: 'to-sign',
    urgent: false,
    tags: [],
    senderName: 'Notary Berg',
    createdAt: 1,
    updatedAt: 2,
    documents: [sampleDocument()],
    ...change,
  };
}
