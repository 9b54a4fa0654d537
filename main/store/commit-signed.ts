/** Finished signatures become their documents' next revisions, many at once: one wait for the disk, each of them whole or not at all. */
import { readChange } from '../inbox/index.ts';
import { addIncrement, currentDocument } from './documents.ts';
import { toStoreError } from './errors.ts';
import { putJob } from './jobs.ts';
import { addRow, findCommitted } from './outbox.ts';
import type { Queries, Settled } from './queries.ts';
import type { FinishedRun, RunFolder } from './run-folder.ts';
import { show } from './shown.ts';
import { type NewOutboxRow, type RevisionRef, type Store, StoreError } from './store.ts';

export type SignedCommit = Parameters<Store['commitSigned']>;
/** The revisions in the commits' order. */
export type CommitAllSigned = (commits: readonly SignedCommit[]) => Settled<RevisionRef>[];

function signatureOf(row: NewOutboxRow) {
  const change = readChange(row.change);
  if (change?.kind !== 'signature') throw new StoreError('failed');
  return change;
}

function settle<T>(work: () => T): Settled<T> {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    return { ok: false, error: toStoreError(error) };
  }
}

function unwrap<T>(settled: Settled<T> | undefined): T {
  if (!settled?.ok) throw settled?.error;
  return settled.value;
}

export function signedCommits(queries: Queries, folder: RunFolder): CommitAllSigned {
  /** Of the same commit where it was asked for before: its first answer was lost. */
  const doneOf = ([, , sha256, row]: SignedCommit) => findCommitted(queries, row.id, sha256);

  /** @throws StoreError not-found: the document has another base by now */
  function baseOf([job, , , row]: SignedCommit): RevisionRef {
    const base = currentDocument(queries, job.transactionId, job.documentId)?.revision;
    if (!base || base.sha256 !== signatureOf(row).baseSha256) throw new StoreError('not-found');
    return base;
  }

  /** The id of a run with its bytes, not on the disk for good yet; the revision where it is done. */
  function begin(commit: SignedCommit): string | RevisionRef {
    const done = doneOf(commit);
    if (done) return done;
    baseOf(commit);
    const runId = folder.create();
    folder.append(runId, commit[1]);
    return runId;
  }

  function finish(begun: string | RevisionRef): FinishedRun | RevisionRef {
    if (typeof begun !== 'string') return begun;
    folder.finish(begun);
    return folder.claim(begun);
  }

  /** Asks anew what the group may have changed: on the same base, or under the same key. */
  function refer(commit: SignedCommit, run: FinishedRun | RevisionRef): RevisionRef {
    const done = doneOf(commit);
    if (done) return done;
    if (!('runId' in run)) return run;
    const [job, , sha256, row, { standsAlone } = { standsAlone: false }] = commit;
    const base = baseOf(commit);
    const revision = addIncrement(queries, standsAlone ? [] : base.runs, sha256, run);
    putJob(queries, job);
    addRow(queries, row, { documentId: job.documentId, sha256 });
    show(queries, job.transactionId);
    return revision;
  }

  return (commits) => {
    // All are written before the disk is waited for, and all of them are on it before anything refers to them.
    const begun = commits.map((commit) => settle(() => begin(commit)));
    const finished = begun.map((each) => settle(() => finish(unwrap(each))));
    const works = commits.map((commit, i) => () => refer(commit, unwrap(finished[i])));
    const referred = settle(() => queries.transactEach(works));
    return finished.map((each, i) => {
      if (!each.ok) return each;
      const { value } = each;
      if (!('runId' in value)) return { ok: true, value };
      const answer = settle(() => unwrap(unwrap(referred)[i]));
      if (!answer.ok || !answer.value.runs.some(({ runId }) => runId === value.runId)) folder.remove(value.runId);
      return answer;
    });
  };
}
