/**
 * The store as signing asks it: a call that was broken off by the death of the store's thread is made once more, on the thread that
 * took its place. Only what may be made twice: reads, jobs by their id, and a commit that finds its own outbox row.
 */
import { type Store, StoreError } from '../store/store.ts';

const REPEATABLE: ReadonlySet<PropertyKey> = new Set<keyof Store>([
  'transaction',
  'document',
  'job',
  'jobs',
  'outbox',
  'markImage',
  'putJobs',
  'commitSigned',
]);

const isBrokenOff = (error: unknown) => error instanceof StoreError && error.code === 'interrupted';

export function steadyStore(store: Store): Store {
  return new Proxy(store, {
    get(target, name) {
      if (!REPEATABLE.has(name)) return Reflect.get(target, name);
      const ask = (args: readonly unknown[]) =>
        (Reflect.get(target, name) as (...given: readonly unknown[]) => Promise<unknown>)(...args);
      return (...args: unknown[]) =>
        ask(args).catch((error: unknown) => {
          if (!isBrokenOff(error)) throw error;
          return ask(args);
        });
    },
  });
}
