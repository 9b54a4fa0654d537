/** Tokens, identities, readers and what keeps one from signing. Times are epoch milliseconds (UTC). */
import { z } from 'zod';

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
    /** The token wants another PIN before it signs. */
    toBeChanged: z.boolean().optional(),
    /** The security officer's PIN, or the PUK where the middleware counts it here. */
    soCountLow: z.boolean().optional(),
    soFinalTry: z.boolean().optional(),
    soLocked: z.boolean().optional(),
    minLength: z.number(),
    maxLength: z.number(),
  }),
  identities: z.array(signingIdentity),
  /** Logged in from an earlier batch, as the settings have it: no PIN is asked. `endsAt` is missing where it ends on removal. */
  keptLogin: z.object({ endsAt: z.number().optional() }).optional(),
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
