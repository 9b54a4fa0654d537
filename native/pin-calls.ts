/**
 * The calls of PKCS#11 (v3.0, 5.6.6 and 5.5.7) that take a PIN, as bytes that are zeroed afterwards, or NULL where the token or its
 * module asks for the PIN itself (CKF_PROTECTED_AUTHENTICATION_PATH). pkcs11js takes text, which cannot be zeroed, and no
 * NULL; so these go through koffi to the same module, which the system has loaded once for both: session handles hold for either.
 */
import { createRequire } from 'node:module';

/** Places in CK_FUNCTION_LIST (pkcs11f.h). */
const INIT_PIN = 10;
const SET_PIN = 11;
const LOGIN = 18;

/** UTF-8, handed to the module where it lies: the caller zeroes it. Undefined is NULL. */
export type PinBytes = Buffer | undefined;

/** Each answers with the CKR_ number; with a NULL PIN it returns when the person is done. */
export interface PinCalls {
  login(session: Buffer, userType: number, pin: PinBytes): number;
  setPin(session: Buffer, old: PinBytes, fresh: PinBytes): number;
  initPin(session: Buffer, pin: PinBytes): number;
}

/** A handle as pkcs11js holds it: CK_ULONG in the machine's byte order (little endian wherever this runs). */
function toNumber(handle: Buffer): bigint {
  return handle.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
}

const pointerAndLength = (pin: PinBytes) => [pin ?? null, pin?.length ?? 0] as const;

/**
 * @param path the module's, loaded already
 * @throws Error where the module has no function list any more
 */
export function openPinCalls(path: string): PinCalls {
  const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
  const ulong = 'unsigned long';
  const getList = koffi.load(path).func('C_GetFunctionList', ulong, [koffi.out(koffi.pointer('void *'))]);
  const list: unknown[] = [null];
  if (getList(list) !== 0 || !list[0]) throw new Error('the module gives no function list');
  // CK_VERSION comes first; the pointers follow aligned, on Windows packed to one byte (pkcs11.h).
  const firstOffset = process.platform === 'win32' ? 2 : koffi.sizeof('void *');
  const entry = (index: number, parameters: readonly string[]) => {
    const address: unknown = koffi.decode(list[0], firstOffset + index * koffi.sizeof('void *'), 'void *');
    const type = koffi.proto(ulong, [...parameters]);
    return (...values: unknown[]) => Number(koffi.call(address, type, ...values));
  };
  const login = entry(LOGIN, [ulong, ulong, 'void *', ulong]);
  const setPin = entry(SET_PIN, [ulong, 'void *', ulong, 'void *', ulong]);
  const initPin = entry(INIT_PIN, [ulong, 'void *', ulong]);
  return {
    login: (session, userType, pin) => login(toNumber(session), userType, ...pointerAndLength(pin)),
    setPin: (session, old, fresh) => setPin(toNumber(session), ...pointerAndLength(old), ...pointerAndLength(fresh)),
    initPin: (session, pin) => initPin(toNumber(session), ...pointerAndLength(pin)),
  };
}
