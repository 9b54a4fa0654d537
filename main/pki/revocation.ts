/** What is known of a certificate's revocation, and why nothing is (RFC 5280, 6.3; RFC 6960, 3.2). */

export type RevocationProblem =
  /** The certificate names neither a responder nor a list. */
  | 'no-source'
  | 'offline'
  | 'timeout'
  | 'http-status'
  | 'bad-response'
  | 'rejected'
  /** An OCSP answer without a body: tryLater, unauthorized and their like (RFC 6960, 4.2.1). */
  | 'responder-refused'
  /** The answer speaks of another certificate. */
  | 'wrong-certificate'
  | 'wrong-nonce'
  /** Signed by neither the issuer nor a responder the issuer itself has named for it (RFC 6960, 4.2.2.2). */
  | 'responder-unauthorised'
  /** The responder's certificate was not in force when it answered. */
  | 'responder-expired'
  | 'bad-signature'
  /** thisUpdate lies in the future. */
  | 'not-yet-valid'
  /** nextUpdate is over, or older than what it is asked about. */
  | 'stale'
  /** The authority does not know the certificate. */
  | 'status-unknown'
  /** Made after the certificate's end, when revoked ones may have been taken off. */
  | 'after-expiry'
  | 'wrong-issuer'
  /** A list that speaks for other issuers (RFC 5280, 5.2.5, indirectCRL), or is needed as one. */
  | 'indirect-list'
  /** A list for some reasons, or for another kind of certificate or distribution point. */
  | 'partial-list'
  | 'unknown-critical'
  /** A delta whose base is another list than the one at hand (RFC 5280, 5.2.4). */
  | 'delta-mismatch';

export type RevocationStatus =
  | { readonly kind: 'good' }
  /** `reason` is the CRLReason (RFC 5280, 5.3.1), where one is given. */
  | { readonly kind: 'revoked'; readonly at: number; readonly reason: number | undefined }
  | { readonly kind: 'unknown'; readonly code: RevocationProblem };

export const unknownStatus = (code: RevocationProblem): RevocationStatus => ({ kind: 'unknown', code });

/** Clocks of two machines may differ by this much, milliseconds. */
export const clockSkewMs = 5 * 60_000;
/** How long an answer without nextUpdate is believed. */
const undatedMs = 24 * 60 * 60_000;

export interface Freshness {
  readonly thisUpdate: number;
  readonly nextUpdate: number | undefined;
}

/**
 * Whether an answer tells of the moment `at` (epoch ms): made after it, or good until it.
 * @param now what the reader's clock says; an answer made after it is not believed
 */
export function freshnessProblem(answer: Freshness, at: number, now: number): RevocationProblem | undefined {
  const { thisUpdate, nextUpdate = thisUpdate + undatedMs } = answer;
  if (thisUpdate > now + clockSkewMs) return 'not-yet-valid';
  return thisUpdate >= at || nextUpdate + clockSkewMs >= at ? undefined : 'stale';
}

/** The status at `at` by an answer that may be younger: what was revoked later was good then. */
export const statusAt = (status: RevocationStatus, at: number): RevocationStatus =>
  status.kind === 'revoked' && status.at > at ? { kind: 'good' } : status;
