/** Tokens as the app sees them. Implemented by `createTokens` in index.ts over native's TokenHost. */

import type { SignatureScheme, TokenResult } from '../../native/token-port.ts';
import type { SealedPin, TokenView } from '../../preload/model.ts';
import type { ProviderIdentity } from '../providers/provider.ts';

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
  /** Ends the token host, and with it the PIN. */
  close(): Promise<void>;
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
  /** Starts the host for the next batch on a token. */
  openSession(tokenId: string): Promise<TokenResult<{ sessionId: string; publicKey: Uint8Array; needsPin: boolean }>>;
  /** Logs in with the sealed PIN: one try, never repeated. */
  startBatch(sessionId: string, identityId: string, sealedPin: SealedPin | undefined): Promise<TokenResult<TokenBatch>>;
  close(): Promise<void>;
}
