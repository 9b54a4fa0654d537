/** A stored revision as one readable stretch of bytes: its base and increments end to end. Usable in any worker thread. */
import { join } from 'node:path';
import { openRunFile, type RunReader } from './run-file.ts';
import type { RevisionRef } from './store.ts';

/** @throws RangeError outside the revision; StoreError damaged */
export function readAcross(runs: readonly RunReader[], offset: number, length: number): Uint8Array {
  const size = runs.reduce((sum, run) => sum + run.sizeBytes, 0);
  if (offset < 0 || length < 0 || offset + length > size) throw new RangeError('read outside the revision');
  const parts: Uint8Array[] = [];
  let start = 0;
  for (const run of runs) {
    const from = Math.max(offset, start);
    const to = Math.min(offset + length, start + run.sizeBytes);
    if (from < to) parts.push(run.read(from - start, to - from));
    start += run.sizeBytes;
  }
  const [only] = parts;
  if (parts.length === 1 && only) return only;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Satisfies main/pdf's Source. */
export interface RevisionSource {
  readonly size: number;
  read(offset: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/**
 * Opens a revision read-only with the data key (32 bytes). File access blocks the thread: meant for worker threads.
 * @throws StoreError damaged where a run is missing or is not what was stored
 */
export async function openRevision(runsDir: string, key: Uint8Array, revision: RevisionRef): Promise<RevisionSource> {
  const runs: RunReader[] = [];
  const close = () => {
    for (const run of runs.splice(0)) run.close();
  };
  try {
    for (const { runId, sizeBytes } of revision.runs) {
      runs.push(openRunFile(join(runsDir, runId), key, runId, sizeBytes));
    }
  } catch (error) {
    close();
    throw error;
  }
  return {
    size: revision.sizeBytes,
    read: async (offset, length) => readAcross(runs, offset, length),
    close: async () => close(),
  };
}
