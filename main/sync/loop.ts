/** The background: polls, and sweeps the outbox when the next retry is due. */
import type { Clock } from '../platform/clock.ts';
import type { Store } from '../store/store.ts';
import { isUnderWay } from './order.ts';

export interface LoopParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly isOnline: () => boolean;
  readonly poll: () => Promise<unknown>;
  readonly deliver: () => Promise<unknown>;
}

const POLL_MS = 60_000;
/** Offline, a poll is also how the network's return is noticed. */
const OFFLINE_POLL_MS = 15_000;
const SHORTEST_WAIT_MS = 500;

/** Milliseconds until the next row's time. */
async function untilNextRetry({ store, clock }: LoopParts): Promise<number> {
  const rows = (await store.outbox({ unconfirmed: true })).filter(isUnderWay);
  return Math.min(...rows.flatMap(({ retryAt }) => (retryAt === undefined ? [] : [retryAt - clock.now()])));
}

/** Runs until the signal; what a round could not do, the next one tries again. */
export async function runLoop(parts: LoopParts): Promise<void> {
  const { clock, signal } = parts;
  let pollAtMs = clock.monotonicMs();
  while (!signal.aborted) {
    const isPoll = clock.monotonicMs() >= pollAtMs;
    await (isPoll ? parts.poll() : parts.deliver()).catch(() => undefined);
    if (isPoll) pollAtMs = clock.monotonicMs() + (parts.isOnline() ? POLL_MS : OFFLINE_POLL_MS);
    const waitMs = await untilNextRetry(parts).catch(() => POLL_MS);
    const untilPollMs = pollAtMs - clock.monotonicMs();
    await clock.delay(Math.max(Math.min(waitMs, untilPollMs), SHORTEST_WAIT_MS), signal).catch(() => undefined);
  }
}
