/** The outbox: changes made here, each a row that is committed with what it announces, until the provider has confirmed it. */
import type { Selectable } from 'kysely';
import type { ConflictChoice, Note, Transaction } from '../../preload/model.ts';
import { applyLocalChange, readChange, retarget } from '../inbox/index.ts';
import { noteActivity } from './activity.ts';
import { settleSignature } from './documents.ts';
import { putJob } from './jobs.ts';
import { confirmNote, putNote, replaceNotes } from './notes.ts';
import { forgetNotifications } from './notifications.ts';
import type { Queries } from './queries.ts';
import { findRevision } from './revisions.ts';
import { openRow, type Schema } from './schema.ts';
import { mayArrive, show } from './shown.ts';
import {
  type JobRecord,
  type NewActivity,
  type NewOutboxRow,
  type OutboxChange,
  type OutboxRow,
  type RevisionRef,
  StoreError,
} from './store.ts';
import { putRemote, readRemote } from './transactions.ts';

type Row = Selectable<Schema['outbox']>;

function toOutboxRow(queries: Queries, row: Row): OutboxRow {
  return {
    id: row.id,
    accountId: row.account_id,
    transactionId: row.transaction_id ?? undefined,
    sequence: row.sequence,
    kind: row.kind,
    change: row.change,
    memo: row.memo ?? undefined,
    state: row.state,
    attempts: row.attempts,
    retryAt: row.retry_at ?? undefined,
    code: row.code ?? undefined,
    createdAt: row.created_at,
    changedAt: row.changed_at,
    settled: row.settled ?? undefined,
    jobId: row.job_id ?? undefined,
    revision: row.sha256 === null ? undefined : findRevision(queries, row.sha256),
  };
}

export function addRow(
  { build, run }: Queries,
  row: NewOutboxRow,
  signed?: { documentId: string; sha256: string },
): void {
  run(
    build.insertInto('outbox').values({
      id: row.id,
      account_id: row.accountId,
      transaction_id: row.transactionId ?? null,
      kind: row.kind,
      change: row.change,
      memo: null,
      state: 'pending',
      attempts: 0,
      retry_at: null,
      code: null,
      created_at: row.createdAt,
      changed_at: row.createdAt,
      settled: null,
      job_id: row.jobId ?? null,
      document_id: signed?.documentId ?? null,
      sha256: signed?.sha256 ?? null,
    }),
  );
}

/** The revision of a signature whose row is here already. */
export function findCommitted(queries: Queries, id: string, sha256: string): RevisionRef | undefined {
  const { build, first } = queries;
  const row = first(build.selectFrom('outbox').select('id').where('id', '=', id).where('sha256', '=', sha256));
  return row && findRevision(queries, sha256);
}

/** @throws StoreError not-found */
export function commitChange(
  queries: Queries,
  row: NewOutboxRow,
  local: { note?: Note; transaction?: Transaction; jobs?: readonly JobRecord[] },
): void {
  addRow(queries, row);
  for (const job of local.jobs ?? []) putJob(queries, job);
  if (row.transactionId === undefined) return;
  if (local.note) putNote(queries, row.transactionId, { ...local.note, unsent: true }, row.id);
  show(queries, row.transactionId, local.transaction);
}

export function listOutbox(
  queries: Queries,
  filter: { unconfirmed?: boolean; transactionId?: string; settled?: boolean },
): OutboxRow[] {
  let rows = queries.build.selectFrom('outbox').selectAll();
  if (filter.unconfirmed) rows = rows.where(openRow);
  if (filter.settled) rows = rows.where('state', '=', 'settled');
  if (filter.transactionId !== undefined) rows = rows.where('transaction_id', '=', filter.transactionId);
  return queries.all(rows.orderBy('sequence')).map((row) => toOutboxRow(queries, row));
}

/** What the row is about, as the activity list names it later, when the transaction may be gone. */
function titleOf(queries: Queries, row: Pick<Row, 'transaction_id' | 'change'>): string {
  const change = readChange(row.change);
  if (change?.kind === 'device-revoked') return change.name;
  return (row.transaction_id === null ? undefined : readRemote(queries, row.transaction_id)?.title) ?? '';
}

function note(
  queries: Queries,
  row: Row,
  about: Pick<NewActivity, 'at' | 'outcome' | 'code' | 'retryAt' | 'ms'>,
): void {
  noteActivity(queries, {
    accountId: row.account_id,
    outboxId: row.id,
    kind: row.kind,
    title: titleOf(queries, row),
    ...(row.transaction_id === null ? {} : { transactionId: row.transaction_id }),
    ...about,
  });
}

const findRow = ({ build, first }: Queries, id: string) =>
  first(build.selectFrom('outbox').selectAll().where('id', '=', id));

const outcomes = { parked: 'needs-attention', failed: 'failed', pending: 'waiting', unknown: 'waiting' } as const;

function noteChange(queries: Queries, row: Row, change: OutboxChange): void {
  const { at, code, retryAt } = change;
  if (at === undefined || code === undefined) return;
  const state = change.state ?? row.state;
  if (state === 'sending' || state === 'confirmed' || state === 'settled') return;
  note(queries, row, { at, outcome: outcomes[state], code, ...(retryAt === undefined ? {} : { retryAt }) });
}

/** A key that is there with the value undefined empties its column. @throws StoreError not-found */
export function updateRow(queries: Queries, id: string, change: OutboxChange): void {
  const { build, run } = queries;
  const row = findRow(queries, id);
  if (!row) throw new StoreError('not-found');
  const state = change.state ?? row.state;
  run(
    build
      .updateTable('outbox')
      .set({
        state,
        attempts: change.attempts ?? row.attempts,
        ...('memo' in change ? { memo: change.memo ?? null } : {}),
        ...('retryAt' in change ? { retry_at: change.retryAt ?? null } : {}),
        ...('code' in change ? { code: change.code ?? null } : {}),
        ...(change.at === undefined ? {} : { changed_at: change.at }),
      })
      .where('id', '=', id),
  );
  noteChange(queries, row, change);
  if (row.transaction_id !== null && mayArrive(state) !== mayArrive(row.state)) show(queries, row.transaction_id);
}

const signedIn = (transaction: Transaction | undefined, documentId: string) =>
  new Set(
    transaction?.documents
      .find((document) => document.id === documentId)
      ?.signatureRequests.filter((request) => request.state === 'signed')
      .map((request) => request.id),
  );

/** Later rows of the transaction that speak of a note by one id speak of it by another. */
function retargetLater({ build, all, run }: Queries, row: Row, from: string, to: string): void {
  const later = all(
    build
      .selectFrom('outbox')
      .select(['id', 'change'])
      .where('transaction_id', '=', row.transaction_id)
      .where('sequence', '>', row.sequence)
      .where(openRow),
  );
  for (const { id, change } of later) {
    const known = readChange(change);
    const next = known && retarget(known, from, to);
    if (next && next !== known) {
      run(
        build
          .updateTable('outbox')
          .set({ change: JSON.stringify(next) })
          .where('id', '=', id),
      );
    }
  }
}

interface Confirmed {
  readonly transaction?: Transaction;
  readonly notes?: readonly Note[];
  readonly job?: JobRecord;
  readonly noteId?: string;
  readonly at?: number;
  readonly ms?: number;
}

/** What of the transaction follows from a confirmed row. @returns the revisions that lost a reference */
function confirmIn(queries: Queries, row: Row, transactionId: string, now: Confirmed): string[] {
  const before = readRemote(queries, transactionId);
  if (!before) throw new StoreError('not-found');
  const change = readChange(row.change);
  const remote = now.transaction ?? (change ? applyLocalChange(before, change) : before);
  putRemote(queries, remote);
  const lost = row.sha256 === null ? [] : [row.sha256];
  if (change?.kind === 'signature' && row.sha256 !== null) {
    const { documentId } = change;
    const current = now.transaction?.documents.find((document) => document.id === documentId)?.currentResourceId;
    const signed = [signedIn(before, documentId), signedIn(remote, documentId)] as const;
    const replaced = settleSignature(queries, transactionId, change, row.sha256, current, ...signed);
    if (replaced !== undefined) lost.push(replaced);
  }
  if (now.noteId !== undefined) retargetLater(queries, row, row.id, now.noteId);
  confirmNote(queries, row.id, now.notes);
  if (now.notes) replaceNotes(queries, transactionId, now.notes);
  if (change?.kind === 'notification-cleared') forgetNotifications(queries, row.account_id, change.ids);
  show(queries, transactionId);
  return lost;
}

/** @returns the revisions that lost a reference @throws StoreError not-found */
export function confirmRow(queries: Queries, id: string, now: Confirmed): string[] {
  const { build, run } = queries;
  const row = findRow(queries, id);
  if (!row) throw new StoreError('not-found');
  if (row.state === 'confirmed') return [];
  const at = now.at ?? row.changed_at;
  const settled = { state: 'confirmed' as const, retry_at: null, code: null, sha256: null, changed_at: at };
  run(build.updateTable('outbox').set(settled).where('id', '=', id));
  note(queries, row, { at, outcome: 'delivered', ...(now.ms === undefined ? {} : { ms: Math.round(now.ms) }) });
  const lost = row.transaction_id === null ? [] : confirmIn(queries, row, row.transaction_id, now);
  if (now.job) putJob(queries, now.job);
  return lost;
}

/** @throws StoreError not-found */
export function keepBothNotes(queries: Queries, id: string, added: Note, change: string, at: number): void {
  const { build, run } = queries;
  const row = findRow(queries, id);
  const before = row && readChange(row.change);
  if (!row || row.transaction_id === null || before?.kind !== 'note-edited') throw new StoreError('not-found');
  const now = { kind: 'note-added' as const, change, memo: null, state: 'pending' as const, changed_at: at };
  run(build.updateTable('outbox').set(now).where('id', '=', id));
  retargetLater(queries, row, before.noteId, id);
  putNote(queries, row.transaction_id, { ...added, unsent: true }, id);
  note(queries, row, { at, outcome: 'both-kept' });
  show(queries, row.transaction_id);
}

/** True for a row the person may settle: it is on hold, or its copy is kept. */
const canBeSettled = (row: Row) =>
  row.state === 'parked' || row.state === 'failed' || (row.state === 'settled' && row.sha256 !== null);

/** @returns the revisions that lost a reference @throws StoreError not-found */
export function settleRow(
  queries: Queries,
  id: string,
  how: { choice: ConflictChoice; keepCopy: boolean; at: number; then?: { row: NewOutboxRow; note?: Note } },
): string[] {
  const { build, run } = queries;
  const row = findRow(queries, id);
  if (!row || !canBeSettled(row)) throw new StoreError('not-found');
  const { choice, keepCopy, at, then } = how;
  const copy = keepCopy ? row.sha256 : null;
  const settled = { state: 'settled' as const, settled: choice, sha256: copy, changed_at: at, retry_at: null };
  run(build.updateTable('outbox').set(settled).where('id', '=', id));
  note(queries, row, { at, outcome: 'settled', code: choice });
  run(build.deleteFrom('notes').where('outbox_id', '=', id));
  if (then) commitChange(queries, then.row, then.note ? { note: then.note } : {});
  if (row.transaction_id !== null) show(queries, row.transaction_id);
  return row.sha256 !== null && copy === null ? [row.sha256] : [];
}
