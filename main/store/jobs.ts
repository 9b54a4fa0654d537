/** Signing jobs as main/signing keeps them. */
import { type Selectable, sql } from 'kysely';
import type { Queries } from './queries.ts';
import type { Schema } from './schema.ts';
import type { JobRecord, JobSummary } from './store.ts';

const ended = ['delivered', 'declined', 'cancelled', 'expired', 'superseded', 'failed'];
/** A signature is under way or made, and its revision is not committed: the bytes it stands on must stay. */
const holding = ['prepared', 'signed', 'awaiting-timestamp', 'awaiting-validation-data', 'complete'];

function toRow(job: JobRecord): Selectable<Schema['jobs']> {
  return {
    id: job.id,
    batch_id: job.batchId,
    transaction_id: job.transactionId,
    document_id: job.documentId,
    signature_request_id: job.signatureRequestId,
    state: job.state,
    state_kind: job.stateKind,
    created_at: job.createdAt,
    updated_at: job.updatedAt,
    increment: job.increment ?? null,
    signed_attributes: job.signedAttributes ?? null,
    signature: job.signature ?? null,
    timestamp_token: job.timestampToken ?? null,
  };
}

/** In memory of its own: what crosses threads takes the whole buffer under a view along. */
const toBytes = (blob: Uint8Array | null) => (blob === null ? undefined : Uint8Array.from(blob));

const listed = [
  'id',
  'batch_id',
  'transaction_id',
  'document_id',
  'signature_request_id',
  'state',
  'state_kind',
  'created_at',
  'updated_at',
] as const;

function toSummary(row: Pick<Selectable<Schema['jobs']>, (typeof listed)[number]>): JobSummary {
  return {
    id: row.id,
    batchId: row.batch_id,
    transactionId: row.transaction_id,
    documentId: row.document_id,
    signatureRequestId: row.signature_request_id,
    state: row.state,
    stateKind: row.state_kind,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function toRecord(row: Selectable<Schema['jobs']>): JobRecord {
  return {
    ...toSummary(row),
    increment: toBytes(row.increment),
    signedAttributes: toBytes(row.signed_attributes),
    signature: toBytes(row.signature),
    timestampToken: toBytes(row.timestamp_token),
  };
}

/** @throws SqliteError of a foreign key where the transaction is not known */
export function putJob({ build, run }: Queries, job: JobRecord): void {
  const { id, ...rest } = toRow(job);
  run(
    build
      .insertInto('jobs')
      .values({ id, ...rest })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(rest)),
  );
}

export function findJob({ build, first }: Queries, jobId: string): JobRecord | undefined {
  const row = first(build.selectFrom('jobs').selectAll().where('id', '=', jobId));
  return row && toRecord(row);
}

/** In the order they were made. */
export function listJobs(
  { build, all }: Queries,
  filter: { batchId?: string; transactionId?: string; unfinished?: boolean },
): JobSummary[] {
  let found = build.selectFrom('jobs').select(listed);
  if (filter.batchId !== undefined) found = found.where('batch_id', '=', filter.batchId);
  if (filter.transactionId !== undefined) found = found.where('transaction_id', '=', filter.transactionId);
  if (filter.unfinished) found = found.where('state_kind', 'not in', ended);
  return all(found.orderBy('created_at').orderBy(sql`rowid`)).map(toSummary);
}

/** Some job's signature stands on the document's bytes and is not committed yet. */
export function isHeld({ build, first }: Queries, transactionId: string, documentId: string): boolean {
  const held = build
    .selectFrom('jobs')
    .select('id')
    .where('transaction_id', '=', transactionId)
    .where('document_id', '=', documentId)
    .where('state_kind', 'in', holding)
    .limit(1);
  return first(held) !== undefined;
}
