/**
 * The delivery of one outbox row as a pure machine: `reduce(state, event)` gives the next state and the one effect to run once it
 * is stored. A change is looked for at the provider before each send, and after each one: nothing is ever sent blindly again.
 */

export type DeliveryState =
  /** To be looked for, then sent. */
  | { readonly kind: 'pending'; readonly attempts: number; readonly retryAt?: number; readonly code?: string }
  /** Stored before the request leaves; found at a start, it means the outcome is not known. */
  | { readonly kind: 'sending'; readonly attempts: number }
  /** The provider took it; reading it back comes next. Stored as `sending`. */
  | { readonly kind: 'sent'; readonly attempts: number }
  /** A request left and nobody knows what became of it: to be looked for with the memo of that attempt. */
  | { readonly kind: 'unknown'; readonly attempts: number; readonly retryAt?: number; readonly code?: string }
  | { readonly kind: 'confirmed' }
  /** It can no longer be made as it is; the person decides. */
  | { readonly kind: 'parked'; readonly attempts: number; readonly code: string }
  /** It was refused for good, or cannot be read. */
  | { readonly kind: 'failed'; readonly attempts: number; readonly code: string };

export interface Trouble {
  readonly kind: 'trouble';
  readonly code: string;
  /** The request may have taken effect. */
  readonly outcomeUnknown: boolean;
  readonly retryAfterMs?: number;
  /** Epoch milliseconds. */
  readonly now: number;
  /** 0 to 1, for the jitter. */
  readonly random: number;
}

export type DeliveryEvent =
  | { readonly kind: 'due' }
  | {
      readonly kind: 'not-applied';
      readonly now: number;
      readonly random: number;
      /** A request of an earlier attempt may still be on its way: nothing is sent before (epoch ms). */
      readonly notBefore?: number;
    }
  | { readonly kind: 'applied' }
  | { readonly kind: 'conflict'; readonly code: string }
  | { readonly kind: 'sent' }
  /** The change became another one, which was never sent. */
  | { readonly kind: 'revised' }
  /** What the provider now says is stored. */
  | { readonly kind: 'confirmed' }
  | { readonly kind: 'unreadable'; readonly code: string }
  | Trouble;

export type DeliveryEffect = 'observe' | 'send' | 'confirm';

export interface DeliveryStep {
  readonly state: DeliveryState;
  readonly effect?: DeliveryEffect;
}

const FIRST_RETRY_MS = 2_000;
const LAST_RETRY_MS = 10 * 60_000;
/** No server makes us wait longer than this; a retry time further off comes from a clock that was set back. */
export const LONGEST_WAIT_MS = 60 * 60_000;

/** The person has to sign in again: waiting costs no attempt and has no time. */
const waitsForSignIn = new Set(['sign-in-expired', 'sign-in-refused']);
const refusedForGood = new Set(['refused', 'insecure-url']);

function retryAt(trouble: Trouble, attempts: number): number {
  const backoffMs = Math.min(FIRST_RETRY_MS * 2 ** attempts, LAST_RETRY_MS) * (0.5 + trouble.random / 2);
  return Math.round(trouble.now + Math.min(Math.max(backoffMs, trouble.retryAfterMs ?? 0), LONGEST_WAIT_MS));
}

type Open = Extract<DeliveryState, { kind: 'pending' | 'sending' | 'sent' | 'unknown' }>;

function afterTrouble(state: Open, trouble: Trouble): DeliveryStep {
  const { attempts } = state;
  const { code } = trouble;
  const isSettled = state.kind === 'pending' || (state.kind === 'sending' && !trouble.outcomeUnknown);
  const kind = isSettled ? 'pending' : 'unknown';
  if (code === 'cancelled') return { state: { kind, attempts } };
  if (waitsForSignIn.has(code)) return { state: { kind, attempts, code } };
  if (refusedForGood.has(code) && !trouble.outcomeUnknown) return { state: { kind: 'failed', attempts, code } };
  if (code === 'not-found' && !trouble.outcomeUnknown) return { state: { kind: 'parked', attempts, code } };
  // It moved on between looking and sending: look at once, but not for ever.
  if (code === 'stale' && attempts === 0) return { state: { kind, attempts: 1, code }, effect: 'observe' };
  return { state: { kind, attempts: attempts + 1, retryAt: retryAt(trouble, attempts), code } };
}

/** The next state and its effect; the same state object where nothing changes or the event does not fit. */
export function reduce(state: DeliveryState, event: DeliveryEvent): DeliveryStep {
  switch (state.kind) {
    case 'confirmed':
    case 'parked':
    case 'failed':
      return { state };
    case 'pending':
    case 'unknown':
    case 'sending':
    case 'sent':
      return whileOpen(state, event);
  }
}

function whileOpen(state: Open, event: DeliveryEvent): DeliveryStep {
  const { attempts } = state;
  switch (event.kind) {
    case 'due':
      return { state: state.kind === 'sending' ? { kind: 'unknown', attempts } : state, effect: 'observe' };
    case 'not-applied':
      return notApplied(state, event);
    case 'applied':
      return { state, effect: 'confirm' };
    case 'conflict':
      return { state: { kind: 'parked', attempts, code: event.code } };
    case 'sent':
      return state.kind === 'sending' ? { state: { kind: 'sent', attempts }, effect: 'observe' } : { state };
    case 'revised':
      return { state: { kind: 'pending', attempts }, effect: 'observe' };
    case 'confirmed':
      return { state: { kind: 'confirmed' } };
    case 'unreadable':
      return { state: { kind: 'failed', attempts, code: event.code } };
    case 'trouble':
      return afterTrouble(state, event);
  }
}

/** A request that nobody waits for any more may still arrive for so long. */
export const IN_FLIGHT_MS = 15_000;

/** After a send that was taken, a provider that does not show it yet gets time; it is not sent again at once. */
function notApplied(state: Open, event: Extract<DeliveryEvent, { kind: 'not-applied' }>): DeliveryStep {
  const { attempts } = state;
  const { now, random, notBefore = 0 } = event;
  if (state.kind === 'unknown' && notBefore > now) {
    return { state: { kind: 'unknown', attempts, retryAt: notBefore, code: 'not-seen' } };
  }
  if (state.kind === 'pending' || state.kind === 'unknown') {
    return { state: { kind: 'sending', attempts }, effect: 'send' };
  }
  return afterTrouble(state, { kind: 'trouble', code: 'not-seen', outcomeUnknown: true, now, random });
}
