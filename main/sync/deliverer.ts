/** Deliveries on demand. */
import type { Sync } from './sync.ts';

/** Deliveries asked for while one runs are run once more after it, never side by side. */
export function createDeliverer(sync: Sync, report: (error: unknown) => void) {
  let running: Promise<void> | undefined;
  let again = false;
  const run = async () => {
    do {
      again = false;
      await sync.deliver().catch(report);
    } while (again);
  };
  return {
    nudge() {
      again = true;
      running ??= run().finally(() => {
        running = undefined;
      });
    },
    settled: () => running ?? Promise.resolve(),
  };
}
