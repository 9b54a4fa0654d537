/**
 * What is shown of a transaction: what the provider last said, with the changes made here over it that may still arrive there.
 * Derived anew whenever either side changes, together with its inbox item and its words in the search index.
 */
import type { Transaction } from '../../preload/model.ts';
import { applyLocalChange, readChange } from '../inbox/index.ts';
import { DERIVED_VERSION, putItem } from './items.ts';
import type { Queries } from './queries.ts';
import { OPEN } from './schema.ts';
import { type OutboxState, StoreError } from './store.ts';

/** True until the provider has the change, or it is clear that it will not get it as things stand. */
export const mayArrive = (state: OutboxState) => state === 'pending' || state === 'sending' || state === 'unknown';

export interface UnconfirmedRow {
  readonly sequence: number;
  readonly kind: string;
  readonly change: string;
  readonly state: OutboxState;
  readonly document_id: string | null;
  readonly sha256: string | null;
}

export function unconfirmedRows({ prepare }: Queries, transactionId: string): UnconfirmedRow[] {
  const rows = prepare(
    `SELECT sequence, kind, change, state, document_id, sha256 FROM outbox
     WHERE transaction_id = ? AND ${OPEN} ORDER BY sequence`,
  );
  return rows.all(transactionId) as UnconfirmedRow[];
}

/** A row with its change; undefined where it cannot be read. */
const withChange = (row: UnconfirmedRow) => ({ row, change: readChange(row.change) });

/** The rows that count as made: not parked or failed, and not a signature made on the result of one that is. */
export function standingRows(rows: readonly UnconfirmedRow[]): UnconfirmedRow[] {
  const broken = new Set<string>();
  return rows.map(withChange).flatMap(({ row, change }) => {
    const signature = change?.kind === 'signature' ? change : undefined;
    const stands = mayArrive(row.state) && !(signature && broken.has(signature.baseSha256));
    if (!stands && signature) broken.add(signature.sha256);
    return stands ? [row] : [];
  });
}

/** A remote's transaction with the standing changes over it. */
export function overlay(remote: Transaction, rows: readonly UnconfirmedRow[]): Transaction {
  return standingRows(rows).reduce((transaction, row) => {
    const change = readChange(row.change);
    return change ? applyLocalChange(transaction, change) : transaction;
  }, remote);
}

/**
 * Derives what is shown of a transaction, or shows what is given until the next derivation.
 * @throws StoreError not-found
 */
export function show(queries: Queries, transactionId: string, given?: Transaction): void {
  const row = queries.prepare('SELECT remote FROM transactions WHERE id = ?').get(transactionId) as
    | { remote: string }
    | undefined;
  if (!row) throw new StoreError('not-found');
  showOver(queries, JSON.parse(row.remote), given);
}

/** The same where the provider's view is at hand. */
export function showOver(queries: Queries, remote: Transaction, given?: Transaction): void {
  const shown = given ?? overlay(remote, unconfirmedRows(queries, remote.id));
  const local = shown === remote ? null : JSON.stringify(shown);
  queries.prepare('UPDATE transactions SET local = ? WHERE id = ? AND local IS NOT ?').run(local, remote.id, local);
  putItem(queries, shown);
}

/** Derives every item anew, in one SQL transaction, where another version of the app derived them. */
export function deriveAll(queries: Queries): void {
  const { prepare } = queries;
  const derived = prepare("SELECT value FROM profile WHERE key = 'derived'").get() as { value: string } | undefined;
  if (derived?.value === DERIVED_VERSION) return;
  queries.transact(() => {
    prepare('DELETE FROM items').run();
    prepare('DELETE FROM item_counts').run();
    const next = prepare('SELECT seq, remote FROM transactions WHERE seq > ? ORDER BY seq LIMIT 200');
    for (let seq = 0; ; ) {
      const page = next.all(seq) as { seq: number; remote: string }[];
      for (const { remote } of page) showOver(queries, JSON.parse(remote));
      const last = page.at(-1);
      if (!last) break;
      seq = last.seq;
    }
    prepare("INSERT INTO profile VALUES ('derived', ?) ON CONFLICT DO UPDATE SET value = excluded.value").run(
      DERIVED_VERSION,
    );
  });
}
