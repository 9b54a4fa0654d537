/** The outbox, conflicts, activity and notifications as the window sees them. Times are epoch milliseconds (UTC). */
import { z } from 'zod';

/** What a person changes here and a provider is told of. */
export const outboxKind = z.enum([
  'signature',
  'decline',
  'fill',
  'note-added',
  'note-edited',
  'note-deleted',
  'notification-cleared',
  'device-revoked',
  'published',
]);
export type OutboxKind = z.infer<typeof outboxKind>;

export const outboxState = z.enum([
  'pending',
  'sending',
  'unknown',
  'confirmed',
  /** It can no longer be made as it is: a conflict, for the person to settle. */
  'parked',
  /** Refused for good, or cannot be read. */
  'failed',
  /** The person has settled the conflict. */
  'settled',
]);

/** What a person can do about a conflict. */
export const conflictChoice = z.enum(['keep-copy', 'discard', 'sign-new-version', 'tell-sender']);
export type ConflictChoice = z.infer<typeof conflictChoice>;

export const outboxView = z.object({
  id: z.string(),
  accountId: z.string(),
  /** Missing where the change is of the account as a whole (a device revoked). */
  transactionId: z.string().optional(),
  title: z.string(),
  /** `unreadable`: the row is of another version or damaged; it is kept as it is. */
  kind: z.union([outboxKind, z.literal('unreadable')]),
  state: outboxState,
  attempts: z.number(),
  retryAt: z.number().optional(),
  code: z.string().optional(),
  createdAt: z.number(),
  /** When its state changed last. */
  changedAt: z.number(),
  jobId: z.string().optional(),
});
export type OutboxView = z.infer<typeof outboxView>;

export const conflictView = z.object({
  /** The outbox row's. */
  id: z.string(),
  accountId: z.string(),
  transactionId: z.string().optional(),
  title: z.string(),
  kind: outboxView.shape.kind,
  /** What happened: signed-elsewhere, declined, expired, deleted, replaced, document-moved-on, not-permitted, note-changed … */
  code: z.string(),
  happenedAt: z.number(),
  documentId: z.string().optional(),
  documentTitle: z.string().optional(),
  signatureRequestId: z.string().optional(),
  jobId: z.string().optional(),
  /** What was written here: a note's text, the reason of a decline, the texts filled in. */
  texts: z.array(z.string()),
  /** The file signed here, as long as it is kept. */
  copy: z.object({ sha256: z.string(), sizeBytes: z.number(), fileName: z.string() }).optional(),
  /** What makes sense now; empty once it is settled, but for `discard` while a copy is kept. */
  choices: z.array(conflictChoice),
  settled: conflictChoice.optional(),
});
export type ConflictView = z.infer<typeof conflictView>;

export const activityOutcome = z.enum([
  'delivered',
  /** Tried, and to be tried again: `code` says why, `retryAt` when. */
  'waiting',
  'needs-attention',
  'failed',
  /** The person settled it; `code` is the choice. */
  'settled',
  /** Changed here and there: both are kept. */
  'both-kept',
  /** What a provider had that was new here. */
  'received',
]);

/** One delivery or reading and how it went; the same trouble met again counts up. */
export const activityEntry = z.object({
  id: z.number(),
  at: z.number(),
  firstAt: z.number(),
  times: z.number(),
  accountId: z.string(),
  transactionId: z.string().optional(),
  outboxId: z.string().optional(),
  kind: z.union([outboxView.shape.kind, z.literal('pull')]),
  title: z.string(),
  outcome: activityOutcome,
  code: z.string().optional(),
  retryAt: z.number().optional(),
  /** How long the delivery took, milliseconds. */
  ms: z.number().optional(),
  /** With `received`: how many transactions. */
  count: z.number().optional(),
});
export type ActivityEntry = z.infer<typeof activityEntry>;

export const syncStatus = z.object({
  /** False where no account's provider could be reached at the last try. */
  online: z.boolean(),
  offlineSince: z.number().optional(),
  /** Changes made here that may still arrive by themselves. */
  waiting: z.number(),
  /** Of these, on their way now. */
  sending: z.number(),
  /** Conflicts and refusals that the person has to look at. */
  needsAttention: z.number(),
  lastSyncAt: z.number().optional(),
  /** Nothing is read or delivered by itself until it is resumed; `sync.now` still is. */
  paused: z.boolean(),
  accounts: z.array(
    z.object({
      accountId: z.string(),
      label: z.string(),
      state: z.enum(['signed-in', 'sign-in-expired']),
      online: z.boolean(),
      offlineSince: z.number().optional(),
      lastSyncAt: z.number().optional(),
      waiting: z.number(),
      /** The provider asked to be left alone until then. */
      rateLimitedUntil: z.number().optional(),
      /** The provider's clock less this computer's, milliseconds, as its answers' Date headers tell. */
      clockSkewMs: z.number().optional(),
      /** While everything is read for the first time. */
      firstSync: z.object({ read: z.number(), total: z.number().optional() }).optional(),
    }),
  ),
});
export type SyncStatusView = z.infer<typeof syncStatus>;

export const notificationEvent = z.enum([
  'published',
  'expired',
  'declined',
  'signed',
  'error',
  'to-fill',
  'to-sign',
  'note-added',
  'note-edited',
  'note-deleted',
  'other',
]);

export const notificationView = z.object({
  id: z.string(),
  accountId: z.string(),
  /** Missing where the transaction is not here. */
  transactionId: z.string().optional(),
  title: z.string(),
  event: notificationEvent,
  at: z.number(),
});
export type NotificationView = z.infer<typeof notificationView>;
