/** The stages of a PAdES signature (ETSI EN 319 142-1), each a type: asked for, prepared, assembled. */

import type { SignatureScheme } from '../../native/token-port.ts';
import type { DocMdpLevel, MarkLayout, PlaceBox, SigningWarning } from '../pdf/index.ts';
import type { SignerStatements } from './signer-statements.ts';

export type Level = 'B-B' | 'B-T' | 'B-LT' | 'B-LTA';

export type FieldChoice =
  /** An existing empty signature field, by its full name; its widget gives the place. */
  | { readonly kind: 'existing'; readonly name: string }
  | { readonly kind: 'new-invisible' }
  | { readonly kind: 'new-visible'; readonly box: PlaceBox };

export interface SignatureSpec {
  /** DER. */
  readonly certificate: Uint8Array;
  /** Issuers' certificates that go into the CMS, DER, without the root. */
  readonly chain: readonly Uint8Array[];
  readonly scheme: SignatureScheme;
  /** /M of the signature dictionary, epoch ms. */
  readonly signedAt: number;
  readonly reason: string | undefined;
  readonly location: string | undefined;
  readonly field: FieldChoice;
  /** Lines of the visible mark; ignored for an invisible field. */
  readonly appearanceLines: readonly string[];
  /** Room kept in /Contents for a timestamp token, bytes; 0 for B-B. */
  readonly timestampReserveBytes: number;
  /** Looks of the visible mark: a TrueType font to embed, a PNG or JPEG image, where the image goes. */
  readonly mark?: { readonly font?: Uint8Array; readonly image?: Uint8Array; readonly layout?: MarkLayout } | undefined;
  /** Makes it a certification: 1 allows no change, 2 forms and signatures, 3 annotations too (ISO 32000-2, 12.8.2.2). */
  readonly certify?: DocMdpLevel | undefined;
  /** Commitment, location, policy; a commitment or a policy goes without a reason. */
  readonly statements?: SignerStatements | undefined;
  /** Opens an encrypted file; the empty password need not be given. */
  readonly password?: string | undefined;
}

/** A base plus this increment is the prepared revision; the gap is still zeros. */
export interface PreparedSignature {
  /** Bytes appended to the base. */
  readonly increment: Uint8Array;
  readonly baseSize: number;
  /** /ByteRange: [0, a, b, c], absolute. */
  readonly byteRange: readonly [number, number, number, number];
  /** The gap's hex digits (without < and >), relative to the increment's start. */
  readonly gap: { readonly offset: number; readonly length: number };
  readonly fieldName: string;
  /** What the person may want to know; empty for most documents. */
  readonly warnings: readonly SigningWarning[];
  /** DER SET OF Attribute: what the key signs (RFC 5652, 5.4). */
  readonly signedAttributes: Uint8Array;
  /** SHA-256 (hex) of the base, computed in the same pass. */
  readonly baseSha256: string;
}

export interface CmsParts {
  readonly signedAttributes: Uint8Array;
  /** RSA: as the token gave it; ECDSA: DER ECDSA-Sig-Value. */
  readonly signature: Uint8Array;
  readonly scheme: SignatureScheme;
  readonly certificate: Uint8Array;
  readonly chain: readonly Uint8Array[];
  /** RFC 3161 TimeStampToken over `signature`, DER: unsigned attribute id-aa-timeStampToken. */
  readonly timestampToken?: Uint8Array;
}

export type PadesErrorCode =
  | 'not-a-pdf'
  | 'damaged'
  | 'encrypted'
  | 'password-needed'
  | 'limit'
  | 'field-not-found'
  | 'field-already-signed'
  | 'page-not-found'
  | 'changes-not-permitted'
  | 'already-signed'
  | 'seed-value'
  | 'image-unreadable'
  | 'font-unreadable'
  | 'contents-too-small'
  | 'scheme-unsupported'
  | 'bad-certificate'
  /** A reason beside a commitment or a policy, which EN 319 142-1 excludes. */
  | 'reason-excluded'
  /** Not a CMS SignedData that can be added to. */
  | 'bad-cms';

export class PadesError extends Error {
  readonly code: PadesErrorCode;
  readonly detail: string | undefined;
  constructor(code: PadesErrorCode, detail?: string, cause?: unknown) {
    super(`pades: ${code}${detail ? ` (${detail})` : ''}`, { cause });
    this.name = 'PadesError';
    this.code = code;
    this.detail = detail;
  }
}

/*
 * The room's face, main/pades/index.ts, exports besides these types:
 *   prepareSignature(source: Source, spec: SignatureSpec): Promise<PreparedSignature>
 *   assembleCms(parts: CmsParts): Uint8Array
 *   fillGap(increment: Uint8Array, gap, cms: Uint8Array): Uint8Array    (a patched copy; PadesError contents-too-small)
 *   listSignatures(source: Source, options?): Promise<EmbeddedSignature[]>        (for validation)
 *   estimateCmsBytes(spec): number
 *   findEmptyField(source: Source, box?: PercentBox, options?): Promise<string | undefined>
 *   and re-exports Source, bufferSource, concatSources of main/pdf for rooms that hand it bytes
 */
export interface EmbeddedSignature {
  readonly fieldName: string;
  readonly subFilter: string;
  readonly byteRange: readonly number[];
  /** DER as found in /Contents, padding cut by its own length. */
  readonly contents: Uint8Array;
  /** The string's own place in the file, < and > included; undefined where it is not found as a direct string. */
  readonly contentsPlace: { readonly offset: number; readonly length: number } | undefined;
  /** Size of the file at the end of the revision the signature was made in. */
  readonly revisionEnd: number;
  readonly signedAt: number | undefined;
  readonly reason: string | undefined;
  readonly type: 'Sig' | 'DocTimeStamp';
}
