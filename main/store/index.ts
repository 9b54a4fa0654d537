/** The store's face: opens a profile's store in its thread, and its documents for other threads. */
import { keepThread, type StorePlace, type ThreadNews } from './kept-thread.ts';
import type { Store } from './store.ts';

export { loadDataKey } from './data-key.ts';
export { openRevision, type RevisionSource } from './revision-source.ts';
export * from './store.ts';

/**
 * Opens the profile's store: `databasePath` and the folder `runsDir` are made where they are missing; `key` has 32 bytes.
 * @throws StoreError profile-locked, wrong-key (another key, or the first page is damaged), newer-version, damaged, read-only,
 * disk-full. Every method may throw StoreError; `interrupted` where its thread died over the call and is started again, `closed`
 * once the store is closed or its thread cannot be started again.
 */
export async function openStore({ databasePath, runsDir, key, ...news }: StorePlace & ThreadNews): Promise<Store> {
  const { call, close } = await keepThread({ databasePath, runsDir, key }, news);
  return new Proxy({ close } as Store, {
    get: (target, name: keyof Store | 'then') => {
      if (name === 'then') return undefined;
      return name === 'close' ? target.close : (...args: unknown[]) => call(name, args);
    },
  });
}
