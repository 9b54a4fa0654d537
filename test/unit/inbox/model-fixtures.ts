/** Transactions for tests: a plain one, changed where a test says so. */
import type { Form, Note, SignatureRequest, Transaction, TransactionDocument } from '../../../preload/model.ts';

export function aRequest(change: Partial<SignatureRequest> = {}): SignatureRequest {
  return {
    id: 'request-1',
    signerId: 'me',
    signerName: 'Mia Signer',
    mine: true,
    reason: 'Agreed',
    profile: 'PAdES',
    withTimestamp: true,
    declinable: true,
    state: 'ready',
    group: 0,
    restrictions: [],
    ...change,
  };
}

export function aForm(change: Partial<Form> = {}): Form {
  return {
    id: 'form-1',
    kind: 'text',
    moved: false,
    required: true,
    filled: false,
    mine: true,
    invisible: false,
    label: 'Name',
    value: '',
    ...change,
  };
}

export function aDocument(change: Partial<TransactionDocument> = {}): TransactionDocument {
  return {
    id: 'document-1',
    title: 'lease.pdf',
    currentResourceId: 'resource-1',
    status: 'plain',
    forms: [],
    signatureRequests: [aRequest()],
    ...change,
  };
}

export function aTransaction(remoteId: string, change: Partial<Transaction> = {}): Transaction {
  const accountId = change.accountId ?? 'account-1';
  return {
    id: `${accountId}:${remoteId}`,
    accountId,
    provider: 'signing-today',
    remoteId,
    title: `Lease ${remoteId}`,
    status: 'to-sign',
    urgent: false,
    tags: [],
    senderName: 'Sam Sender',
    createdAt: 1_000,
    updatedAt: 1_000,
    documents: [aDocument()],
    ...change,
  };
}

export function aNote(id: string, change: Partial<Note> = {}): Note {
  return {
    id,
    authorId: 'them',
    authorName: 'Sam Sender',
    mine: false,
    text: `note ${id}`,
    createdAt: 1_000,
    unsent: false,
    ...change,
  };
}
