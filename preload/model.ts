/**
 * The words the window and the desk share: the unified transaction model as it crosses the bridge.
 * Providers translate into it, the store keeps it, the renderer shows it. Times are epoch milliseconds (UTC).
 */
import { z } from 'zod';

/** Bytes over the bridge. */
export const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

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

/** A box in percent of the page as displayed (after /Rotate, inside the CropBox), from its top left corner. */
export const percentBox = z.object({
  page: z.number().int().min(1),
  x: z.number(),
  y: z.number(),
  width: z.number(),
  height: z.number(),
});
export type PercentBox = z.infer<typeof percentBox>;

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

export const outboxView = z.object({
  id: z.string(),
  transactionId: z.string(),
  title: z.string(),
  kind: z.enum(['signature', 'decline', 'fill', 'note-added']),
  state: z.enum(['pending', 'sending', 'unknown', 'confirmed', 'parked', 'failed']),
  attempts: z.number(),
  retryAt: z.number().optional(),
  code: z.string().optional(),
  createdAt: z.number(),
});
export type OutboxView = z.infer<typeof outboxView>;

export const signingIdentity = z.object({
  /** `<token serial>/<CKA_ID hex>`. */
  id: z.string(),
  subject: z.string(),
  commonName: z.string(),
  issuer: z.string(),
  certificateSerial: z.string(),
  notBefore: z.number(),
  notAfter: z.number(),
  keyType: z.enum(['rsa', 'ec', 'other']),
  keySizeBits: z.number(),
  /** Undefined when the identity can sign documents now; else why not. */
  disabledReason: z
    .enum(['expired', 'not-yet-valid', 'key-usage', 'no-private-key', 'unsupported-key', 'token-locked'])
    .optional(),
  /** Every key usage by its name (RFC 5280, 4.2.1.3); missing where the certificate states none. */
  keyUsage: z.array(z.string()).optional(),
  /** Object identifiers (RFC 5280, 4.2.1.12). */
  extendedKeyUsage: z.array(z.string()).optional(),
  /** What the certificate states of itself (ETSI EN 319 412-5); missing where it states nothing. */
  qualified: z
    .object({
      compliant: z.boolean(),
      onQscd: z.boolean(),
      types: z.array(z.enum(['esign', 'eseal', 'web'])),
      /** ISO 3166 codes; none means the EU. */
      legislations: z.array(z.string()),
    })
    .optional(),
  /** The provider identities this key answers to: `<accountId>/<provider identity id>`. */
  providerIdentities: z.array(z.string()),
});
export type SigningIdentity = z.infer<typeof signingIdentity>;

export const tokenView = z.object({
  /** `<manufacturer>/<serial>`. */
  id: z.string(),
  label: z.string(),
  manufacturer: z.string(),
  model: z.string(),
  serialNumber: z.string(),
  modulePath: z.string(),
  slotDescription: z.string(),
  /** The card's answer to reset, hex, where it sits in a reader that PC/SC knows. */
  atr: z.string().optional(),
  pin: z.object({
    /** The token or its reader asks for the PIN itself: no PIN field. */
    protectedAuthenticationPath: z.boolean(),
    countLow: z.boolean(),
    finalTry: z.boolean(),
    locked: z.boolean(),
    minLength: z.number(),
    maxLength: z.number(),
  }),
  identities: z.array(signingIdentity),
});
export type TokenView = z.infer<typeof tokenView>;

export const tokenProblem = z.object({ modulePath: z.string(), code: z.string() });

/** A provider's identity record that no key at hand answers to. */
export const absentIdentity = z.object({
  /** `<accountId>/<provider identity id>`. */
  id: z.string(),
  accountId: z.string(),
  label: z.string(),
  tokenSerialNumber: z.string().optional(),
});
export type AbsentIdentity = z.infer<typeof absentIdentity>;

export const pcscService = z.enum(['starting', 'running', 'pcsc-service-down', 'pcsc-missing', 'pcsc-failed']);

export const cardReader = z.object({
  name: z.string(),
  cardPresent: z.boolean(),
  /** The card's answer to reset, hex; missing for a card that does not answer. */
  atr: z.string().optional(),
});
export type CardReaderView = z.infer<typeof cardReader>;

/** Where the way to a signature ends; from the first thing that can be missing to nothing missing. */
export const diagnosisLayer = z.enum([
  'no-pcsc-service',
  'no-reader',
  'no-card',
  'card-silent',
  'card-unknown',
  'module-missing',
  'wrong-architecture',
  'module-failed',
  'no-certificate',
  'no-signing-certificate',
  'expired',
  'not-yet-valid',
  'pin-locked',
  'ok',
]);
export type DiagnosisLayer = z.infer<typeof diagnosisLayer>;

const finding = {
  layer: diagnosisLayer,
  /** To report where the card is unknown. */
  atr: z.string().optional(),
  /** The card's name in words. */
  card: z.string().optional(),
  /** Software to install, the best first. */
  install: z.array(z.string()).optional(),
  modulePath: z.string().optional(),
  /** With `module-failed`: how. */
  code: z.string().optional(),
};
export const cardFinding = z.object({ reader: z.string(), ...finding });
export type CardFinding = z.infer<typeof cardFinding>;
/** What got furthest, and each card by itself. */
export const tokenDiagnosis = z.object({ ...finding, cards: z.array(cardFinding) });
export type TokenDiagnosis = z.infer<typeof tokenDiagnosis>;

/** What happened; who shows tokens lists them again. */
export const tokensChange = z.object({
  cause: z.enum(['service', 'reader-added', 'reader-removed', 'card-inserted', 'card-removed', 'tokens']),
  service: pcscService,
  reader: z.string().optional(),
  atr: z.string().optional(),
});
export type TokensChange = z.infer<typeof tokensChange>;

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

export const signatureReport = z.object({
  fieldName: z.string(),
  signerCommonName: z.string(),
  signerSubject: z.string(),
  kind: z.enum(['signature', 'document-timestamp']),
  /** `intact`: byte range sane and digest equal. */
  integrity: z.enum(['intact', 'altered', 'bad-byte-range', 'unreadable']),
  cms: z.enum(['valid', 'invalid', 'unreadable']),
  chain: z.enum(['trusted', 'untrusted', 'expired', 'incomplete', 'no-anchors']),
  timestamp: z.enum(['none', 'valid', 'invalid', 'untrusted']),
  timestampAt: z.number().optional(),
  claimedAt: z.number().optional(),
  level: z.enum(['B-B', 'B-T', 'B-LT', 'B-LTA', 'none']),
  /** What the byte range covers: the whole file, or exactly an earlier revision of it. */
  covers: z.enum(['whole-file', 'own-revision', 'something-else']),
  /** Of the signer's chain, or the timestamp authority's, at the time proven. */
  revocation: z.enum(['good', 'revoked', 'unknown', 'not-checked']),
  /** Set with `unknown`: why. */
  revocationCode: z.string().optional(),
  revokedAt: z.number().optional(),
  /** The earliest time a trusted timestamp proves the signature existed at. */
  provenAt: z.number().optional(),
  /** What later revisions changed, in kind; empty where the signature is of the last one. */
  laterChanges: z.array(
    z.enum([
      'validation-data',
      'document-timestamp',
      'signature-field',
      'form-fill',
      'annotation',
      'metadata',
      'other',
    ]),
  ),
  problems: z.array(z.string()),
});
export type SignatureReport = z.infer<typeof signatureReport>;

export const validationReport = z.object({
  /** True when there is at least one signature, every one is intact with a valid CMS, not revoked, and changed later only as allowed. */
  valid: z.boolean(),
  sizeBytes: z.number(),
  signatures: z.array(signatureReport),
});
export type ValidationReport = z.infer<typeof validationReport>;
