/** The store as its own thread has it: every method of the port, run at once over database and run folder. */
import {
  listAccounts,
  putAccount,
  readAccount,
  readSetting,
  removeAccount,
  writeAccount,
  writeSetting,
} from './accounts.ts';
import { forgetActivity, listActivity, noteActivity } from './activity.ts';
import { type CommitAllSigned, signedCommits } from './commit-signed.ts';
import { openDatabase, removeBackups } from './connection.ts';
import { currentDocument, isInUse, listTransactionsWithBytes, putBase } from './documents.ts';
import { toStoreError } from './errors.ts';
import { countAccounts, countTags } from './inbox-counts.ts';
import { listInbox, toSyncState } from './inbox-query.ts';
import { findJob, listJobs, putJob } from './jobs.ts';
import { listMarks, preferMark, putMark, readMarkImage, removeMark } from './marks.ts';
import { migrations } from './migrations/index.ts';
import { listNotes, replaceNotes } from './notes.ts';
import { listNotifications, putNotifications } from './notifications.ts';
import { commitChange, confirmRow, keepBothNotes, listOutbox, settleRow, updateRow } from './outbox.ts';
import { openQueries, type Queries } from './queries.ts';
import { findRevision, forgetAllUnused, forgetUnused, knownRuns, replaceRuns } from './revisions.ts';
import { openRunFolder, type RunFolder } from './run-folder.ts';
import { deriveAll } from './shown.ts';
import { type Store, StoreError } from './store.ts';
import { applyPull, listRemoteIds, readShown } from './transactions.ts';

/** The port's methods as plain functions. */
export type Backend = {
  [K in Exclude<keyof Store, 'commitSigned'>]: (...args: Parameters<Store[K]>) => Awaited<ReturnType<Store[K]>>;
} & {
  /** In the place of commitSigned: see group-commit.ts. */
  commitAllSigned: CommitAllSigned;
};

function setBase(queries: Queries, folder: RunFolder): Backend['setBase'] {
  return (transactionId, documentId, resourceId, runId) => {
    const run = folder.claim(runId);
    let keep = false;
    try {
      const unused = queries.transact(() => {
        const same = findRevision(queries, run.sha256);
        // Also under a signature that is still to be delivered: the bytes are the same.
        const mends = same !== undefined && folder.damaged(same.runs, false).length > 0;
        const replaced = mends ? replaceRuns(queries, same, run) : [];
        keep = mends;
        if (isInUse(queries, transactionId, documentId)) return replaced;
        const { before, known } = putBase(queries, { transactionId, documentId, resourceId }, run);
        keep ||= !known;
        return [...replaced, ...(before === undefined ? [] : forgetUnused(queries, [before]))];
      });
      for (const id of unused) folder.remove(id);
    } catch (error) {
      keep = false;
      throw error;
    } finally {
      if (!keep) folder.remove(runId);
    }
    const stored = currentDocument(queries, transactionId, documentId);
    // The provider moved on while the bytes came in.
    if (!stored) throw new StoreError('not-found');
    return stored;
  };
}

function accountMethods(queries: Queries, folder: RunFolder, databasePath: string) {
  return {
    putAccount: (account, credentials) => putAccount(queries, account, credentials),
    accounts: () => listAccounts(queries),
    credentials: (accountId) => readAccount(queries, accountId, 'credentials') ?? '',
    saveCredentials: (accountId, credentials) => writeAccount(queries, accountId, 'credentials', credentials),
    setAccountState: (accountId, state) => writeAccount(queries, accountId, 'state', state),
    removeAccount(accountId) {
      const unused = queries.transact(() => {
        removeAccount(queries, accountId);
        return forgetAllUnused(queries);
      });
      for (const id of unused) folder.remove(id);
      removeBackups(databasePath);
    },
    syncState: (accountId) => readAccount(queries, accountId, 'sync_state') ?? undefined,
    saveSyncState: (accountId, state) => writeAccount(queries, accountId, 'sync_state', state),
    setting: (key) => readSetting(queries, key),
    saveSetting: (key, value) => writeSetting(queries, key, value),
  } satisfies Partial<Backend>;
}

function transactionMethods(queries: Queries, folder: RunFolder) {
  return {
    applyPull(accountId, transactions, deletedRemoteIds) {
      const { changed, unused } = queries.transact(() => {
        const { changed: ids, anyDeleted } = applyPull(queries, accountId, transactions, deletedRemoteIds);
        return { changed: ids, unused: anyDeleted ? forgetAllUnused(queries) : [] };
      });
      for (const id of unused) folder.remove(id);
      return { changed };
    },
    transaction: (transactionId) => readShown(queries, transactionId),
    inbox: (query) => listInbox(queries, query),
    inboxTags: (accountId) => countTags(queries, accountId),
    inboxAccounts: () => countAccounts(queries),
    putNotes: (transactionId, notes) => queries.transact(() => replaceNotes(queries, transactionId, notes)),
    notes: (transactionId) => listNotes(queries, transactionId),
    transactionSync: (transactionId) =>
      toSyncState(listOutbox(queries, { unconfirmed: true, transactionId }).map(({ state }) => state)),
  } satisfies Partial<Backend>;
}

function byteMethods(queries: Queries, folder: RunFolder) {
  return {
    createRun: () => folder.create(),
    appendRun: (runId, bytes) => folder.append(runId, bytes),
    finishRun(runId) {
      const { sizeBytes, sha256 } = folder.finish(runId);
      return { sizeBytes, sha256 };
    },
    abandonRun: (runId) => folder.abandon(runId),
    setBase: setBase(queries, folder),
    document: (transactionId, documentId) => currentDocument(queries, transactionId, documentId),
    transactionsWithBytes: () => listTransactionsWithBytes(queries),
    readRevision: (revision, offset, length) => folder.read(revision, offset, length),
    damagedRuns: (revision, thorough) => folder.damaged(revision.runs, thorough),
  } satisfies Partial<Backend>;
}

function workMethods(queries: Queries, folder: RunFolder) {
  return {
    putJobs: (jobs) =>
      queries.transact(() => {
        for (const job of jobs) putJob(queries, job);
      }),
    job: (jobId) => findJob(queries, jobId),
    jobs: (filter) => listJobs(queries, filter),
    commitAllSigned: signedCommits(queries, folder),
    commitChange: (row, local) => queries.transact(() => commitChange(queries, row, local)),
    outbox: (filter) => listOutbox(queries, filter),
    updateOutbox: (id, change) => queries.transact(() => updateRow(queries, id, change)),
    confirmOutbox(id, now) {
      const unused = queries.transact(() => forgetUnused(queries, confirmRow(queries, id, now)));
      for (const runId of unused) folder.remove(runId);
    },
    keepBothNotes: (id, note, change, at) => queries.transact(() => keepBothNotes(queries, id, note, change, at)),
    settleOutbox(id, how) {
      const unused = queries.transact(() => forgetUnused(queries, settleRow(queries, id, how)));
      for (const runId of unused) folder.remove(runId);
    },
    activity: (query) => listActivity(queries, query),
    noteActivity: (entry) => queries.transact(() => noteActivity(queries, entry)),
    forgetActivity: (before) => queries.transact(() => forgetActivity(queries, before)),
    putNotifications: (accountId, notifications) =>
      queries.transact(() => putNotifications(queries, accountId, notifications)),
    notifications: () => listNotifications(queries),
    remoteIds: (accountId) => listRemoteIds(queries, accountId),
  } satisfies Partial<Backend>;
}

function markMethods(queries: Queries) {
  return {
    marks: () => listMarks(queries),
    markImage: (id) => readMarkImage(queries, id),
    putMark: (mark, image) => queries.transact(() => putMark(queries, mark, image)),
    removeMark: (id) => removeMark(queries, id),
    preferMark: (id) => queries.transact(() => preferMark(queries, id)),
  } satisfies Partial<Backend>;
}

function withStoreErrors(backend: Backend): Backend {
  const wrapped = Object.entries(backend).map(([name, method]) => [
    name,
    (...args: unknown[]) => {
      try {
        return (method as (...given: unknown[]) => unknown)(...args);
      } catch (error) {
        throw toStoreError(error);
      }
    },
  ]);
  return Object.fromEntries(wrapped) as Backend;
}

/**
 * Opens database and run folder and sweeps what a crash left behind: unfinished runs, and runs that nothing refers to.
 * @throws StoreError profile-locked, wrong-key, newer-version, damaged, read-only, disk-full
 */
export function openBackend(options: { databasePath: string; runsDir: string; key: Uint8Array }): Backend {
  const db = openDatabase(options.databasePath, options.key, migrations);
  try {
    const queries = openQueries(db);
    deriveAll(queries);
    const folder = openRunFolder(options.runsDir, options.key);
    queries.transact(() => forgetAllUnused(queries));
    folder.sweep(knownRuns(queries));
    return withStoreErrors({
      ...accountMethods(queries, folder, options.databasePath),
      ...transactionMethods(queries, folder),
      ...byteMethods(queries, folder),
      ...workMethods(queries, folder),
      ...markMethods(queries),
      close() {
        folder.close();
        db.close();
      },
    });
  } catch (error) {
    db.close();
    throw toStoreError(error);
  }
}
