/** What is typed to change or unblock a PIN: out of the fields into bytes, compared twice, measured, sealed. No field keeps any of it. */
import type { TokenView } from '../../../preload/model.ts';
import { newPinContext, sealPin } from '../../../preload/seal-pin.ts';
import { pinLengthProblem, takePin } from '../sign/pin.ts';

/** A PUK's limits are its own and PKCS#11 does not tell them; the token host's own bound. */
const PUK_MAX_BYTES = 255;

export type PinPurpose = 'change' | 'user-puk' | 'so';

export type PinProblem = 'empty' | 'first-differs' | 'new-differs' | 'short' | 'long' | 'same';

export interface PinFields {
  readonly first: { value: string };
  readonly firstAgain: { value: string };
  readonly fresh: { value: string };
  readonly freshAgain: { value: string };
}

type Bytes = Uint8Array<ArrayBuffer>;

const equal = (a: Bytes, b: Bytes) => a.length === b.length && a.every((byte, index) => byte === b[index]);

/** Takes all four out of their fields. Either a problem, with everything zeroed, or both secrets: the caller seals or zeroes them. */
export function takePins(
  fields: PinFields,
  purpose: PinPurpose,
  rules: TokenView['pin'],
): { readonly problem: PinProblem } | { readonly first: Bytes; readonly fresh: Bytes } {
  const first = takePin(fields.first);
  const firstAgain = takePin(fields.firstAgain);
  const fresh = takePin(fields.fresh);
  const freshAgain = takePin(fields.freshAgain);
  const problem = problemOf(first, firstAgain, fresh, freshAgain, purpose, rules);
  firstAgain.fill(0);
  freshAgain.fill(0);
  if (problem === undefined) return { first, fresh };
  first.fill(0);
  fresh.fill(0);
  return { problem };
}

function problemOf(
  first: Bytes,
  firstAgain: Bytes,
  fresh: Bytes,
  freshAgain: Bytes,
  purpose: PinPurpose,
  rules: TokenView['pin'],
): PinProblem | undefined {
  if (first.length === 0 || fresh.length === 0) return 'empty';
  if (!equal(first, firstAgain)) return 'first-differs';
  if (!equal(fresh, freshAgain)) return 'new-differs';
  if (purpose === 'change') {
    const length = pinLengthProblem(first.length, rules);
    if (length) return length;
    if (equal(first, fresh)) return 'same';
  } else if (first.length > PUK_MAX_BYTES) return 'long';
  return pinLengthProblem(fresh.length, rules);
}

/** Both sealed to the session's one-time key, each for its own place; zeroes both. */
export async function sealPins(
  { sessionId, publicKey }: { readonly sessionId: string; readonly publicKey: Uint8Array },
  { first, fresh }: { readonly first: Bytes; readonly fresh: Bytes },
) {
  try {
    return {
      first: await sealPin(publicKey, sessionId, first),
      fresh: await sealPin(publicKey, newPinContext(sessionId), fresh),
    };
  } finally {
    first.fill(0);
    fresh.fill(0);
  }
}
