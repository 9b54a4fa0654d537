/** How many of many tasks run at once. */

export type Slot = <T>(task: () => Promise<T>) => Promise<T>;

/** At most `limit` of the tasks given to the returned function run at once; the others wait in order. */
export function limiter(limit: number): Slot {
  let free = limit;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (free > 0) free--;
    else await new Promise<void>((resume) => waiting.push(resume));
    try {
      return await task();
    } finally {
      // A slot goes from hand to hand, so that nobody slips in between.
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}
