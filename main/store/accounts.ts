/** Accounts with what signs them in, and the settings. */
import { sql } from 'kysely';
import type { Account } from '../../preload/model.ts';
import type { Queries } from './queries.ts';
import { StoreError } from './store.ts';

export function putAccount({ build, run }: Queries, account: Account, credentials: string): void {
  const row = {
    provider: account.provider,
    base_url: account.baseUrl,
    user_id: account.userId,
    user_name: account.userName,
    label: account.label,
    state: account.state,
    credentials,
  };
  run(
    build
      .insertInto('accounts')
      .values({ id: account.id, ...row })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row)),
  );
}

export function listAccounts({ build, all }: Queries): Account[] {
  const columns = ['id', 'provider', 'base_url', 'user_id', 'user_name', 'label', 'state'] as const;
  return all(build.selectFrom('accounts').select(columns).orderBy(sql`rowid`)).map((row) => ({
    id: row.id,
    provider: row.provider as Account['provider'],
    baseUrl: row.base_url,
    userId: row.user_id,
    userName: row.user_name,
    label: row.label,
    state: row.state as Account['state'],
  }));
}

export type AccountColumn = 'credentials' | 'sync_state' | 'state';

/** @throws StoreError not-found */
export function readAccount({ build, first }: Queries, accountId: string, column: AccountColumn): string | null {
  const row = first(build.selectFrom('accounts').select(column).where('id', '=', accountId));
  if (!row) throw new StoreError('not-found');
  return row[column];
}

/** @throws StoreError not-found */
export function writeAccount({ build, run }: Queries, accountId: string, column: AccountColumn, value: string): void {
  const changes = run(build.updateTable('accounts').set(column, value).where('id', '=', accountId));
  if (changes === 0) throw new StoreError('not-found');
}

/** Takes everything of the account along, the settings that are named by it too. @throws StoreError not-found */
export function removeAccount({ build, run, prepare }: Queries, accountId: string): void {
  if (run(build.deleteFrom('accounts').where('id', '=', accountId)) === 0) throw new StoreError('not-found');
  const suffixes = [` ${accountId}`, `:${accountId}`] as const;
  prepare('DELETE FROM settings WHERE substr(key, -length(?)) IN (?, ?)').run(suffixes[0], ...suffixes);
  prepare('DELETE FROM item_counts WHERE account_id = ?').run(accountId);
  prepare('DELETE FROM tag_counts WHERE account_id = ?').run(accountId);
  prepare('DELETE FROM facets WHERE name = ?').run(`account:${accountId}`);
  // Its words are merged out of the index: what was deleted stays in it else until other items come.
  prepare("INSERT INTO search (search) VALUES ('optimize')").run();
}

export function readSetting({ build, first }: Queries, key: string): string | undefined {
  return first(build.selectFrom('settings').select('value').where('key', '=', key))?.value;
}

export function writeSetting({ build, run }: Queries, key: string, value: string): void {
  run(
    build
      .insertInto('settings')
      .values({ key, value })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value })),
  );
}
