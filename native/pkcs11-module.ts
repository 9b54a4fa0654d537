/**
 * One loaded PKCS#11 module (v2.40 and v3.0) behind names and types of our own: slots, token facts, objects, login, signing.
 * Nothing here knows of messages or processes. Every failure is a TokenHostError.
 */
import pkcs11js from 'pkcs11js';
import type { PssParameters } from './mechanism.ts';
import { openPinCalls, type PinBytes, type PinCalls } from './pin-calls.ts';
import { returnValueError, type TokenHostError, toTokenHostError } from './return-values.ts';
import type { TokenErrorCode, TokenPinState } from './token-port.ts';

/** Opaque: CK_SLOT_ID, CK_SESSION_HANDLE, CK_OBJECT_HANDLE. */
export type SlotHandle = Buffer & { readonly kind?: 'slot' };
export type SessionHandle = Buffer & { readonly kind?: 'session' };
export type ObjectHandle = Buffer & { readonly kind?: 'object' };

/** Numbers of pkcs11t.h. */
export const CKO = { CERTIFICATE: 1, PUBLIC_KEY: 2, PRIVATE_KEY: 3 } as const;
export const CKK = { RSA: 0, EC: 3 } as const;
export const CKA = {
  CLASS: 0x000,
  LABEL: 0x003,
  VALUE: 0x011,
  KEY_TYPE: 0x100,
  ID: 0x102,
  MODULUS: 0x120,
  EC_POINT: 0x181,
  ALWAYS_AUTHENTICATE: 0x202,
} as const;
const CKF_SERIAL_SESSION = 0x4;
const CKF_RW_SESSION = 0x2;
const CKF_OS_LOCKING_OK = 0x2;
const CKU = { SO: 0, USER: 1, CONTEXT_SPECIFIC: 2 } as const;
const CKF = {
  TOKEN_PRESENT: 0x1,
  LOGIN_REQUIRED: 0x4,
  PROTECTED_AUTHENTICATION_PATH: 0x100,
  TOKEN_INITIALIZED: 0x400,
  USER_PIN_COUNT_LOW: 0x10000,
  USER_PIN_FINAL_TRY: 0x20000,
  USER_PIN_LOCKED: 0x40000,
  USER_PIN_TO_BE_CHANGED: 0x80000,
  SO_PIN_COUNT_LOW: 0x100000,
  SO_PIN_FINAL_TRY: 0x200000,
  SO_PIN_LOCKED: 0x400000,
} as const;
const CK_PARAMS_RSA_PSS = pkcs11js.CK_PARAMS_RSA_PSS;

/** Where a token states no limit of its own (0, or CK_UNAVAILABLE_INFORMATION). */
const PIN_MAX_BYTES = 255;
/** A module that never stops finding objects is cut off here. */
const MAX_OBJECTS = 4096;
const FIND_AT_ONCE = 64;
/** Longest signature: RSA with a modulus of 16384 bits. */
const SIGNATURE_BYTES = 2048;

export interface TokenFacts {
  readonly manufacturerId: string;
  readonly serialNumber: string;
  readonly label: string;
  readonly model: string;
  readonly initialized: boolean;
  readonly pin: TokenPinState;
}

/** PKCS#11 strings are padded with blanks (v3.0, 2.1.2); some modules pad with zeros. */
export function trimPadding(text: string): string {
  let end = text.length;
  while (end > 0 && (text[end - 1] === ' ' || text[end - 1] === '\0')) end--;
  return text.slice(0, end);
}

/** The PIN's part of CK_TOKEN_INFO, its limits in bytes and sane. */
export function toPinState(flags: number, minLength: number, maxLength: number): TokenPinState {
  const has = (flag: number) => Math.floor(flags / flag) % 2 === 1;
  const max = maxLength > 0 && maxLength <= PIN_MAX_BYTES ? maxLength : PIN_MAX_BYTES;
  return {
    protectedAuthenticationPath: has(CKF.PROTECTED_AUTHENTICATION_PATH),
    countLow: has(CKF.USER_PIN_COUNT_LOW),
    finalTry: has(CKF.USER_PIN_FINAL_TRY),
    locked: has(CKF.USER_PIN_LOCKED),
    toBeChanged: has(CKF.USER_PIN_TO_BE_CHANGED),
    soCountLow: has(CKF.SO_PIN_COUNT_LOW),
    soFinalTry: has(CKF.SO_PIN_FINAL_TRY),
    soLocked: has(CKF.SO_PIN_LOCKED),
    loginRequired: has(CKF.LOGIN_REQUIRED),
    minLength: minLength > 0 && minLength <= max ? minLength : 0,
    maxLength: max,
  };
}

function guarded<T>(run: () => T, fallback: TokenErrorCode = 'function-failed'): T {
  try {
    return run();
  } catch (error) {
    throw toTokenHostError(error, fallback);
  }
}

/** What a module can do; a PKCS#12 file can be one too. */
export type TokenModule = Pick<Pkcs11Module, keyof Pkcs11Module>;

export class Pkcs11Module {
  readonly #library: pkcs11js.PKCS11;
  readonly #path: string;
  #pinCalls: PinCalls | undefined;

  private constructor(library: pkcs11js.PKCS11, path: string) {
    this.#library = library;
    this.#path = path;
  }

  /**
   * Loads and initializes. After a failure the process must not try again: a half-loaded module may crash it.
   * @param path absolute: an empty or relative one would open something else
   * @param parameters what C_Initialize gets as CK_C_INITIALIZE_ARGS.pReserved, for modules that need it (NSS softokn)
   * @throws TokenHostError module-failed, or what C_Initialize says
   */
  static load(path: string, parameters?: string): Pkcs11Module {
    const library = new pkcs11js.PKCS11();
    guarded(() => library.load(path), 'module-failed');
    const flags = CKF_OS_LOCKING_OK;
    // pkcs11js cuts the parameters' last character off.
    const options = parameters === undefined ? { flags } : { flags, libraryParameters: `${parameters} ` };
    guarded(() => library.C_Initialize(options), 'module-failed');
    return new Pkcs11Module(library, path);
  }

  /** C_Finalize, its failures ignored: the process ends after it. */
  finalize(): void {
    try {
      this.#library.C_Finalize();
    } catch {
      // The process ends now in any case.
    }
  }

  slotsWithToken(): SlotHandle[] {
    return guarded(() => this.#library.C_GetSlotList(true));
  }

  slotDescription(slot: SlotHandle): string {
    return trimPadding(guarded(() => this.#library.C_GetSlotInfo(slot)).slotDescription);
  }

  /** What the slot says, without asking the token; true where it says nothing. */
  isTokenPresent(slot: SlotHandle): boolean {
    try {
      return this.#library.C_GetSlotInfo(slot).flags % 2 === CKF.TOKEN_PRESENT;
    } catch {
      return true;
    }
  }

  tokenFacts(slot: SlotHandle): TokenFacts {
    const info = guarded(() => this.#library.C_GetTokenInfo(slot));
    return {
      manufacturerId: trimPadding(info.manufacturerID),
      serialNumber: trimPadding(info.serialNumber),
      label: trimPadding(info.label),
      model: trimPadding(info.model),
      initialized: Math.floor(info.flags / CKF.TOKEN_INITIALIZED) % 2 === 1,
      pin: toPinState(info.flags, info.minPinLen, info.maxPinLen),
    };
  }

  mechanisms(slot: SlotHandle): number[] {
    return guarded(() => this.#library.C_GetMechanismList(slot));
  }

  openSession(slot: SlotHandle, access: 'read-only' | 'read-write' = 'read-only'): SessionHandle {
    const flags = access === 'read-write' ? CKF_SERIAL_SESSION | CKF_RW_SESSION : CKF_SERIAL_SESSION;
    return guarded(() => this.#library.C_OpenSession(slot, flags));
  }

  /** Failures are ignored: a removed token has closed its sessions already. */
  closeSession(session: SessionHandle): void {
    try {
      this.#library.C_CloseSession(session);
    } catch {
      // Nothing is left to close.
    }
  }

  findObjects(session: SessionHandle, objectClass: number): ObjectHandle[] {
    return guarded(() => {
      this.#library.C_FindObjectsInit(session, [{ type: CKA.CLASS, value: objectClass }]);
      try {
        const found: ObjectHandle[] = [];
        for (;;) {
          const some = this.#library.C_FindObjects(session, FIND_AT_ONCE);
          found.push(...some);
          if (some.length === 0 || found.length >= MAX_OBJECTS) return found;
        }
      } finally {
        this.#library.C_FindObjectsFinal(session);
      }
    });
  }

  /** One attribute; undefined where the object has none or does not show it. Asked one by one: together they fail together. */
  attribute(session: SessionHandle, object: ObjectHandle, type: number): Buffer | undefined {
    try {
      const value = this.#library.C_GetAttributeValue(session, object, [{ type }])[0]?.value;
      return value && value.length > 0 ? value : undefined;
    } catch (error) {
      const failure = toTokenHostError(error, 'function-failed');
      const gone =
        failure.code === 'token-removed' || failure.code === 'token-absent' || failure.code === 'device-error';
      if (gone) throw failure;
      return undefined;
    }
  }

  /** An attribute of type CK_ULONG or CK_BBOOL, in the machine's byte order (little endian wherever this runs). */
  numberAttribute(session: SessionHandle, object: ObjectHandle, type: number): number | undefined {
    const value = this.attribute(session, object, type);
    return value?.reduceRight((sum, byte) => sum * 256 + byte, 0);
  }

  /** C_Login. Undefined is the NULL PIN: the token asks for it itself. The caller zeroes the PIN. */
  login(session: SessionHandle, pin: PinBytes, as: 'user' | 'so' = 'user'): void {
    this.#withPin((calls) => calls.login(session, as === 'so' ? CKU.SO : CKU.USER, pin));
  }

  /** C_SetPIN; NULL PINs where `pins` is undefined. */
  setPin(session: SessionHandle, pins: { readonly old: Buffer; readonly new: Buffer } | undefined): void {
    this.#withPin((calls) => calls.setPin(session, pins?.old, pins?.new));
  }

  /** C_InitPIN; the NULL PIN where `pin` is undefined. */
  initPin(session: SessionHandle, pin: PinBytes): void {
    this.#withPin((calls) => calls.initPin(session, pin));
  }

  #withPin(call: (calls: PinCalls) => number): void {
    guarded(() => {
      this.#pinCalls ??= openPinCalls(this.#path);
      const value = call(this.#pinCalls);
      if (value !== 0) throw returnValueError(value);
    });
  }

  /**
   * C_SignInit; for CKA_ALWAYS_AUTHENTICATE keys C_Login(CKU_CONTEXT_SPECIFIC) as `context` says; then C_Sign. On this thread:
   * in the thread pool a SoftHSM RSA-2048 signature takes some 8 % longer, and no other call may enter the module
   * meanwhile anyway.
   */
  sign(
    session: SessionHandle,
    key: ObjectHandle,
    mechanism: { mechanism: number; pss: PssParameters | undefined },
    input: Buffer,
    context: { readonly pin: PinBytes } | undefined,
  ): Uint8Array {
    return guarded(() => {
      this.#library.C_SignInit(session, toMechanism(mechanism), key);
      if (context) this.#withPin((calls) => calls.login(session, CKU.CONTEXT_SPECIFIC, context.pin));
      return this.#library.C_Sign(session, input, Buffer.alloc(SIGNATURE_BYTES));
    });
  }
}

function toMechanism(wanted: { mechanism: number; pss: PssParameters | undefined }): pkcs11js.Mechanism {
  if (!wanted.pss) return { mechanism: wanted.mechanism };
  const { hashAlgorithm: hashAlg, mgf, saltBytes: saltLen } = wanted.pss;
  const parameter: pkcs11js.RsaPSS = { type: CK_PARAMS_RSA_PSS, hashAlg, mgf, saltLen };
  return { mechanism: wanted.mechanism, parameter };
}

/** True for the errors after which an open operation or session of the token is of no use any more. */
export function endsSession(error: TokenHostError): boolean {
  return (
    error.code === 'token-removed' ||
    error.code === 'token-absent' ||
    error.code === 'pin-incorrect' ||
    error.code === 'pin-locked' ||
    error.code === 'login-required'
  );
}
