/** The outbox: changes made here, each a row that is committed with what it announces, until the provider has confirmed it. */
import type { Selectable } from 'kysely';
import type { Note, Transaction } from '../../preload/model.ts';
import { applyLocalChange, readChange } from '../inbox/index.ts';
import { settleSignature } from './documents.ts';
import { putJob } from './jobs.ts';
import { confirmNote, putNote, replaceNotes } from './notes.ts';
import type { Queries } from './queries.ts';
import { findRevision } from './revisions.ts';
import type { Schema } from './schema.ts';
import { mayArrive, show } from './shown.ts';
import { type JobRecord, type NewOutboxRow, type OutboxRow, StoreError } from './store.ts';
import { putRemote, readRemote } from './transactions.ts';

type Row = Selectable<Schema['outbox']>;

function toOutboxRow(queries: Queries, row: Row): OutboxRow {
  return {
    id: row.id,
    accountId: row.account_id,
    transactionId: row.transaction_id,
    sequence: row.sequence,
    kind: row.kind,
    change: row.change,
    memo: row.memo ?? undefined,
    state: row.state,
    attempts: row.attempts,
    retryAt: row.retry_at ?? undefined,
    code: row.code ?? undefined,
    createdAt: row.created_at,
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
      transaction_id: row.transactionId,
      kind: row.kind,
      change: row.change,
      memo: null,
      state: 'pending',
      attempts: 0,
      retry_at: null,
      code: null,
      created_at: row.createdAt,
      job_id: row.jobId ?? null,
      document_id: signed?.documentId ?? null,
      sha256: signed?.sha256 ?? null,
    }),
  );
}

/** @throws StoreError not-found */
export function commitChange(
  queries: Queries,
  row: NewOutboxRow,
  local: { note?: Note; transaction?: Transaction; jobs?: readonly JobRecord[] },
): void {
  addRow(queries, row);
  for (const job of local.jobs ?? []) putJob(queries, job);
  if (local.note) putNote(queries, row.transactionId, { ...local.note, unsent: true }, row.id);
  show(queries, row.transactionId, local.transaction);
}

export function listOutbox(queries: Queries, filter: { unconfirmed?: boolean; transactionId?: string }): OutboxRow[] {
  let rows = queries.build.selectFrom('outbox').selectAll();
  if (filter.unconfirmed) rows = rows.where('state', '<>', 'confirmed');
  if (filter.transactionId !== undefined) rows = rows.where('transaction_id', '=', filter.transactionId);
  return queries.all(rows.orderBy('sequence')).map((row) => toOutboxRow(queries, row));
}

/** A key that is there with the value undefined empties its column. @throws StoreError not-found */
export function updateRow(
  queries: Queries,
  id: string,
  change: Partial<Pick<OutboxRow, 'state' | 'memo' | 'attempts' | 'retryAt' | 'code'>>,
): void {
  const { build, first, run } = queries;
  const row = first(build.selectFrom('outbox').select(['transaction_id', 'state', 'attempts']).where('id', '=', id));
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
      })
      .where('id', '=', id),
  );
  if (mayArrive(state) !== mayArrive(row.state)) show(queries, row.transaction_id);
}

const signedIn = (transaction: Transaction | undefined, documentId: string) =>
  new Set(
    transaction?.documents
      .find((document) => document.id === documentId)
      ?.signatureRequests.filter((request) => request.state === 'signed')
      .map((request) => request.id),
  );

/** @returns the revisions that lost a reference @throws StoreError not-found */
export function confirmRow(
  queries: Queries,
  id: string,
  now: { transaction?: Transaction; notes?: readonly Note[]; job?: JobRecord },
): string[] {
  const { build, first, run } = queries;
  const row = first(build.selectFrom('outbox').selectAll().where('id', '=', id));
  const before = row && readRemote(queries, row.transaction_id);
  if (!row || !before) throw new StoreError('not-found');
  if (row.state === 'confirmed') return [];
  const settled = { state: 'confirmed' as const, retry_at: null, code: null, sha256: null };
  run(build.updateTable('outbox').set(settled).where('id', '=', id));
  const change = readChange(row.change);
  const remote = now.transaction ?? (change ? applyLocalChange(before, change) : before);
  putRemote(queries, remote);
  const lost = row.sha256 === null ? [] : [row.sha256];
  if (change?.kind === 'signature' && row.sha256 !== null) {
    const { documentId } = change;
    const current = now.transaction?.documents.find((document) => document.id === documentId)?.currentResourceId;
    const signed = [signedIn(before, documentId), signedIn(remote, documentId)] as const;
    const replaced = settleSignature(queries, row.transaction_id, change, row.sha256, current, ...signed);
    if (replaced !== undefined) lost.push(replaced);
  }
  confirmNote(queries, id, now.notes);
  if (now.notes) replaceNotes(queries, row.transaction_id, now.notes);
  if (now.job) putJob(queries, now.job);
  show(queries, row.transaction_id);
  return lost;
}
