/** The unified transaction model: accounts, transactions, documents, forms, requests, notes, the inbox. Times are epoch milliseconds (UTC). */
import { z } from 'zod';
import { percentBox } from './basics.ts';

export const providerKind = z.enum(['signing-today']);
export type ProviderKind = z.infer<typeof providerKind>;

/** Where a transaction stands for the person who is signed in. */
export const transactionStatus = z.enum([
  'draft',
  'to-fill',
  'to-sign',
  'waiting',
  'signed',
  'declined',
  'expired',
  'error',
]);
export type TransactionStatus = z.infer<typeof transactionStatus>;

export const form = z.object({
  id: z.string(),
  kind: z.enum(['text', 'signature']),
  /** Missing when the form has no place on a page. */
  box: percentBox.optional(),
  /** The provider's record of the box ran off the page and was moved inside. */
  moved: z.boolean(),
  required: z.boolean(),
  filled: z.boolean(),
  /** True when the signed-in person is the one to fill it. */
  mine: z.boolean(),
  invisible: z.boolean(),
  label: z.string(),
  value: z.string(),
  /** The signature request a signature form belongs to. */
  signatureRequestId: z.string().optional(),
});
export type Form = z.infer<typeof form>;

export const signatureRequest = z.object({
  id: z.string(),
  signerId: z.string(),
  signerName: z.string(),
  /** True when the signed-in person is its signer. */
  mine: z.boolean(),
  reason: z.string(),
  profile: z.enum(['PAdES', 'CAdES']),
  withTimestamp: z.boolean(),
  declinable: z.boolean(),
  /** `ready`: its signer group's turn has come. */
  state: z.enum(['not-yet', 'ready', 'signed', 'declined']),
  declinedReason: z.string().optional(),
  /** Index of the signer group, in signing order. */
  group: z.number().int(),
  restrictions: z.array(z.object({ rule: z.string(), operator: z.string(), value: z.string() })),
});
export type SignatureRequest = z.infer<typeof signatureRequest>;

export const transactionDocument = z.object({
  /** The document's id at the provider, unique within its transaction. */
  id: z.string(),
  title: z.string(),
  /** The resource that is to be shown and signed on now (latest signature, else filled, else plain). */
  currentResourceId: z.string().optional(),
  status: z.enum(['plain', 'filled', 'signed']),
  forms: z.array(form),
  signatureRequests: z.array(signatureRequest),
});
export type TransactionDocument = z.infer<typeof transactionDocument>;

export const note = z.object({
  id: z.string(),
  authorId: z.string(),
  authorName: z.string(),
  mine: z.boolean(),
  text: z.string(),
  createdAt: z.number(),
  /** Written here and not yet confirmed by the provider. */
  unsent: z.boolean(),
});
export type Note = z.infer<typeof note>;

export const transaction = z.object({
  /** Local id: `<accountId>:<remoteId>`. */
  id: z.string(),
  accountId: z.string(),
  provider: providerKind,
  remoteId: z.string(),
  title: z.string(),
  status: transactionStatus,
  urgent: z.boolean(),
  tags: z.array(z.string()),
  senderName: z.string(),
  createdAt: z.number(),
  updatedAt: z.number(),
  expiresAt: z.number().optional(),
  errorMessage: z.string().optional(),
  replaces: z.string().optional(),
  replacedBy: z.string().optional(),
  /** The person made it, and may send, take back or replace it. */
  madeByMe: z.boolean().optional(),
  documents: z.array(transactionDocument),
});
export type Transaction = z.infer<typeof transaction>;

/** Per-item sync state, in the words the inbox shows. */
export const syncState = z.enum(['synced', 'waiting', 'sending', 'needs-attention']);
export type SyncState = z.infer<typeof syncState>;

export const inboxView = z.enum([
  'to-do',
  'to-fill',
  'to-sign',
  'waiting',
  'done',
  'declined',
  'drafts',
  'outbox',
  'all',
]);
export type InboxView = z.infer<typeof inboxView>;

export const inboxItem = transaction.omit({ documents: true }).extend({ documentCount: z.number(), sync: syncState });
export type InboxItem = z.infer<typeof inboxItem>;

/** `due`: what has no date stands after every date. Titles and names are sorted without regard to case and accents. */
export const inboxSort = z.enum(['updated', 'due', 'title', 'sender']);
export type InboxSort = z.infer<typeof inboxSort>;
export const sortOrder = z.enum(['ascending', 'descending']);
export type SortOrder = z.infer<typeof sortOrder>;

export const tagCount = z.object({ tag: z.string(), count: z.number() });
export type TagCount = z.infer<typeof tagCount>;

export const accountCounts = z.object({ accountId: z.string(), counts: z.record(inboxView, z.number()) });
export type AccountCounts = z.infer<typeof accountCounts>;

export const account = z.object({
  id: z.string(),
  provider: providerKind,
  baseUrl: z.string(),
  userId: z.string(),
  userName: z.string(),
  label: z.string(),
  state: z.enum(['signed-in', 'sign-in-expired']),
});
export type Account = z.infer<typeof account>;
