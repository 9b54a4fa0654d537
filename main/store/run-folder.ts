/** The folder of runs, as the store's thread keeps it: runs being written, runs finished and not referred to yet, open readers. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readAcross } from './revision-source.ts';
import { createRunFile, openRunFile, type RunReader, type RunWriter } from './run-file.ts';
import { type RevisionRef, type RunRef, StoreError } from './store.ts';

/** Reads of a document come in series; this many runs stay open between them. */
const OPEN_READERS = 16;
/** A multiple of a run's chunks. */
const CHECK_BYTES = 1024 * 1024;
const isDamage = (error: unknown) => error instanceof StoreError && error.code === 'damaged';
const RUN_NAME = /^[0-9a-f]{32}(\.part)?$/;

export interface FinishedRun extends RunRef {
  readonly sha256: string;
}

export interface RunFolder {
  create(): string;
  append(runId: string, bytes: Uint8Array): void;
  finish(runId: string): FinishedRun;
  abandon(runId: string): void;
  /** Hands over a finished run to the caller, who makes the database refer to it. @throws StoreError not-found */
  claim(runId: string): FinishedRun;
  read(revision: RevisionRef, offset: number, length: number): Uint8Array;
  /** Those whose file is missing or is not what was written; `thorough`: every byte is read, else size and what failed before. */
  damaged(runs: readonly RunRef[], thorough: boolean): string[];
  remove(runId: string): void;
  /** Removes every run that is not in `known`; other files are left alone. */
  sweep(known: ReadonlySet<string>): void;
  close(): void;
}

export function openRunFolder(runsDir: string, dataKey: Uint8Array): RunFolder {
  mkdirSync(runsDir, { recursive: true, mode: 0o700 });
  const writers = new Map<string, RunWriter>();
  const finished = new Map<string, FinishedRun>();
  const readers = new Map<string, RunReader>();
  const unreadable = new Set<string>();
  const path = (runId: string) => join(runsDir, runId);
  const writer = (runId: string) => {
    const found = writers.get(runId);
    if (!found) throw new StoreError('not-found');
    return found;
  };
  const drop = (runId: string) => {
    const found = writers.get(runId);
    writers.delete(runId);
    found?.abandon();
  };
  const guarded = <T>(runId: string, work: (found: RunWriter) => T): T => {
    const found = writer(runId);
    try {
      return work(found);
    } catch (error) {
      drop(runId);
      throw error;
    }
  };
  const closeReader = (runId: string) => {
    readers.get(runId)?.close();
    readers.delete(runId);
  };
  const reader = ({ runId, sizeBytes }: RunRef) => {
    const found = readers.get(runId) ?? openRunFile(path(runId), dataKey, runId, sizeBytes);
    readers.delete(runId);
    readers.set(runId, found);
    return found;
  };
  const isDamaged = ({ runId, sizeBytes }: RunRef, thorough: boolean): boolean => {
    if (unreadable.has(runId)) return true;
    try {
      // An open file can be read after its name has gone: it is looked at anew.
      const run = openRunFile(path(runId), dataKey, runId, sizeBytes);
      try {
        for (let at = 0; thorough && at < sizeBytes; at += CHECK_BYTES)
          run.read(at, Math.min(CHECK_BYTES, sizeBytes - at));
      } finally {
        run.close();
      }
      return false;
    } catch (error) {
      if (!isDamage(error)) throw error;
      closeReader(runId);
      unreadable.add(runId);
      return true;
    }
  };
  const remove = (runId: string) => {
    closeReader(runId);
    unreadable.delete(runId);
    rmSync(path(runId), { force: true });
  };
  return {
    create() {
      const runId = randomBytes(16).toString('hex');
      writers.set(runId, createRunFile(path(runId), dataKey, runId));
      return runId;
    },
    append: (runId, bytes) => guarded(runId, (found) => found.append(bytes)),
    finish(runId) {
      const run = { runId, ...guarded(runId, (found) => found.finish()) };
      writers.delete(runId);
      finished.set(runId, run);
      return run;
    },
    abandon(runId) {
      drop(runId);
      if (finished.delete(runId)) remove(runId);
    },
    claim(runId) {
      const run = finished.get(runId);
      if (!run) throw new StoreError('not-found');
      finished.delete(runId);
      return run;
    },
    read(revision, offset, length) {
      let bytes: Uint8Array;
      try {
        bytes = readAcross(revision.runs.map(reader), offset, length);
      } catch (error) {
        // So that the next look knows which of them it was.
        if (isDamage(error)) for (const run of revision.runs) isDamaged(run, true);
        throw error;
      }
      for (const runId of [...readers.keys()].slice(0, -OPEN_READERS)) closeReader(runId);
      return bytes;
    },
    damaged: (runs, thorough) => runs.filter((run) => isDamaged(run, thorough)).map(({ runId }) => runId),
    remove,
    sweep(known) {
      for (const name of readdirSync(runsDir)) {
        if (RUN_NAME.test(name) && !known.has(name)) rmSync(join(runsDir, name), { force: true });
      }
    },
    close() {
      for (const runId of [...writers.keys()]) drop(runId);
      for (const runId of [...readers.keys()]) closeReader(runId);
    },
  };
}
