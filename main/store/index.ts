/** The store's face: opens a profile's store in its thread, and its documents for other threads. */
import { entryUrl } from '../platform/entries.ts';
import { RemoteError, startWorker, WorkerGone } from '../platform/worker-rpc.ts';
import { type Store, StoreError, type StoreErrorCode } from './store.ts';
import type { StoreThread } from './store-worker.ts';

export { loadDataKey } from './data-key.ts';
export { openRevision, type RevisionSource } from './revision-source.ts';
export * from './store.ts';

const codes: readonly StoreErrorCode[] = [
  'profile-locked',
  'wrong-key',
  'secret-elsewhere',
  'damaged',
  'newer-version',
  'disk-full',
  'read-only',
  'not-found',
  'closed',
  'failed',
];

function toStoreError(error: unknown): Error {
  if (error instanceof WorkerGone) return new StoreError('closed', error);
  if (error instanceof RemoteError && error.name === 'RangeError') return new RangeError('read outside the revision');
  const code = error instanceof RemoteError ? codes.find((known) => known === error.code) : undefined;
  return new StoreError(code ?? 'failed', error);
}

/**
 * Opens the profile's store: `databasePath` and the folder `runsDir` are made where they are missing; `key` has 32 bytes.
 * @throws StoreError profile-locked, wrong-key (another key, or the first page is damaged), newer-version, damaged, read-only,
 * disk-full. Every method may throw StoreError; `closed` once the store is closed or its thread has died.
 */
export async function openStore(options: { databasePath: string; runsDir: string; key: Uint8Array }): Promise<Store> {
  const worker = startWorker<StoreThread>(entryUrl('store-worker'), options);
  try {
    await worker.remote.open();
  } catch (error) {
    await worker.close();
    throw toStoreError(error);
  }
  const close = async () => {
    try {
      await worker.remote.close();
    } catch (error) {
      if (!(error instanceof WorkerGone)) throw toStoreError(error);
    } finally {
      await worker.close();
    }
  };
  const call =
    (name: keyof Store) =>
    async (...args: unknown[]) => {
      try {
        return await (worker.remote[name] as (...given: unknown[]) => Promise<unknown>)(...args);
      } catch (error) {
        throw toStoreError(error);
      }
    };
  return new Proxy({ close } as Store, {
    get: (target, name: keyof Store | 'then') =>
      name === 'then' ? undefined : name === 'close' ? target.close : call(name),
  });
}
