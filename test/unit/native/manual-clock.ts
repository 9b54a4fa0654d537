/** Time that passes only when it is told to. */
import type { HostClock } from '../../../native/client.ts';

export interface ManualClock extends HostClock {
  pass(ms: number): void;
  /** How many delays are being waited for. */
  sleeping(): number;
}

export function manualClock(): ManualClock {
  let now = 0;
  const sleepers = new Set<{ at: number; wake: () => void }>();
  return {
    monotonicMs: () => now,
    delay(ms, signal) {
      if (signal?.aborted) return Promise.reject(signal.reason);
      return new Promise((resolve, reject) => {
        const sleeper = { at: now + ms, wake: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper);
          reject(signal.reason);
        });
      });
    },
    pass(ms) {
      now += ms;
      for (const sleeper of [...sleepers].filter(({ at }) => at <= now)) {
        sleepers.delete(sleeper);
        sleeper.wake();
      }
    },
    sleeping: () => sleepers.size,
  };
}
