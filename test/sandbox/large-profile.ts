/**
 * A profile with as many transactions as one wants, for benchmarks and specs of the window: made without a server, the same for
 * the same seed. `createDesk(host, { root, background: false, … })` opens it with the same secrets.
 */
import { existsSync } from 'node:fs';
import type { SecretStore } from '../../main/host/host.ts';
import { profileId, profilePaths } from '../../main/platform/paths.ts';
import { loadDataKey, openStore, type Store } from '../../main/store/index.ts';
import type { Account, Transaction } from '../../preload/model.ts';
import { type ManyOptions, manyTransactions } from './many-transactions.ts';

const BATCH = 500;

export const largeAccounts: readonly Account[] = ['first', 'second'].map((name) => ({
  id: `account-${name}`,
  provider: 'signing-today',
  baseUrl: `https://${name}.example`,
  userId: 'me',
  userName: 'Mia Signer',
  label: name,
  state: 'signed-in',
}));

type LargeOptions = Partial<Omit<ManyOptions, 'accountIds'>> & Pick<ManyOptions, 'count'>;

/** Pulls `count` transactions of `largeAccounts` into the store, newest first. */
export async function fillLarge(store: Store, { seed = 1, newestAt = Date.now(), count }: LargeOptions): Promise<void> {
  for (const account of largeAccounts) await store.putAccount(account, '{}');
  const waiting = new Map(largeAccounts.map(({ id }) => [id, [] as Transaction[]]));
  const send = async (accountId: string, full: number) => {
    const batch = waiting.get(accountId) ?? [];
    if (batch.length >= full) await store.applyPull(accountId, batch.splice(0), []);
  };
  for (const next of manyTransactions({ seed, count, newestAt, accountIds: [...waiting.keys()] })) {
    waiting.get(next.accountId)?.push(next);
    await send(next.accountId, BATCH);
  }
  for (const accountId of waiting.keys()) await send(accountId, 1);
}

/** Makes the profile in the folder `root`; its key goes to `secrets`. */
export async function makeLargeProfile(
  root: string,
  secrets: Pick<SecretStore, 'read' | 'write' | 'kind'>,
  options: LargeOptions,
): Promise<void> {
  const id = await profileId(root);
  const { database, runs, keyHolder } = profilePaths(root);
  const key = await loadDataKey(secrets, id, !existsSync(database), keyHolder);
  const store = await openStore({ databasePath: database, runsDir: runs, key });
  try {
    await fillLarge(store, options);
  } finally {
    await store.close();
  }
}
