/** Work under way, for `stop` to wait for; the same work asked for twice runs once. */
export interface Flights {
  track<T>(work: Promise<T>): Promise<T>;
  /** Joins the work under way under this key, or starts it. */
  once<T>(key: string, start: () => Promise<T>): Promise<T>;
  settled(): Promise<void>;
}

export function createFlights(): Flights {
  const running = new Set<Promise<unknown>>();
  const keyed = new Map<string, Promise<unknown>>();
  const track = <T>(work: Promise<T>) => {
    running.add(work);
    const done = () => running.delete(work);
    work.then(done, done);
    return work;
  };
  return {
    track,
    once<T>(key: string, start: () => Promise<T>) {
      const found = keyed.get(key) as Promise<T> | undefined;
      if (found) return found;
      const work = track(start().finally(() => keyed.delete(key)));
      keyed.set(key, work);
      return work;
    },
    async settled() {
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
}
