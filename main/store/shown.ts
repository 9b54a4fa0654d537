/**
 * What is shown of a transaction: what the provider last said, with the changes made here over it that may still arrive there.
 * Derived anew whenever either side changes, together with its inbox item and its words in the search index.
 */
import type { Transaction } from '../../preload/model.ts';
import { applyLocalChange, readChange } from '../inbox/index.ts';
import type { Queries } from './queries.ts';
import type { StoredItem } from './schema.ts';
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

export function unconfirmedRows({ build, all }: Queries, transactionId: string): UnconfirmedRow[] {
  return all(
    build
      .selectFrom('outbox')
      .select(['sequence', 'kind', 'change', 'state', 'document_id', 'sha256'])
      .where('transaction_id', '=', transactionId)
      .where('state', '<>', 'confirmed')
      .orderBy('sequence'),
  );
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

function toItem({ documents, ...rest }: Transaction): StoredItem {
  return { ...rest, documentCount: documents.length };
}

function searchWords({ build, all }: Queries, shown: Transaction) {
  const notes = all(build.selectFrom('notes').select('body').where('transaction_id', '=', shown.id));
  const requests = shown.documents.flatMap((document) => document.signatureRequests);
  return {
    title: shown.title,
    parties: [shown.senderName, ...new Set(requests.map((request) => request.signerName))].join('\n'),
    tags: shown.tags.join('\n'),
    notes: notes.map(({ body }) => (JSON.parse(body) as { text: string }).text).join('\n'),
    files: shown.documents.map((document) => document.title).join('\n'),
  };
}

/** Refreshes the transaction's words in the search index. */
export function index(queries: Queries, seq: number, shown: Transaction): void {
  const { build, run } = queries;
  run(build.deleteFrom('search').where('rowid', '=', seq));
  run(build.insertInto('search').values({ rowid: seq, ...searchWords(queries, shown) }));
}

/**
 * Derives what is shown of a transaction, or shows what is given until the next derivation.
 * @throws StoreError not-found
 */
export function show(queries: Queries, transactionId: string, given?: Transaction): void {
  const { build, first, run } = queries;
  const row = first(build.selectFrom('transactions').select(['seq', 'remote']).where('id', '=', transactionId));
  if (!row) throw new StoreError('not-found');
  const remote: Transaction = JSON.parse(row.remote);
  const shown = given ?? overlay(remote, unconfirmedRows(queries, transactionId));
  run(
    build
      .updateTable('transactions')
      .set({
        status: shown.status,
        updated_at: shown.updatedAt,
        shown: JSON.stringify(shown),
        item: JSON.stringify(toItem(shown)),
      })
      .where('seq', '=', row.seq),
  );
  index(queries, row.seq, shown);
}
