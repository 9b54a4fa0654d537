/**
 * One PIN, one batch: a session on one token from its one-time key to its end. The PIN is opened from its seal, measured
 * against the token's limits, used for exactly one C_Login, and kept only where a key asks for it at each signature.
 */
import { planSigning, toSignature, toSignInput } from './mechanism.ts';
import { changePin, checkPinLength, checkPinText, type PinPair, unblockPin } from './pin-change.ts';
import { endsSession, type SessionHandle, type SlotHandle, type TokenModule } from './pkcs11-module.ts';
import { TokenHostError, toTokenHostError } from './return-values.ts';
import { createPinKey, newPinContext, type PinKey } from './sealed-pin.ts';
import { anyAlwaysAuthenticates, findSigningKey, type SigningKeyObject } from './token-objects.ts';
import type { LoginAnswer, SealedPinBytes, SignatureScheme, TokenPinState, UnblockKind } from './token-port.ts';

type State =
  | { readonly kind: 'open'; readonly pinKey: PinKey }
  | {
      readonly kind: 'logged-in';
      readonly session: SessionHandle;
      readonly mechanisms: readonly number[];
      /** The token asks for its PIN itself, also where a key wants it at each signature. */
      readonly asksItself: boolean;
    }
  | { readonly kind: 'ended' };

export class TokenSession {
  readonly id: string;
  readonly slot: SlotHandle;
  readonly publicKey: Uint8Array;
  readonly #module: TokenModule;
  readonly #keys = new Map<string, SigningKeyObject>();
  #state: State;
  /** Kept for CKA_ALWAYS_AUTHENTICATE keys alone; zeroed when the session ends. */
  #pin: Buffer | undefined;

  constructor(module: TokenModule, slot: SlotHandle, id: string) {
    const pinKey = createPinKey();
    this.id = id;
    this.slot = slot;
    this.publicKey = pinKey.publicKey;
    this.#module = module;
    this.#state = { kind: 'open', pinKey };
  }

  get loggedIn(): boolean {
    return this.#state.kind === 'logged-in';
  }

  get ended(): boolean {
    return this.#state.kind === 'ended';
  }

  /**
   * One try. Whatever goes wrong ends the session; the failure carries the token's flags, read again.
   * @throws TokenHostError
   */
  login(sealedPin: SealedPinBytes | undefined): LoginAnswer {
    if (this.#state.kind !== 'open') throw new TokenHostError('pin-unreadable');
    const { pinKey } = this.#state;
    try {
      const { pin } = this.#module.tokenFacts(this.slot);
      const mechanisms = this.#module.mechanisms(this.slot);
      const session = this.#module.openSession(this.slot);
      const asksItself = pin.protectedAuthenticationPath && !sealedPin;
      this.#state = { kind: 'logged-in', session, mechanisms, asksItself };
      if (pin.loginRequired || sealedPin) this.#enter(session, pinKey, sealedPin, pin);
      const asksAtEachSignature = anyAlwaysAuthenticates(this.#module, session);
      if (!asksAtEachSignature) this.#forgetPin();
      return { pin: this.#module.tokenFacts(this.slot).pin, asksAtEachSignature };
    } catch (error) {
      this.end();
      throw this.#withFlags(toTokenHostError(error, 'function-failed'));
    }
  }

  #enter(session: SessionHandle, pinKey: PinKey, sealed: SealedPinBytes | undefined, limits: TokenPinState): void {
    if (!sealed) {
      if (!limits.protectedAuthenticationPath) throw new TokenHostError('login-required');
      this.#module.login(session, undefined);
      return;
    }
    const pin = pinKey.open(this.id, sealed);
    this.#pin = pin;
    checkPinLength(pin, limits);
    checkPinText(pin);
    this.#module.login(session, pin);
  }

  /** One try, and the session's end. @throws TokenHostError */
  changePin(sealedOld: SealedPinBytes | undefined, sealedNew: SealedPinBytes | undefined): { pin: TokenPinState } {
    return this.#withPair(sealedOld, sealedNew, (pins) => changePin(this.#module, this.slot, pins));
  }

  /** One try, and the session's end. @throws TokenHostError */
  unblock(
    kind: UnblockKind,
    sealedPuk: SealedPinBytes | undefined,
    sealedNew: SealedPinBytes | undefined,
  ): { pin: TokenPinState } {
    return this.#withPair(sealedPuk, sealedNew, (pins) => unblockPin(this.#module, this.slot, kind, pins));
  }

  #withPair(
    old: SealedPinBytes | undefined,
    fresh: SealedPinBytes | undefined,
    run: (pins: PinPair | undefined) => void,
  ): { pin: TokenPinState } {
    if (this.#state.kind !== 'open') throw new TokenHostError('pin-unreadable');
    const opened: Buffer[] = [];
    try {
      run(this.#openPair(this.#state.pinKey, old, fresh, opened));
      return { pin: this.#module.tokenFacts(this.slot).pin };
    } catch (error) {
      throw this.#withFlags(toTokenHostError(error, 'function-failed'));
    } finally {
      for (const pin of opened) pin.fill(0);
      this.end();
    }
  }

  #openPair(
    pinKey: PinKey,
    old: SealedPinBytes | undefined,
    fresh: SealedPinBytes | undefined,
    opened: Buffer[],
  ): PinPair | undefined {
    const asksItself = this.#module.tokenFacts(this.slot).pin.protectedAuthenticationPath;
    if (!old && !fresh && asksItself) return undefined;
    if (!old || !fresh) throw new TokenHostError('login-required');
    const open = (context: string, sealed: SealedPinBytes) => {
      const pin = pinKey.open(context, sealed);
      opened.push(pin);
      return pin;
    };
    return { old: open(this.id, old), new: open(newPinContext(this.id), fresh) };
  }

  /** @throws TokenHostError; one that voids the login ends the session */
  sign(key: { keyId: string; scheme: SignatureScheme }, data: Uint8Array): Uint8Array {
    if (this.#state.kind !== 'logged-in') throw new TokenHostError('login-required');
    const { session, mechanisms, asksItself } = this.#state;
    try {
      const plan = planSigning(key.scheme, mechanisms);
      if (!plan) throw new TokenHostError('mechanism-unsupported');
      const object = this.#key(session, key.keyId, plan.keyType);
      const context = object.alwaysAuthenticate ? this.#contextLogin(asksItself) : undefined;
      const input = toSignInput(plan, data);
      return toSignature(plan, this.#module.sign(session, object.handle, plan, input, context));
    } catch (error) {
      const failure = this.#removedOr(toTokenHostError(error, 'function-failed'));
      if (endsSession(failure) || !this.#renew(this.#state)) this.end();
      throw this.#withFlags(failure);
    }
  }

  /** Some modules answer a plain failure where the token was pulled during the call. */
  #removedOr(failure: TokenHostError): TokenHostError {
    const isPlain = failure.code === 'function-failed' || failure.code === 'device-error';
    if (!isPlain || this.#module.isTokenPresent(this.slot)) return failure;
    return new TokenHostError('token-removed', {
      cause: failure,
      ...(failure.ckr === undefined ? {} : { ckr: failure.ckr }),
    });
  }

  /** A module may leave a failed signature's operation open: a second session takes the place, under the same login. */
  #renew(old: Extract<State, { kind: 'logged-in' }>): boolean {
    try {
      this.#state = { ...old, session: this.#module.openSession(this.slot) };
      this.#keys.clear();
      this.#module.closeSession(old.session);
      return true;
    } catch {
      return false;
    }
  }

  #contextLogin(asksItself: boolean): { readonly pin: Buffer | undefined } | undefined {
    if (asksItself) return { pin: undefined };
    return this.#pin && { pin: this.#pin };
  }

  #key(session: SessionHandle, keyId: string, keyType: 'rsa' | 'ec'): SigningKeyObject {
    const name = `${keyType}:${keyId}`;
    const known = this.#keys.get(name) ?? findSigningKey(this.#module, session, keyId, keyType);
    if (!known) throw new TokenHostError('key-absent');
    this.#keys.set(name, known);
    return known;
  }

  /** Wrong and locked PINs carry the flags as they are now; a token that is gone has none. */
  #withFlags(error: TokenHostError): TokenHostError {
    if (error.pin || !error.code.startsWith('pin-')) return error;
    const about = { cause: error.cause, ...(error.ckr === undefined ? {} : { ckr: error.ckr }) };
    try {
      return new TokenHostError(error.code, { ...about, pin: this.#module.tokenFacts(this.slot).pin });
    } catch {
      return error;
    }
  }

  /** Closes the token's session, which logs out where it was the last one; forgets PIN and keys. */
  end(): void {
    this.#forgetPin();
    this.#keys.clear();
    if (this.#state.kind === 'logged-in') this.#module.closeSession(this.#state.session);
    this.#state = { kind: 'ended' };
  }

  #forgetPin(): void {
    this.#pin?.fill(0);
    this.#pin = undefined;
  }
}
