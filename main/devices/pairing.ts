/** Showing a challenge until a device has taken it, as a pure machine: `reduce(state, event)` gives the next state and its effect. */
import type { DeviceChallenge, RemoteDevice } from '../providers/provider.ts';

/** The documents' ten minutes, counted from before the challenge was asked for: it is never shown longer than it is good. */
export const CHALLENGE_MS = 10 * 60 * 1000;

export type PairingState =
  /** The devices there are already are read first: what is new is told from them. */
  | { readonly kind: 'opening' }
  | { readonly kind: 'asking'; readonly known: readonly RemoteDevice[] }
  | {
      readonly kind: 'shown';
      readonly known: readonly RemoteDevice[];
      readonly challenge: DeviceChallenge;
      readonly expiresAt: number;
      /** Why the devices could not be read just now. */
      readonly code?: string;
    }
  | { readonly kind: 'paired'; readonly device: RemoteDevice }
  | { readonly kind: 'expired' }
  | { readonly kind: 'failed'; readonly code: string }
  | { readonly kind: 'stopped' };

export type PairingEvent =
  | { readonly kind: 'listed'; readonly devices: readonly RemoteDevice[] }
  | { readonly kind: 'given'; readonly challenge: DeviceChallenge; readonly askedAt: number }
  /** The time between two looks is over. */
  | { readonly kind: 'waited'; readonly now: number }
  | { readonly kind: 'trouble'; readonly code: string }
  | { readonly kind: 'stop' };

export type PairingEffect = 'list' | 'ask' | 'wait';

export interface PairingStep {
  readonly state: PairingState;
  readonly effect?: PairingEffect;
}

export const firstStep: PairingStep = { state: { kind: 'opening' }, effect: 'list' };

/** A device that was not there, or that registered anew under another name. */
function findNew(known: readonly RemoteDevice[], now: readonly RemoteDevice[]): RemoteDevice | undefined {
  return now.find((device) => {
    const before = known.find(({ deviceId }) => deviceId === device.deviceId);
    return !before || before.name !== device.name || before.registeredAt !== device.registeredAt;
  });
}

/** Without the sign-in nothing more will be read; all else may pass. */
const lasting = new Set(['sign-in-expired', 'sign-in-refused', 'refused', 'not-found', 'insecure-url']);

type Shown = Extract<PairingState, { kind: 'shown' }>;

function whileShown(state: Shown, event: PairingEvent): PairingStep {
  const { code: _past, ...shown } = state;
  switch (event.kind) {
    case 'waited':
      return event.now >= state.expiresAt ? { state: { kind: 'expired' } } : { state, effect: 'list' };
    case 'listed': {
      const device = findNew(state.known, event.devices);
      return device ? { state: { kind: 'paired', device } } : { state: shown, effect: 'wait' };
    }
    case 'trouble':
      if (lasting.has(event.code)) return { state: { kind: 'failed', code: event.code } };
      return { state: { ...shown, code: event.code }, effect: 'wait' };
    case 'stop':
      return { state: { kind: 'stopped' } };
    case 'given':
      return { state };
  }
}

/** The same state object where the event does not fit. */
export function reduce(state: PairingState, event: PairingEvent): PairingStep {
  switch (state.kind) {
    case 'opening':
    case 'asking':
      if (event.kind === 'stop') return { state: { kind: 'stopped' } };
      if (event.kind === 'trouble') return { state: { kind: 'failed', code: event.code } };
      if (event.kind === 'listed' && state.kind === 'opening') {
        return { state: { kind: 'asking', known: event.devices }, effect: 'ask' };
      }
      if (event.kind === 'given' && state.kind === 'asking') {
        const { challenge, askedAt } = event;
        const expiresAt = askedAt + CHALLENGE_MS;
        return { state: { kind: 'shown', known: state.known, challenge, expiresAt }, effect: 'wait' };
      }
      return { state };
    case 'shown':
      return whileShown(state, event);
    case 'paired':
    case 'expired':
    case 'failed':
    case 'stopped':
      return { state };
  }
}
