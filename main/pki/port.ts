/** Certificates as facts, and the timestamp authority's port (RFC 3161). Implementations: certificate.ts, timestamp-client.ts. */

export type QualifiedType = 'esign' | 'eseal' | 'web';

/** What a certificate's qualified statements state (ETSI EN 319 412-5). */
export interface QualifiedStatements {
  /** QcCompliance: an EU qualified certificate, where no other legislation is named. */
  readonly compliant: boolean;
  /** QcSSCD: the private key is in a qualified signature creation device. */
  readonly onQscd: boolean;
  /** QcType; none stated means esign (4.2.3). */
  readonly types: readonly QualifiedType[];
  /** QcCClegislation: ISO 3166 codes of the countries under whose law it is qualified; none means the EU. */
  readonly legislations: readonly string[];
}

export interface CertificateFacts {
  /** RFC 4514 text. */
  readonly subject: string;
  readonly issuer: string;
  readonly commonName: string;
  /** Hex, lower case, no leading zeros but for the sign octet as encoded. */
  readonly serialNumber: string;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly keyType: 'rsa' | 'ec' | 'other';
  readonly keySizeBits: number;
  /** RFC 5280, 4.2.1.3; undefined where the extension is absent. */
  readonly keyUsage: { readonly digitalSignature: boolean; readonly nonRepudiation: boolean } | undefined;
  readonly isCa: boolean;
  /** Every bit of the key usage by its name in RFC 5280. */
  readonly keyUsageNames?: readonly string[];
  /** RFC 5280, 4.2.1.12: object identifiers. */
  readonly extendedKeyUsage?: readonly string[];
  /** Missing where nothing is stated. */
  readonly qualified?: QualifiedStatements;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  /** Hex. */
  readonly sha256: string;
}

export type TimestampOutcome =
  | {
      readonly kind: 'granted';
      /** TimeStampToken (a CMS ContentInfo), DER. */
      readonly token: Uint8Array;
      readonly at: number;
    }
  | {
      readonly kind: 'unavailable';
      readonly code:
        | 'no-authority'
        | 'offline'
        | 'timeout'
        | 'http-status'
        | 'bad-response'
        | 'rejected'
        | 'wrong-imprint'
        | 'wrong-nonce'
        | 'wrong-policy'
        | 'bad-signature'
        /** Every authority's own budget is spent; `retryAfterMs` says for how long. */
        | 'over-budget';
      readonly retryAfterMs?: number;
    };

/** What is to be stamped: a message, or the SHA-256 of one that is too large to hold. */
export type ToStamp = Uint8Array | { readonly sha256: Uint8Array };

export interface TimestampAuthority {
  /** A token over SHA-256 of what is given, whose imprint, nonce and signature have been checked. Never throws but for the signal. */
  timestamp(stamped: ToStamp, signal?: AbortSignal): Promise<TimestampOutcome>;
}

export type PkiErrorCode = 'bad-encoding' | 'bad-certificate' | 'bad-cms' | 'bad-timestamp' | 'bad-response';

export class PkiError extends Error {
  readonly code: PkiErrorCode;
  constructor(code: PkiErrorCode, cause?: unknown) {
    super(`pki: ${code}`, { cause });
    this.name = 'PkiError';
    this.code = code;
  }
}
