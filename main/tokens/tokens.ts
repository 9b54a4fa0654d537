/** Tokens as the app sees them. Implemented by `createTokens` in index.ts over native's TokenHost. */

import type { SignatureScheme, TokenPinState, TokenResult, UnblockKind } from '../../native/token-port.ts';
import type { SealedPin, TokenView } from '../../preload/model.ts';
import type { ProviderIdentity } from '../providers/provider.ts';

export type { TokenFailure } from '../../native/token-port.ts';

export interface SigningKey {
  readonly identityId: string;
  /** DER. */
  readonly certificate: Uint8Array;
  /** Issuers found on the token, DER. */
  readonly chain: readonly Uint8Array[];
  /** The scheme that fits key and token best. */
  readonly scheme: SignatureScheme;
}

/** A logged-in batch on one token. */
export interface TokenBatch {
  readonly key: SigningKey;
  sign(message: Uint8Array, signal?: AbortSignal): Promise<TokenResult<Uint8Array>>;
  /** Ends the token host, and with it the PIN; or leaves the login, without the PIN, to the next batch where that is wanted. */
  close(): Promise<void>;
}

export interface TokenSessionOpening {
  readonly sessionId: string;
  /** Uncompressed P-256 point, to seal PINs to. */
  readonly publicKey: Uint8Array;
  /** False where nothing is to be asked here: no login, or the token or its reader asks for the PIN itself. */
  readonly needsPin: boolean;
  /** Flags read just now, and the PIN's limits in bytes. */
  readonly pin: TokenPinState;
}

export interface TokenListing {
  readonly tokens: readonly TokenView[];
  readonly problems: readonly { modulePath: string; code: string }[];
}

export interface Tokens {
  /** Scans every known module (or one), all slots; matches provider identities. */
  list(
    identities: readonly { accountId: string; identity: ProviderIdentity }[],
    modulePath?: string,
  ): Promise<TokenListing>;
  /** Of an identity as last listed, DER; no token is asked. */
  certificateOf(
    identityId: string,
  ): { readonly certificate: Uint8Array; readonly chain: readonly Uint8Array[] } | undefined;
  /**
   * Starts the host for the next batch on a token. A kept login serves it without a PIN, but not the change of one (`pin`), which
   * ends it.
   */
  openSession(tokenId: string, purpose?: 'sign' | 'pin'): Promise<TokenResult<TokenSessionOpening>>;
  /** Logs in with the sealed PIN: one try, never repeated. */
  startBatch(sessionId: string, identityId: string, sealedPin: SealedPin | undefined): Promise<TokenResult<TokenBatch>>;
  /** A session on a PKCS#12 file (absolute path): what it holds shows only once its passphrase opened it. */
  openFile(path: string): Promise<TokenResult<TokenSessionOpening>>;
  /** Opens the file with the sealed passphrase and takes its identity that signs documents best, or the one named. */
  startFileBatch(
    sessionId: string,
    sealedPassphrase: SealedPin | undefined,
    identityId?: string,
  ): Promise<TokenResult<TokenBatch>>;
  /**
   * Changes the user PIN: one try, the session ends. The new PIN is sealed to `newPinContext(sessionId)`; no seals where the
   * token asks for both itself. The caller has had both entered twice.
   */
  changePin(
    sessionId: string,
    sealedOld: SealedPin | undefined,
    sealedNew: SealedPin | undefined,
  ): Promise<TokenResult<{ pin: TokenPinState }>>;
  /** Gives a locked PIN a new value by the user's PUK or the security officer's PIN: one try, the session ends. */
  unblock(
    sessionId: string,
    kind: UnblockKind,
    sealedPuk: SealedPin | undefined,
    sealedNew: SealedPin | undefined,
  ): Promise<TokenResult<{ pin: TokenPinState }>>;
  /** Ends every login there is, batches under way included: the screen was locked, or the person wants it so. */
  endLogins(): Promise<void>;
  /** Ends the logins that outlived their batch, where `which` names their token; batches under way go on. */
  endKeptLogins(which: (token: TokenView) => boolean): Promise<void>;
  /** After sleep or a restart of the reader service: modules that no batch holds start afresh at their next use. */
  reopen(): Promise<void>;
  /** The person asks again: modules that were set aside are taken up. */
  askAgain(): void;
  close(): Promise<void>;
}
