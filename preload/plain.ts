/** What window and desk both know without a schema: words to choose from, limits, one question. The window's start does not wait for zod. */
import type { SignatureReport } from './model/report.ts';

/** The window's languages, by their ISO 639-1 codes. */
export const LANGUAGES = ['en', 'it', 'es', 'fr', 'de'] as const;

/** The commitments of EN 319 122-1, 5.2.3. */
export const COMMITMENTS = ['origin', 'receipt', 'delivery', 'sender', 'approval', 'creation'] as const;

/** What a mark's image may weigh. */
export const MAX_MARK_BYTES = 1024 * 1024;

/** Far above any file of one key and its certificates. */
export const MAX_KEY_FILE_BYTES = 256 * 1024;

/** Good, but for what only the network knows: whether anybody was revoked. */
export function isRevocationOpen({ integrity, cms, chain, revocation }: SignatureReport): boolean {
  const isSound = integrity === 'intact' && cms === 'valid' && chain === 'trusted';
  return isSound && (revocation === 'unknown' || revocation === 'not-checked');
}

/** What may be stated in a signature, as text. */
export const stated = {
  /** Two letters of ISO 3166. */
  country: /^[A-Z]{2}$/,
  town: /^.{1,200}$/s,
  /** X.660: an object identifier as dotted text. */
  dottedIdentifier: /^(?=.{1,128}$)(?:[01]\.(?:[0-9]|[1-3][0-9])|2\.(?:0|[1-9]\d{0,14}))(?:\.(?:0|[1-9]\d{0,14}))*$/,
  policyUri: /^[\x21-\x7e]{1,2048}$/,
} as const;
