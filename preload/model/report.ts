/** The report on a signed PDF. Times are epoch milliseconds (UTC). */
import { z } from 'zod';

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
