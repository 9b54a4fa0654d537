/** Putting away what was opened. */

/** What was opened, to be put away in the opposite order: at the desk's end, or when the rest of it could not be opened. */
export function createClosers() {
  const closers: (() => unknown)[] = [];
  return {
    add: (close: () => unknown) => void closers.push(close),
    /** Every one is closed, also after one that fails; the first failure is thrown at the end. */
    async closeAll() {
      const failures: unknown[] = [];
      for (let close = closers.pop(); close; close = closers.pop()) {
        await Promise.resolve()
          .then(close)
          .catch((error: unknown) => failures.push(error));
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}
export type Closers = ReturnType<typeof createClosers>;
