/** What is asked for one file: how it is signed, and what completes it once the key has signed. */
import type { SignatureScheme } from '../../native/token-port.ts';
import type { DocMdpLevel, MarkLayout, PlaceBox, SignerStatements } from '../pades/index.ts';

export interface FileRequest {
  /** DER. */
  readonly certificate: Uint8Array;
  readonly chain: readonly Uint8Array[];
  readonly scheme: SignatureScheme;
  readonly commonName: string;
  /** Epoch ms. */
  readonly signedAt: number;
  readonly reason: string;
  readonly fieldName: string | undefined;
  readonly box: PlaceBox | undefined;
  readonly location?: string | undefined;
  readonly image?: Uint8Array | undefined;
  readonly layout?: MarkLayout | undefined;
  /** The mark's text and the signer's role in it (mark.ts). */
  readonly template?: string | undefined;
  readonly role?: string | undefined;
  readonly certify?: DocMdpLevel | undefined;
  readonly statements?: SignerStatements | undefined;
  readonly withTimestamp: boolean;
  readonly password?: string | undefined;
  /** A damaged file that carries no signature is written anew, then signed. */
  readonly rewrite?: boolean | undefined;
  /** Signs as CAdES, whatever the file is. */
  readonly cades?: 'attached' | 'detached' | undefined;
}

export interface FileCompletion {
  readonly signature: Uint8Array;
  readonly timestampToken: Uint8Array | undefined;
}
