/** How syncing stands, overall and by account, and telling it when it changed. */
import type { OutboxRow, Store } from '../store/store.ts';
import type { Limits } from './limits.ts';
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

export interface StatusParts {
  readonly store: Store;
  readonly presence: Presence;
  readonly limits: Limits;
  readonly isPaused: () => boolean;
  /** The provider's clock less ours, as far as it is known. */
  readonly clockSkewMs: (accountId: string) => number | undefined;
  readonly firstSync: (accountId: string) => { read: number; total?: number } | undefined;
  readonly emit: (event: SyncEvent) => void;
}

type AccountStatus = SyncStatus['accounts'][number];

const given = <K extends string, V>(key: K, value: V | undefined) => (value === undefined ? {} : { [key]: value });

export function createStatus(parts: StatusParts): StatusTeller {
  const { store, presence, limits, emit } = parts;
  let lastTold = '';

  async function accountStatus(
    account: Pick<AccountStatus, 'label' | 'state'> & { id: string },
    rows: readonly OutboxRow[],
  ): Promise<AccountStatus> {
    const { id: accountId, label, state } = account;
    const { lastSyncAt } = readPullState(await store.syncState(accountId));
    const offlineSince = presence.accountOfflineSince(accountId);
    return {
      accountId,
      label,
      state,
      online: offlineSince === undefined,
      waiting: rows.filter((row) => row.accountId === accountId && isUnderWay(row)).length,
      ...given('offlineSince', offlineSince),
      ...given('lastSyncAt', lastSyncAt),
      ...given('rateLimitedUntil', limits.until(accountId)),
      ...given('clockSkewMs', parts.clockSkewMs(accountId)),
      ...given('firstSync', parts.firstSync(accountId)),
    };
  }

  async function read(): Promise<SyncStatus> {
    const rows = await store.outbox({ unconfirmed: true });
    const accounts: AccountStatus[] = [];
    for (const account of await store.accounts()) accounts.push(await accountStatus(account, rows));
    const times = accounts.flatMap(({ lastSyncAt }) => lastSyncAt ?? []);
    return {
      online: presence.online,
      waiting: rows.filter(isUnderWay).length,
      sending: rows.filter(({ state }) => state === 'sending').length,
      needsAttention: rows.filter((row) => !isUnderWay(row)).length,
      paused: parts.isPaused(),
      accounts,
      ...given('offlineSince', presence.offlineSince),
      ...(times.length === 0 ? {} : { lastSyncAt: Math.max(...times) }),
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
