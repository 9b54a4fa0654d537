/** Ctrl-C while something is under way that can be ended well. */

/** As a shell says that a process ended by SIGINT. */
const INTERRUPTED = 130;

/** While `work` runs, the first Ctrl-C is `stop`'s; the second ends the process, and what it started with it. */
export async function interruptible<T>(stop: () => void, work: () => Promise<T>): Promise<T> {
  const end = () => process.exit(INTERRUPTED);
  const first = () => {
    process.once('SIGINT', end);
    stop();
  };
  process.once('SIGINT', first);
  try {
    return await work();
  } finally {
    process.off('SIGINT', first);
    process.off('SIGINT', end);
  }
}
