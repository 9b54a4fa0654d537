/**
 * Every CKR_ return value of PKCS#11 (v3.0, OASIS, pkcs11t.h) mapped to what it means to a person, in one table.
 * A value means "wrong PIN" only if the standard says so: CKR_FUNCTION_FAILED and CKR_GENERAL_ERROR never do.
 */
import type { TokenErrorCode, TokenPinState } from './token-port.ts';

/** The room's one error: thrown inside a token host's process, a TokenFailure outside it. */
export class TokenHostError extends Error {
  readonly code: TokenErrorCode;
  readonly ckr: string | undefined;
  readonly pin: TokenPinState | undefined;
  constructor(code: TokenErrorCode, about: { ckr?: string; pin?: TokenPinState; cause?: unknown } = {}) {
    super(`token: ${code}${about.ckr === undefined ? '' : ` (${about.ckr})`}`, { cause: about.cause });
    this.name = 'TokenHostError';
    this.code = code;
    this.ckr = about.ckr;
    this.pin = about.pin;
  }
}

type Row = readonly [value: number, name: string, code: TokenErrorCode];

const rows: readonly Row[] = [
  [0x001, 'CKR_CANCEL', 'pin-cancelled'],
  [0x002, 'CKR_HOST_MEMORY', 'device-error'],
  [0x003, 'CKR_SLOT_ID_INVALID', 'token-absent'],
  [0x005, 'CKR_GENERAL_ERROR', 'function-failed'],
  [0x006, 'CKR_FUNCTION_FAILED', 'function-failed'],
  [0x007, 'CKR_ARGUMENTS_BAD', 'bad-request'],
  [0x008, 'CKR_NO_EVENT', 'function-failed'],
  [0x009, 'CKR_NEED_TO_CREATE_THREADS', 'module-failed'],
  [0x00a, 'CKR_CANT_LOCK', 'module-failed'],
  [0x010, 'CKR_ATTRIBUTE_READ_ONLY', 'bad-request'],
  [0x011, 'CKR_ATTRIBUTE_SENSITIVE', 'function-failed'],
  [0x012, 'CKR_ATTRIBUTE_TYPE_INVALID', 'function-failed'],
  [0x013, 'CKR_ATTRIBUTE_VALUE_INVALID', 'function-failed'],
  [0x01b, 'CKR_ACTION_PROHIBITED', 'function-failed'],
  [0x020, 'CKR_DATA_INVALID', 'mechanism-unsupported'],
  [0x021, 'CKR_DATA_LEN_RANGE', 'mechanism-unsupported'],
  [0x030, 'CKR_DEVICE_ERROR', 'device-error'],
  [0x031, 'CKR_DEVICE_MEMORY', 'device-error'],
  [0x032, 'CKR_DEVICE_REMOVED', 'token-removed'],
  [0x040, 'CKR_ENCRYPTED_DATA_INVALID', 'function-failed'],
  [0x041, 'CKR_ENCRYPTED_DATA_LEN_RANGE', 'function-failed'],
  [0x050, 'CKR_FUNCTION_CANCELED', 'pin-cancelled'],
  [0x051, 'CKR_FUNCTION_NOT_PARALLEL', 'function-failed'],
  [0x054, 'CKR_FUNCTION_NOT_SUPPORTED', 'function-failed'],
  [0x060, 'CKR_KEY_HANDLE_INVALID', 'key-absent'],
  [0x062, 'CKR_KEY_SIZE_RANGE', 'mechanism-unsupported'],
  [0x063, 'CKR_KEY_TYPE_INCONSISTENT', 'mechanism-unsupported'],
  [0x064, 'CKR_KEY_NOT_NEEDED', 'bad-request'],
  [0x065, 'CKR_KEY_CHANGED', 'key-absent'],
  [0x066, 'CKR_KEY_NEEDED', 'bad-request'],
  [0x067, 'CKR_KEY_INDIGESTIBLE', 'function-failed'],
  [0x068, 'CKR_KEY_FUNCTION_NOT_PERMITTED', 'mechanism-unsupported'],
  [0x069, 'CKR_KEY_NOT_WRAPPABLE', 'function-failed'],
  [0x06a, 'CKR_KEY_UNEXTRACTABLE', 'function-failed'],
  [0x070, 'CKR_MECHANISM_INVALID', 'mechanism-unsupported'],
  [0x071, 'CKR_MECHANISM_PARAM_INVALID', 'mechanism-unsupported'],
  [0x082, 'CKR_OBJECT_HANDLE_INVALID', 'key-absent'],
  [0x090, 'CKR_OPERATION_ACTIVE', 'function-failed'],
  [0x091, 'CKR_OPERATION_NOT_INITIALIZED', 'function-failed'],
  [0x0a0, 'CKR_PIN_INCORRECT', 'pin-incorrect'],
  [0x0a1, 'CKR_PIN_INVALID', 'pin-incorrect'],
  [0x0a2, 'CKR_PIN_LEN_RANGE', 'pin-length'],
  [0x0a3, 'CKR_PIN_EXPIRED', 'pin-expired'],
  [0x0a4, 'CKR_PIN_LOCKED', 'pin-locked'],
  [0x0b0, 'CKR_SESSION_CLOSED', 'token-removed'],
  [0x0b1, 'CKR_SESSION_COUNT', 'function-failed'],
  [0x0b3, 'CKR_SESSION_HANDLE_INVALID', 'token-removed'],
  [0x0b4, 'CKR_SESSION_PARALLEL_NOT_SUPPORTED', 'function-failed'],
  [0x0b5, 'CKR_SESSION_READ_ONLY', 'function-failed'],
  [0x0b6, 'CKR_SESSION_EXISTS', 'function-failed'],
  [0x0b7, 'CKR_SESSION_READ_ONLY_EXISTS', 'function-failed'],
  [0x0b8, 'CKR_SESSION_READ_WRITE_SO_EXISTS', 'function-failed'],
  [0x0c0, 'CKR_SIGNATURE_INVALID', 'function-failed'],
  [0x0c1, 'CKR_SIGNATURE_LEN_RANGE', 'function-failed'],
  [0x0d0, 'CKR_TEMPLATE_INCOMPLETE', 'bad-request'],
  [0x0d1, 'CKR_TEMPLATE_INCONSISTENT', 'bad-request'],
  [0x0e0, 'CKR_TOKEN_NOT_PRESENT', 'token-absent'],
  [0x0e1, 'CKR_TOKEN_NOT_RECOGNIZED', 'token-absent'],
  [0x0e2, 'CKR_TOKEN_WRITE_PROTECTED', 'function-failed'],
  [0x0f0, 'CKR_UNWRAPPING_KEY_HANDLE_INVALID', 'function-failed'],
  [0x0f1, 'CKR_UNWRAPPING_KEY_SIZE_RANGE', 'function-failed'],
  [0x0f2, 'CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT', 'function-failed'],
  [0x100, 'CKR_USER_ALREADY_LOGGED_IN', 'function-failed'],
  [0x101, 'CKR_USER_NOT_LOGGED_IN', 'login-required'],
  [0x102, 'CKR_USER_PIN_NOT_INITIALIZED', 'pin-expired'],
  [0x103, 'CKR_USER_TYPE_INVALID', 'function-failed'],
  [0x104, 'CKR_USER_ANOTHER_ALREADY_LOGGED_IN', 'function-failed'],
  [0x105, 'CKR_USER_TOO_MANY_TYPES', 'function-failed'],
  [0x110, 'CKR_WRAPPED_KEY_INVALID', 'function-failed'],
  [0x112, 'CKR_WRAPPED_KEY_LEN_RANGE', 'function-failed'],
  [0x113, 'CKR_WRAPPING_KEY_HANDLE_INVALID', 'function-failed'],
  [0x114, 'CKR_WRAPPING_KEY_SIZE_RANGE', 'function-failed'],
  [0x115, 'CKR_WRAPPING_KEY_TYPE_INCONSISTENT', 'function-failed'],
  [0x120, 'CKR_RANDOM_SEED_NOT_SUPPORTED', 'function-failed'],
  [0x121, 'CKR_RANDOM_NO_RNG', 'function-failed'],
  [0x130, 'CKR_DOMAIN_PARAMS_INVALID', 'mechanism-unsupported'],
  [0x140, 'CKR_CURVE_NOT_SUPPORTED', 'mechanism-unsupported'],
  [0x150, 'CKR_BUFFER_TOO_SMALL', 'function-failed'],
  [0x160, 'CKR_SAVED_STATE_INVALID', 'function-failed'],
  [0x170, 'CKR_INFORMATION_SENSITIVE', 'function-failed'],
  [0x180, 'CKR_STATE_UNSAVEABLE', 'function-failed'],
  [0x190, 'CKR_CRYPTOKI_NOT_INITIALIZED', 'module-failed'],
  [0x191, 'CKR_CRYPTOKI_ALREADY_INITIALIZED', 'module-failed'],
  [0x1a0, 'CKR_MUTEX_BAD', 'module-failed'],
  [0x1a1, 'CKR_MUTEX_NOT_LOCKED', 'module-failed'],
  [0x1b0, 'CKR_NEW_PIN_MODE', 'pin-expired'],
  [0x1b1, 'CKR_NEXT_OTP', 'pin-incorrect'],
  [0x1b5, 'CKR_EXCEEDED_MAX_ITERATIONS', 'function-failed'],
  [0x1b6, 'CKR_FIPS_SELF_TEST_FAILED', 'module-failed'],
  [0x1b7, 'CKR_LIBRARY_LOAD_FAILED', 'module-failed'],
  [0x1b8, 'CKR_PIN_TOO_WEAK', 'pin-length'],
  [0x1b9, 'CKR_PUBLIC_KEY_INVALID', 'function-failed'],
  [0x200, 'CKR_FUNCTION_REJECTED', 'pin-cancelled'],
];

const byValue = new Map(rows.map(([value, name, code]) => [value, { name, code }]));
const VENDOR_DEFINED = 0x80000000;

/** Name and meaning of a CKR_ number; a value the table does not know is function-failed under its number. */
export function describeReturnValue(value: number): { ckr: string; code: TokenErrorCode } {
  const known = byValue.get(value);
  if (known) return { ckr: known.name, code: known.code };
  const hex = `0x${value.toString(16).padStart(8, '0')}`;
  return { ckr: value >= VENDOR_DEFINED ? `CKR_VENDOR_DEFINED(${hex})` : `CKR(${hex})`, code: 'function-failed' };
}

/** The error of a call that answered with this CKR_ number. */
export function returnValueError(value: number): TokenHostError {
  const { ckr, code } = describeReturnValue(value);
  return new TokenHostError(code, { ckr });
}

/** The CKR_ number in what pkcs11js throws: a `code` above zero, else `CKR_NAME:number` in the message. */
export function returnValueOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const code = 'code' in error ? error.code : undefined;
  if (typeof code === 'number' && code > 0) return code;
  const message = 'message' in error ? error.message : undefined;
  const found = typeof message === 'string' ? /\bCKR_\w+:(\d+)/.exec(message) : null;
  return found ? Number(found[1]) : undefined;
}

/** Whatever was thrown as the room's error; `fallback` where no return value is in it. */
export function toTokenHostError(error: unknown, fallback: TokenErrorCode): TokenHostError {
  if (error instanceof TokenHostError) return error;
  const value = returnValueOf(error);
  if (value === undefined) return new TokenHostError(fallback, { cause: error });
  const { ckr, code } = describeReturnValue(value);
  return new TokenHostError(code, { ckr, cause: error });
}
