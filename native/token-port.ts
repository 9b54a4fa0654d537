/**
 * The token port: what the desk asks of a token host (a process of its own that owns one PKCS#11 module) and what it answers.
 * Outcomes a user can meet are tagged results; only a broken program throws.
 */

/** RSA PKCS#1 v1.5 and PSS (RFC 8017), ECDSA (FIPS 186-5), each with its hash. */
export type SignatureScheme =
  | 'rsa-pkcs1-sha256'
  | 'rsa-pkcs1-sha384'
  | 'rsa-pkcs1-sha512'
  | 'rsa-pss-sha256'
  | 'rsa-pss-sha384'
  | 'rsa-pss-sha512'
  | 'ecdsa-sha256'
  | 'ecdsa-sha384'
  | 'ecdsa-sha512';

/** A token is known by manufacturer and serial, never by slot index. */
export interface TokenRef {
  readonly manufacturerId: string;
  readonly serialNumber: string;
}

export interface TokenPinState {
  readonly protectedAuthenticationPath: boolean;
  readonly countLow: boolean;
  readonly finalTry: boolean;
  readonly locked: boolean;
  /** The token wants a PIN of the person's own before it does anything (CKF_USER_PIN_TO_BE_CHANGED). */
  readonly toBeChanged: boolean;
  /** The security officer's PIN; most middleware shows the PUK's counter here. */
  readonly soCountLow: boolean;
  readonly soFinalTry: boolean;
  readonly soLocked: boolean;
  readonly loginRequired: boolean;
  readonly minLength: number;
  readonly maxLength: number;
}

export interface TokenKey {
  /** CKA_ID, lower-case hex. */
  readonly keyId: string;
  readonly label: string;
  /** X.509 certificate, DER. */
  readonly certificate: Uint8Array;
  readonly keyType: 'rsa' | 'ec' | 'other';
  /** False where the private key cannot be seen before login: it is then looked for again after login. */
  readonly privateKeySeen: boolean;
}

export interface TokenSnapshot extends TokenRef {
  readonly label: string;
  readonly model: string;
  readonly slotDescription: string;
  readonly pin: TokenPinState;
  /** CKM_ numbers the slot offers. */
  readonly mechanisms: readonly number[];
  readonly keys: readonly TokenKey[];
  /** Certificates without a key of their own, DER: the chain the token carries. */
  readonly otherCertificates: readonly Uint8Array[];
}

/** Why a token host could not do what it was asked; closed, never matched by message. */
export type TokenErrorCode =
  | 'module-missing'
  | 'module-wrong-architecture'
  | 'module-failed'
  | 'module-crashed'
  | 'module-hung'
  /** It crashed or hung three times; it is left alone until the person asks for it again. */
  | 'module-set-aside'
  | 'token-absent'
  | 'token-removed'
  | 'key-absent'
  /** Listed, but it cannot sign documents now; the listing says why. */
  | 'identity-disabled'
  | 'mechanism-unsupported'
  | 'pin-incorrect'
  | 'pin-locked'
  | 'pin-expired'
  | 'pin-length'
  | 'pin-cancelled'
  | 'pin-unreadable'
  /** Unblocking was asked for, but the token says that its PIN is not locked: trying would cost a try. */
  | 'pin-not-locked'
  /** The token has no way to change or unblock its PIN through PKCS#11. */
  | 'pin-change-unsupported'
  | 'login-required'
  | 'function-failed'
  | 'device-error'
  | 'cancelled'
  | 'bad-request';

export interface TokenFailure {
  readonly ok: false;
  readonly code: TokenErrorCode;
  /** Name of the CKR_ return value, where a module gave one. */
  readonly ckr?: string;
  /** Flags read again after a failed login. */
  readonly pin?: TokenPinState;
}

export type TokenResult<T> = { readonly ok: true; readonly value: T } | TokenFailure;

/** What the seal of preload/seal-pin.ts looks like here (native imports no other room). */
export interface SealedPinBytes {
  readonly ephemeralPublicKey: Uint8Array;
  readonly nonce: Uint8Array;
  readonly ciphertext: Uint8Array;
}

/** Whose secret unblocks: the user's PUK, or the security officer's PIN. */
export type UnblockKind = 'user-puk' | 'so';

export interface LoginAnswer {
  readonly pin: TokenPinState;
  /** A key of the token has CKA_ALWAYS_AUTHENTICATE: the process holds the PIN until the session ends, so it must end with its batch. */
  readonly asksAtEachSignature: boolean;
}

/** One process, one module. A failure of the process itself is a TokenFailure too, never an exception. */
export interface TokenHost {
  readonly modulePath: string;
  /** Everything in every slot that has a token. Asks for no PIN. */
  list(signal?: AbortSignal): Promise<TokenResult<readonly TokenSnapshot[]>>;
  /**
   * Makes a one-time key pair for one sealed PIN. `sessionId` is the additional data the seal is bound to.
   * Publishes the public key as an uncompressed P-256 point. `label` tells slots apart that share a serial: cards with two
   * PINs show one slot for each.
   */
  openSession(
    token: TokenRef & { readonly label?: string },
  ): Promise<TokenResult<{ sessionId: string; publicKey: Uint8Array; pin: TokenPinState }>>;
  /**
   * Opens the seal, checks the PIN's length against the token's, logs in once. A wrong PIN ends the session. Without a PIN a
   * token with a protected authentication path asks for it itself; the answer then takes as long as the person does.
   */
  login(sessionId: string, sealedPin: SealedPinBytes | undefined): Promise<TokenResult<LoginAnswer>>;
  /**
   * Signs with the key. `data` is the whole message (the signed attributes); the host hashes where the mechanism needs it.
   * Answers RSA signatures as they are and ECDSA as DER ECDSA-Sig-Value (RFC 3279, 2.2.3).
   */
  sign(
    sessionId: string,
    key: { keyId: string; scheme: SignatureScheme },
    data: Uint8Array,
    signal?: AbortSignal,
  ): Promise<TokenResult<Uint8Array>>;
  /**
   * C_SetPIN with both PINs, each in a seal of its own to the session's key: the present one bound to the session's id, the
   * new one to `newPinContext(sessionId)` of preload/seal-pin.ts. Both are measured before either is sent; one try is used.
   * Without seals the token asks for both itself. Ends the session in any case.
   */
  changePin(
    sessionId: string,
    sealedOld: SealedPinBytes | undefined,
    sealedNew: SealedPinBytes | undefined,
  ): Promise<TokenResult<{ pin: TokenPinState }>>;
  /**
   * Gives a locked PIN a new value. `so`: C_Login as security officer, then C_InitPIN; `user-puk`: C_SetPIN with the PUK in
   * place of the present PIN (OpenSC's set_pin_in_unlogged_session), only while the PIN is locked. Seals as in changePin.
   */
  unblock(
    sessionId: string,
    kind: UnblockKind,
    sealedPuk: SealedPinBytes | undefined,
    sealedNew: SealedPinBytes | undefined,
  ): Promise<TokenResult<{ pin: TokenPinState }>>;
  /** Forgets the session's PIN and logs out; the process lives on. Unknown sessions are ended already. */
  endBatch(sessionId: string): Promise<void>;
  /** Takes up again a module that was set aside. */
  reset(): void;
  /** Ends the batch: the PIN is forgotten because the process ends. */
  close(): Promise<void>;
}

/** How a token host's process is started; each Host of the app has its own way (child_process, utilityProcess). */
export interface ChildProcessPort {
  readonly pid: number | undefined;
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, with whatever the system says. */
  onExit(listener: (exit: { code: number | null; signal: string | null }) => void): void;
  /** SIGKILL or its like. */
  kill(): void;
}
export type StartProcess = (args: readonly string[]) => ChildProcessPort;

/** Makes token hosts; the desk keeps one per module. Implemented by native/client.ts `createTokenHost(modulePath, startProcess)`. */
export type TokenHostFactory = (modulePath: string) => TokenHost;
