/** What raising takes, whatever is raised: a level, and what is asked of the network for it. */
import type { TimestampOutcome, ToStamp, ValidationDataCollector } from '../pki/index.ts';
import type { Clock } from '../platform/clock.ts';

export type RaisedLevel = 'B-T' | 'B-LT' | 'B-LTA';

export interface RaiseTools {
  readonly timestamp: (stamped: ToStamp, signal?: AbortSignal) => Promise<TimestampOutcome>;
  readonly collector: ValidationDataCollector;
  /** DER. */
  readonly anchors: readonly Uint8Array[];
  readonly clock: Clock;
  /** Revocation answers fetched before this moment are not used (epoch ms): the time of a batch's last timestamp. */
  readonly fetchedSince?: number;
  /** Lists each signature's own data as well (VRI). */
  readonly related?: boolean;
  /** Of a message's signatures only this certificate's are raised, DER; unless given, all of them are. */
  readonly signer?: Uint8Array | undefined;
  readonly signal?: AbortSignal;
}

export type RaiseErrorCode =
  | 'no-signature'
  /** B-LTA of a message. */
  | 'level-unsupported'
  | 'certificate-revoked'
  | 'validation-data-incomplete'
  | 'earlier-signature-broken'
  | 'verification-failed'
  | `timestamp-${Extract<TimestampOutcome, { kind: 'unavailable' }>['code']}`;

export class RaiseError extends Error {
  readonly code: RaiseErrorCode;
  /** Whose data is missing and why, a line each. */
  readonly details: readonly string[];
  constructor(code: RaiseErrorCode, details: readonly string[] = []) {
    super(`raise: ${code}${details.length > 0 ? ` (${details.join('; ')})` : ''}`);
    this.name = 'RaiseError';
    this.code = code;
    this.details = details;
  }
}
