/**
 * Follows readers and cards with SCardGetStatusChange alone: no card is ever connected to, so none is ever locked by us. Loses its
 * service and finds it again. PC/SC specification part 5, 3.2.4; the `\\?PnP?\Notification` reader stands for readers that come.
 */
import type { CardReader, PcscState } from './pcsc-port.ts';

/** What is used of the `smartcard` package's low-level context. */
export interface PcscContext {
  listReaders(): readonly { name: string; state: number; atr: Uint8Array | null }[];
  /** Answers an empty list after `timeoutMs` without a change. */
  waitForChange(readers: readonly { name: string; state: number }[], timeoutMs: number): Promise<unknown>;
  close(): void;
}

export interface PcscWatchOptions {
  /** @throws where the system's service is not running */
  readonly openContext: () => PcscContext;
  /** Told at every look, also where nothing changed: a sign of life. */
  readonly report: (state: PcscState) => void;
  /** Resolves after `ms`; rejects when aborted. */
  readonly delay: (ms: number, signal: AbortSignal) => Promise<void>;
}

const NEW_READERS = '\\\\?PnP?\\Notification';
const STATE_CHANGED = 0x2;
const STATE_PRESENT = 0x20;
/** Systems without notification of new readers are looked at this often. */
const LOOK_EVERY_MS = 5000;
const SERVICE_RETRY_MS = 1000;
/** A reader that vanished between look and wait. */
const LOOK_AGAIN_MS = 50;

interface Seen extends CardReader {
  /** SCARD_STATE_ flags with the event count above. */
  readonly state: number;
}

/** Follows until the signal is given. Never throws. */
export async function watchPcsc({ openContext, report, delay }: PcscWatchOptions, signal: AbortSignal): Promise<void> {
  const pause = (ms: number) => delay(ms, signal).catch(() => undefined);
  while (!signal.aborted) {
    const context = attempt(openContext);
    const outcome = context ? await follow(context, report, signal) : 'service-down';
    if (context) attempt(() => context.close());
    if (outcome === 'service-down') report({ service: 'pcsc-service-down', readers: [] });
    if (outcome !== 'ended') await pause(outcome === 'service-down' ? SERVICE_RETRY_MS : LOOK_AGAIN_MS);
  }
}

async function follow(
  context: PcscContext,
  report: PcscWatchOptions['report'],
  signal: AbortSignal,
): Promise<'ended' | 'service-down' | 'look-again'> {
  while (!signal.aborted) {
    const seen = attempt(() => look(context));
    if (!seen) return 'service-down';
    report({ service: 'running', readers: seen.map(({ state: _, ...reader }) => reader) });
    const known = [
      ...seen.map(({ name, state }) => ({ name, state })),
      { name: NEW_READERS, state: (seen.length << 16) >>> 0 },
    ];
    const waited = await context.waitForChange(known, LOOK_EVERY_MS).then(
      () => true,
      () => false,
    );
    if (!waited) return 'look-again';
  }
  return 'ended';
}

function look(context: PcscContext): Seen[] {
  return context.listReaders().map(({ name, state, atr }) => {
    const cardPresent = (state & STATE_PRESENT) !== 0;
    const answered = cardPresent && atr && atr.length > 0;
    return {
      name,
      cardPresent,
      atr: answered ? Buffer.from(atr).toString('hex') : undefined,
      changes: state >>> 16,
      state: (state & ~STATE_CHANGED) >>> 0,
    };
  });
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
