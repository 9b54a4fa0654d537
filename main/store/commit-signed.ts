/** Finished signatures become their documents' next revisions, many at once: one wait for the disk, each of them whole or not at all. */
import { readChange } from '../inbox/index.ts';
import { addIncrement, currentDocument } from './documents.ts';
import { toStoreError } from './errors.ts';
import { putJob } from './jobs.ts';
import { addRow, findCommitted } from './outbox.ts';
import type { Queries, Settled } from './queries.ts';
import type { RunFolder } from './run-folder.ts';
import { show } from './shown.ts';
import { type NewOutboxRow, type RevisionRef, type Store, StoreError } from './store.ts';

export type SignedCommit = Parameters<Store['commitSigned']>;
type Committed = { readonly revision: RevisionRef };
export type CommitAllSigned = (commits: readonly SignedCommit[]) => Settled<Committed>[];

function signatureOf(row: NewOutboxRow) {
  const change = readChange(row.change);
  if (change?.kind !== 'signature') throw new StoreError('failed');
  return change;
}

function attempt<T>(work: () => T): Settled<T> {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    return { ok: false, error: toStoreError(error) };
  }
}

/** The bytes of all of them are on the disk before one transaction refers to them. */
export function signedCommits(queries: Queries, folder: RunFolder): CommitAllSigned {
  /** @throws StoreError not-found: the document has another base by now */
  function baseOf([job, , , row]: SignedCommit): RevisionRef {
    const base = currentDocument(queries, job.transactionId, job.documentId)?.revision;
    if (!base || base.sha256 !== signatureOf(row).baseSha256) throw new StoreError('not-found');
    return base;
  }

  function write(commit: SignedCommit): string {
    baseOf(commit);
    const runId = folder.create();
    folder.append(runId, commit[1]);
    return runId;
  }

  /** Asked anew for what was committed with the same group, on the same base or under the same key. */
  function refer(commit: SignedCommit, runId: string): Committed & { readonly isNew: boolean } {
    const [job, , sha256, row, { standsAlone } = { standsAlone: false }] = commit;
    const done = findCommitted(queries, row.id, sha256);
    if (done) return { revision: done, isNew: false };
    const base = baseOf(commit);
    const run = folder.claim(runId);
    const revision = addIncrement(queries, standsAlone ? [] : base.runs, sha256, run);
    putJob(queries, job);
    addRow(queries, row, { documentId: job.documentId, sha256 });
    show(queries, job.transactionId);
    return { revision, isNew: true };
  }

  return (commits) => {
    // Asked once more because the first answer was lost: it is done.
    const before = commits.map(([, , sha256, row]) => attempt(() => findCommitted(queries, row.id, sha256)));
    const written = commits.map((commit, i) => {
      const known = before[i];
      return known?.ok && known.value ? undefined : attempt(() => write(commit));
    });
    const onDisk = written.map((run) => {
      if (!run?.ok) return run;
      return attempt(() => {
        folder.finish(run.value);
        return run.value;
      });
    });
    const ready = commits.flatMap((commit, i) => {
      const run = onDisk[i];
      return run?.ok ? [{ i, runId: run.value, work: () => refer(commit, run.value) }] : [];
    });
    const drop = (runId: string) => {
      // Claimed or not, nothing refers to it.
      folder.abandon(runId);
      folder.remove(runId);
    };
    let referred: Settled<Committed & { readonly isNew: boolean }>[];
    try {
      referred = ready.length === 0 ? [] : queries.transactEach(ready.map(({ work }) => work));
    } catch (error) {
      referred = ready.map(() => ({ ok: false, error: toStoreError(error) }));
    }
    for (const [n, { runId }] of ready.entries()) {
      const answer = referred[n];
      if (!answer?.ok || !answer.value.isNew) drop(runId);
    }
    return commits.map((_, i) => {
      const known = before[i];
      if (known?.ok && known.value) return { ok: true, value: { revision: known.value } };
      const run = onDisk[i];
      if (run && !run.ok) return run;
      const answer = referred[ready.findIndex((each) => each.i === i)];
      if (!answer) return { ok: false, error: new StoreError('failed') };
      return answer.ok
        ? { ok: true, value: { revision: answer.value.revision } }
        : { ok: false, error: toStoreError(answer.error) };
    });
  };
}
