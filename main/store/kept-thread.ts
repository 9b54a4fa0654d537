/**
 * The store's thread, kept alive: one that died is started again with the checks of a first opening. What was under way then is
 * answered `interrupted`: it is stored or it is not, and may be asked again. Calls made meanwhile wait for the opening.
 */
import { entryUrl } from '../platform/entries.ts';
import { RemoteError, startWorker, type WorkerClient, WorkerGone } from '../platform/worker-rpc.ts';
import { type Store, StoreError, storeErrorCodes } from './store.ts';
import type { StoreThread } from './store-worker.ts';

export interface StorePlace {
  readonly databasePath: string;
  readonly runsDir: string;
  /** 32 bytes. */
  readonly key: Uint8Array;
}

export interface ThreadNews {
  /** Told of each death that was not asked for. */
  readonly onDeath?: ((cause: unknown) => void) | undefined;
  /** Told when the store is open again after a death, or, once until it is, why it cannot be opened. */
  readonly onReopened?: ((error?: StoreError | RangeError) => void) | undefined;
}

type Thread = WorkerClient<StoreThread>;

/** A thread that dies this often without an answer in between stays dead. */
const DEATHS_IN_A_ROW = 3;

function toStoreError(error: unknown): StoreError | RangeError {
  if (error instanceof StoreError) return error;
  if (error instanceof WorkerGone) return new StoreError('closed', error);
  if (error instanceof RemoteError && error.name === 'RangeError') return new RangeError('read outside the revision');
  const code = error instanceof RemoteError ? storeErrorCodes.find((known) => known === error.code) : undefined;
  return new StoreError(code ?? 'failed', error);
}

/** The key was right before: now the first page is what is wrong. The rest says only that the profile is not open any more. */
function toReopenError(error: unknown): StoreError | RangeError {
  const failure = toStoreError(error);
  if (!(failure instanceof StoreError)) return failure;
  if (failure.code === 'wrong-key') return new StoreError('damaged', error);
  const isClear = ['damaged', 'disk-full', 'read-only'].includes(failure.code);
  return isClear ? failure : new StoreError('closed', error);
}

export interface KeptThread {
  call(name: keyof Store, args: readonly unknown[]): Promise<unknown>;
  close(): Promise<void>;
}

/** @throws StoreError as the first opening failed; nothing is tried again then */
export async function keepThread(place: StorePlace, { onDeath, onReopened }: ThreadNews): Promise<KeptThread> {
  let closed = false;
  let deaths = 0;
  let isBroken = false;
  let isTold = false;

  async function start(): Promise<Thread> {
    let isOpen = false;
    const thread: Thread = startWorker<StoreThread>(entryUrl('store-worker'), place, {
      onDeath(cause) {
        deaths++;
        onDeath?.(cause);
        if (isOpen) reopen(thread);
      },
    });
    try {
      await thread.remote.open();
      isOpen = true;
      return thread;
    } catch (error) {
      await thread.close();
      throw toStoreError(error);
    }
  }

  let current = start();

  function reopen(dead?: Thread): void {
    isBroken = false;
    current = (async () => {
      // Its lock on the database ends with it, and not before.
      await dead?.close();
      while (!closed && deaths < DEATHS_IN_A_ROW) {
        try {
          return await start();
        } catch (error) {
          const hasDied = error instanceof StoreError && error.code === 'closed';
          if (!hasDied) throw toReopenError(error);
        }
      }
      throw new StoreError('closed');
    })();
    current.then(
      () => {
        isTold = false;
        onReopened?.();
      },
      (error) => {
        isBroken = true;
        // Whoever is told asks, and asking tries once more.
        if (!closed && !isTold) onReopened?.(error);
        isTold = true;
      },
    );
  }

  await current;
  return {
    async call(name, args) {
      if (closed) throw new StoreError('closed');
      // A full disk has room again, say: each call tries once more.
      if (isBroken && deaths < DEATHS_IN_A_ROW) reopen();
      const { remote } = await current;
      try {
        const value = await (remote[name] as (...given: readonly unknown[]) => Promise<unknown>)(...args);
        deaths = 0;
        return value;
      } catch (error) {
        if (error instanceof WorkerGone && !closed) throw new StoreError('interrupted', error);
        if (error instanceof RemoteError) deaths = 0;
        throw toStoreError(error);
      }
    },
    async close() {
      closed = true;
      const thread = await current.catch(() => undefined);
      try {
        await thread?.remote.close();
      } catch (error) {
        if (!(error instanceof WorkerGone)) throw toStoreError(error);
      } finally {
        await thread?.close();
      }
    },
  };
}
