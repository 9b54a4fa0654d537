/** Runs a pairing's effects against the provider until it ends. */
import type { Clock } from '../platform/clock.ts';
import type { DeviceRegistry } from '../providers/provider.ts';
import { firstStep, type PairingEffect, type PairingEvent, type PairingState, reduce } from './pairing.ts';

const POLL_MS = 2_000;

export interface PairingParts {
  readonly registry: DeviceRegistry;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told of every state, the last one included. */
  readonly entered: (state: PairingState) => void;
}

const codeOf = (error: unknown) => {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : 'internal';
};

async function run(effect: PairingEffect, { registry, clock, signal }: PairingParts): Promise<PairingEvent> {
  try {
    signal.throwIfAborted();
    if (effect === 'list') return { kind: 'listed', devices: await registry.list(signal) };
    if (effect === 'wait') {
      await clock.delay(POLL_MS, signal);
      return { kind: 'waited', now: clock.now() };
    }
    const askedAt = clock.now();
    return { kind: 'given', challenge: await registry.challenge(signal), askedAt };
  } catch (error) {
    return signal.aborted ? { kind: 'stop' } : { kind: 'trouble', code: codeOf(error) };
  }
}

/** Settles when the pairing has ended; never rejects. */
export async function runPairing(parts: PairingParts): Promise<PairingState> {
  let { state, effect } = firstStep;
  parts.entered(state);
  while (effect) {
    const step = reduce(state, await run(effect, parts));
    if (step.state !== state) parts.entered(step.state);
    ({ state, effect } = { effect: undefined, ...step });
  }
  return state;
}
