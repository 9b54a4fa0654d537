/** Raises signed files on disk to a level. The output appears whole; it may take the input's place. */

import { openFileSource } from '../platform/file-source.ts';
import { type RaisedLevel, RaiseError, type RaiseTools, raiseLevel } from './raise-level.ts';
import type { FileJob } from './sign-files.ts';
import { writeSigned } from './sign-files.ts';

export interface ExtendResult extends FileJob {
  /** Undefined when the level is reached; else the code of what went wrong. */
  readonly code: string | undefined;
  /** Whose validation data is missing, and why. */
  readonly details: readonly string[];
  readonly sha256: string | undefined;
  readonly addedBytes: number;
}

async function extendOne(job: FileJob, level: RaisedLevel, tools: RaiseTools): Promise<ExtendResult> {
  const source = await openFileSource(job.input);
  try {
    const added = await raiseLevel(source, level, tools);
    const sha256 = await writeSigned(source, added, job.output);
    return { ...job, code: undefined, details: [], sha256, addedBytes: added.length };
  } finally {
    await source.close();
  }
}

/** One after the other, a result each; nothing is written for one that fails. */
export async function* extendFiles(
  jobs: readonly FileJob[],
  level: RaisedLevel,
  tools: RaiseTools,
): AsyncIterable<ExtendResult> {
  for (const job of jobs) {
    try {
      yield await extendOne(job, level, tools);
    } catch (error) {
      const { code } = error as { code?: unknown };
      const details = error instanceof RaiseError ? error.details : [];
      yield { ...job, code: typeof code === 'string' ? code : 'internal', details, sha256: undefined, addedBytes: 0 };
    }
  }
}
