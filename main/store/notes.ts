/** Notes: the provider's, and those written here that it does not know yet. */
import type { Note } from '../../preload/model.ts';
import { applyToNotes, readChange } from '../inbox/index.ts';
import type { Queries } from './queries.ts';
import { show, standingRows, unconfirmedRows } from './shown.ts';

export function putNote({ build, run }: Queries, transactionId: string, note: Note, outboxId: string | null): void {
  const row = { created_at: note.createdAt, body: JSON.stringify(note), outbox_id: outboxId };
  run(
    build
      .insertInto('notes')
      .values({ transaction_id: transactionId, id: note.id, ...row })
      .onConflict((conflict) => conflict.columns(['transaction_id', 'id']).doUpdateSet(row)),
  );
}

/** The provider's notes take the place of those it gave before. @throws StoreError not-found */
export function replaceNotes(queries: Queries, transactionId: string, notes: readonly Note[]): void {
  const { build, run } = queries;
  run(build.deleteFrom('notes').where('transaction_id', '=', transactionId).where('outbox_id', 'is', null));
  for (const note of notes) putNote(queries, transactionId, { ...note, unsent: false }, null);
  show(queries, transactionId);
}

/** The note of a confirmed row: gone where the provider's own copy came with the confirmation, else no longer unsent. */
export function confirmNote(queries: Queries, outboxId: string, provided: readonly Note[] | undefined): void {
  const { build, run, all } = queries;
  const mine = all(build.selectFrom('notes').select(['transaction_id', 'body']).where('outbox_id', '=', outboxId));
  run(build.deleteFrom('notes').where('outbox_id', '=', outboxId));
  for (const row of mine) {
    if (provided) continue;
    const note: Note = JSON.parse(row.body);
    putNote(queries, row.transaction_id, { ...note, unsent: false }, null);
  }
}

/** As the provider last said, with what was changed here over it. */
export function listNotes(queries: Queries, transactionId: string): Note[] {
  const { build, all } = queries;
  const notes = all(
    build
      .selectFrom('notes')
      .select('body')
      .where('transaction_id', '=', transactionId)
      .orderBy('created_at')
      .orderBy('id'),
  ).map(({ body }): Note => JSON.parse(body));
  return standingRows(unconfirmedRows(queries, transactionId)).reduce((shown, row) => {
    const change = readChange(row.change);
    return change ? applyToNotes(shown, change) : shown;
  }, notes);
}
