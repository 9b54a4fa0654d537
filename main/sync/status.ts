/** The overall sync status, and telling it when it changed. */
import type { Store } from '../store/store.ts';
import { isUnderWay } from './order.ts';
import type { Presence } from './presence.ts';
import { readPullState } from './pull-state.ts';
import type { SyncEvent, SyncStatus } from './sync.ts';

export interface StatusTeller {
  /** @throws StoreError */
  read(): Promise<SyncStatus>;
  /** Reads it and emits it where it is not what was told last. @throws StoreError */
  tell(): Promise<SyncStatus>;
}

export function createStatus(store: Store, presence: Presence, emit: (event: SyncEvent) => void): StatusTeller {
  let lastTold = '';
  async function read(): Promise<SyncStatus> {
    const rows = await store.outbox({ unconfirmed: true });
    const accounts = await store.accounts();
    const states = await Promise.all(accounts.map(async ({ id }) => readPullState(await store.syncState(id))));
    const times = states.flatMap(({ lastSyncAt }) => lastSyncAt ?? []);
    return {
      online: presence.online,
      offlineSince: presence.offlineSince,
      waiting: rows.filter(isUnderWay).length,
      lastSyncAt: times.length === 0 ? undefined : Math.max(...times),
    };
  }
  return {
    read,
    async tell() {
      const status = await read();
      const text = JSON.stringify(status);
      if (text !== lastTold) emit({ kind: 'status', status });
      lastTold = text;
      return status;
    },
  };
}
