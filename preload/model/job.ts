/** Signing jobs as the window sees them. Times are epoch milliseconds (UTC). */
import { z } from 'zod';
import { bytes } from './basics.ts';

/** A signing job's state; the reducer is main/signing/machine.ts. */
export const jobStateKind = z.enum([
  'awaiting-filled-document',
  'awaiting-preparation',
  'prepared',
  'awaiting-pin',
  'signed',
  'awaiting-timestamp',
  'awaiting-validation-data',
  'complete',
  'queued',
  'delivering',
  'delivered',
  'declined',
  'cancelled',
  'expired',
  'superseded',
  'failed',
]);
export type JobStateKind = z.infer<typeof jobStateKind>;

/** Milliseconds spent in each step, present once the step ended. */
export const jobTimings = z.object({
  prepareMs: z.number().optional(),
  tokenMs: z.number().optional(),
  timestampMs: z.number().optional(),
  validationMs: z.number().optional(),
  storeMs: z.number().optional(),
  deliverMs: z.number().optional(),
});
export type JobTimings = z.infer<typeof jobTimings>;

export const jobView = z.object({
  id: z.string(),
  batchId: z.string(),
  transactionId: z.string(),
  documentId: z.string(),
  signatureRequestId: z.string(),
  title: z.string(),
  state: jobStateKind,
  /** Set with `failed` and where a state waits because of an error. */
  code: z.string().optional(),
  retryAt: z.number().optional(),
  /** SHA-256 (hex) of the finished revision, once complete. */
  sha256: z.string().optional(),
  timings: jobTimings,
});
export type JobView = z.infer<typeof jobView>;

/** A PIN sealed to a token host's one-time key: ECDH P-256, HKDF-SHA256, AES-256-GCM (preload/seal-pin.ts). */
export const sealedPin = z.object({
  /** Sender's ephemeral public key, uncompressed point, 65 bytes. */
  ephemeralPublicKey: bytes,
  /** 12 bytes. */
  nonce: bytes,
  /** Ciphertext and 16-byte tag. */
  ciphertext: bytes,
});
export type SealedPin = z.infer<typeof sealedPin>;
