/**
 * Changing a PIN and unblocking a locked one: C_SetPIN and C_InitPIN (PKCS#11 v3.0, 5.5.7 and 5.5.8) in a read-write session
 * of their own. Whatever is to be sent is measured first; each secret is sent at most once.
 */
import { isUtf8 } from 'node:buffer';
import type { SessionHandle, SlotHandle, TokenModule } from './pkcs11-module.ts';
import { TokenHostError, toTokenHostError } from './return-values.ts';
import type { TokenPinState, UnblockKind } from './token-port.ts';

/** Present secret and new PIN, UTF-8; undefined where the token asks for both itself. */
export interface PinPair {
  readonly old: Buffer;
  readonly new: Buffer;
}

/** A PUK has limits of its own, which PKCS#11 does not tell. */
const PUK_MAX_BYTES = 255;

/** @throws TokenHostError pin-length */
export function checkPinLength(pin: Buffer, limits: TokenPinState): void {
  if (pin.length === 0 || pin.length < limits.minLength || pin.length > limits.maxLength) {
    throw new TokenHostError('pin-length', { pin: limits });
  }
}

/**
 * A PIN is UTF-8 (PKCS#11 v3.0, 5.5.7): other bytes come from no keyboard, and no try is spent on them.
 * @throws TokenHostError pin-unreadable
 */
export function checkPinText(pin: Buffer): void {
  if (!isUtf8(pin)) throw new TokenHostError('pin-unreadable');
}

/**
 * A wrong present PIN shows at C_Login, which uses the one try. Without a login some modules (OpenSC, as it is set up) would take
 * the present PIN for the PUK. At a PIN pad C_SetPIN alone asks for both.
 * @throws TokenHostError pin-length, pin-incorrect, pin-locked, pin-change-unsupported …
 */
export function changePin(module: TokenModule, slot: SlotHandle, pins: PinPair | undefined): void {
  const { pin: limits } = module.tokenFacts(slot);
  if (pins) measure(pins, limits, () => checkPinLength(pins.old, limits));
  withSession(module, slot, (session) => {
    if (pins) module.login(session, pins.old);
    module.setPin(session, pins);
  });
}

/** @throws TokenHostError pin-not-locked, pin-length, pin-incorrect, pin-locked, pin-change-unsupported … */
export function unblockPin(module: TokenModule, slot: SlotHandle, kind: UnblockKind, pins: PinPair | undefined): void {
  const { pin: limits } = module.tokenFacts(slot);
  // A token that takes no PUK here would take it for a wrong PIN: of no harm only where the PIN is locked already.
  if (kind === 'user-puk' && !limits.locked) throw new TokenHostError('pin-not-locked', { pin: limits });
  if (pins) measure(pins, limits, () => checkPukLength(pins.old));
  withSession(module, slot, (session) => {
    if (kind === 'user-puk') return module.setPin(session, pins);
    module.login(session, pins?.old, 'so');
    module.initPin(session, pins?.new);
  });
}

function checkPukLength(puk: Buffer): void {
  if (puk.length === 0 || puk.length > PUK_MAX_BYTES) throw new TokenHostError('pin-length');
}

function measure(pins: PinPair, limits: TokenPinState, checkOld: () => void): void {
  checkOld();
  checkPinLength(pins.new, limits);
  checkPinText(pins.old);
  checkPinText(pins.new);
}

function withSession(module: TokenModule, slot: SlotHandle, run: (session: SessionHandle) => void): void {
  const session = module.openSession(slot, 'read-write');
  try {
    run(session);
  } catch (error) {
    const failure = toTokenHostError(error, 'function-failed');
    const unsupported = failure.ckr === 'CKR_FUNCTION_NOT_SUPPORTED' || failure.ckr === 'CKR_USER_TYPE_INVALID';
    if (!unsupported) throw failure;
    throw new TokenHostError('pin-change-unsupported', { ckr: failure.ckr ?? '', cause: failure });
  } finally {
    module.closeSession(session);
  }
}
