/** Documents' bytes: which revision is the one to show and sign on now, new bases, increments signed here. */
import type { LocalChange } from '../inbox/index.ts';
import { isHeld } from './jobs.ts';
import type { Queries } from './queries.ts';
import { addRevision, findRevision } from './revisions.ts';
import type { FinishedRun } from './run-folder.ts';
import { standingRows, unconfirmedRows } from './shown.ts';
import type { RevisionRef, RunRef, StoredDocument } from './store.ts';
import { readRemote } from './transactions.ts';

interface Stored {
  readonly resource_id: string | null;
  readonly sha256: string;
}

function storedRow({ build, first }: Queries, transactionId: string, documentId: string): Stored | undefined {
  return first(
    build
      .selectFrom('documents')
      .select(['resource_id', 'sha256'])
      .where('transaction_id', '=', transactionId)
      .where('document_id', '=', documentId),
  );
}

/** The revision of the last signature made here that is still to be delivered. */
function unsentRevision(queries: Queries, transactionId: string, documentId: string): Stored | undefined {
  const last = standingRows(unconfirmedRows(queries, transactionId)).findLast(
    (row) => row.document_id === documentId && row.sha256 !== null,
  );
  return last?.sha256 ? { resource_id: null, sha256: last.sha256 } : undefined;
}

function currentRow(queries: Queries, transactionId: string, documentId: string): Stored | undefined {
  const unsent = unsentRevision(queries, transactionId, documentId);
  if (unsent) return unsent;
  const stored = storedRow(queries, transactionId, documentId);
  if (!stored || isHeld(queries, transactionId, documentId)) return stored;
  const remote = readRemote(queries, transactionId)?.documents.find((document) => document.id === documentId);
  const isCurrent = stored.resource_id !== null && remote?.currentResourceId === stored.resource_id;
  return isCurrent ? stored : undefined;
}

/**
 * The document as it is to be shown and signed on now: with what was signed here and not delivered; else the provider's current
 * resource; else, while an unfinished signature stands on them, the bytes under it. Bytes the provider has moved on from
 * are undefined: they are to be fetched anew.
 */
export function currentDocument(
  queries: Queries,
  transactionId: string,
  documentId: string,
): StoredDocument | undefined {
  const row = currentRow(queries, transactionId, documentId);
  const revision = row && findRevision(queries, row.sha256);
  return revision && { transactionId, documentId, resourceId: row.resource_id ?? undefined, revision };
}

/** True where unsent or unfinished signatures stand on the bytes here: a new base must not take their place. */
export function isInUse(queries: Queries, transactionId: string, documentId: string): boolean {
  return (
    unsentRevision(queries, transactionId, documentId) !== undefined ||
    (storedRow(queries, transactionId, documentId) !== undefined && isHeld(queries, transactionId, documentId))
  );
}

function putDocument(
  { build, run }: Queries,
  transactionId: string,
  documentId: string,
  row: { resource_id: string | null; sha256: string },
): void {
  run(
    build
      .insertInto('documents')
      .values({ transaction_id: transactionId, document_id: documentId, ...row })
      .onConflict((conflict) => conflict.columns(['transaction_id', 'document_id']).doUpdateSet(row)),
  );
}

/** @returns the revision that lost the document, and whether the run's bytes were here already */
export function putBase(
  queries: Queries,
  at: { transactionId: string; documentId: string; resourceId: string },
  run: FinishedRun,
): { before: string | undefined; known: boolean } {
  const before = storedRow(queries, at.transactionId, at.documentId)?.sha256;
  const known = findRevision(queries, run.sha256) !== undefined;
  if (!known) addRevision(queries, run.sha256, [{ runId: run.runId, sizeBytes: run.sizeBytes }]);
  putDocument(queries, at.transactionId, at.documentId, { resource_id: at.resourceId, sha256: run.sha256 });
  return { before, known };
}

/** @param before the runs it stands behind; none for a file of its own */
export function addIncrement(
  queries: Queries,
  before: readonly RunRef[],
  sha256: string,
  run: FinishedRun,
): RevisionRef {
  return addRevision(queries, sha256, [...before, { runId: run.runId, sizeBytes: run.sizeBytes }]);
}

/**
 * A delivered signature's revision becomes the document's. It is the provider's current resource where nobody else's signature
 * came with it; else that is not known, and the provider's has to be fetched.
 */
export function settleSignature(
  queries: Queries,
  transactionId: string,
  change: Extract<LocalChange, { kind: 'signature' }>,
  sha256: string,
  resourceId: string | undefined,
  signedBefore: ReadonlySet<string>,
  signedNow: ReadonlySet<string>,
): string | undefined {
  const before = storedRow(queries, transactionId, change.documentId)?.sha256;
  const expected = new Set([...signedBefore, change.signatureRequestId]);
  // Read before it was confirmed: what came after it cannot be told.
  const isNews = !signedBefore.has(change.signatureRequestId);
  const onlyMine = isNews && signedNow.size === expected.size && [...signedNow].every((id) => expected.has(id));
  putDocument(queries, transactionId, change.documentId, {
    resource_id: onlyMine ? (resourceId ?? null) : null,
    sha256,
  });
  return before;
}

/** Transactions some of whose bytes are here, fetched or signed, the last changed first. */
export function listTransactionsWithBytes({ prepare }: Queries): string[] {
  const rows = prepare(
    `SELECT transaction_id FROM items WHERE transaction_id IN (
       SELECT transaction_id FROM documents UNION SELECT transaction_id FROM outbox WHERE sha256 IS NOT NULL
     ) ORDER BY position DESC`,
  );
  return rows.pluck().all() as string[];
}
