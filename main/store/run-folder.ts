/** The folder of runs, as the store's thread keeps it: runs being written, runs finished and not referred to yet, open readers. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readAcross } from './revision-source.ts';
import { createRunFile, openRunFile, type RunReader, type RunWriter } from './run-file.ts';
import { type RevisionRef, type RunRef, StoreError } from './store.ts';

/** Reads of a document come in series; this many runs stay open between them. */
const OPEN_READERS = 16;
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
  const remove = (runId: string) => {
    closeReader(runId);
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
      const bytes = readAcross(revision.runs.map(reader), offset, length);
      for (const runId of [...readers.keys()].slice(0, -OPEN_READERS)) closeReader(runId);
      return bytes;
    },
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
