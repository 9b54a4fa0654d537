/** The PIN's short way through the window: out of its field into bytes, which seal-pin.ts zeroes. */
import type { TokenView } from '../../../preload/model.ts';

type PinRules = TokenView['pin'];

/** Takes the PIN out of its field and leaves the field empty. The caller seals or zeroes what it gets. */
export function takePin(field: { value: string }): Uint8Array<ArrayBuffer> {
  const pin = new TextEncoder().encode(field.value);
  field.value = '';
  return pin;
}

/** What a PIN's length (in UTF-8 bytes) says before a try is spent on it. A maximum of 0 means the token names none. */
export function pinLengthProblem(
  length: number,
  { minLength, maxLength }: PinRules,
): 'empty' | 'short' | 'long' | undefined {
  if (length === 0) return 'empty';
  if (length < minLength) return 'short';
  if (maxLength > 0 && length > maxLength) return 'long';
  return undefined;
}

/** How many tries are left, as far as the token says (PKCS#11 v3.1, CKF_USER_PIN_*). */
export function triesLeft({ locked, finalTry, countLow }: PinRules): 'none' | 'one' | 'few' | 'all' {
  if (locked) return 'none';
  if (finalTry) return 'one';
  return countLow ? 'few' : 'all';
}

/** Whether the PIN is to be typed here: not where the reader asks for it, nor while a login is kept. */
export function asksPin({ pin, keptLogin }: Pick<TokenView, 'pin' | 'keptLogin'>): boolean {
  return !pin.protectedAuthenticationPath && keptLogin === undefined;
}
