/** Raises signed files on disk to a level. The output appears whole; it may take the input's place. */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { eachChunk } from '../pades/index.ts';
import { errorCode } from '../platform/error-code.ts';
import { type FileSource, openFileSource, writeAll, writeWhole } from '../platform/file-source.ts';
import { isMessage } from '../platform/signed-message.ts';
import { limiter } from './limiter.ts';
import { raiseLevel } from './raise-level.ts';
import { messageIn, raiseMessage, writeMessage } from './raise-message.ts';
import { type RaisedLevel, RaiseError, type RaiseTools } from './raising.ts';
import type { FileJob } from './sign-files.ts';

export interface ExtendResult extends FileJob {
  /** Undefined when the level is reached; else the code of what went wrong. */
  readonly code: string | undefined;
  /** Whose validation data is missing, and why. */
  readonly details: readonly string[];
  readonly sha256: string | undefined;
  readonly addedBytes: number;
}

/** The source and what is appended, whole or not at all. @returns SHA-256 (hex) of what was written */
export async function writeRaised(source: FileSource, increment: Uint8Array, output: string): Promise<string> {
  const hash = createHash('sha256');
  await writeWhole(output, async (file) => {
    await eachChunk(source, 0, source.size, (chunk) => {
      const written = writeAll(file, chunk);
      hash.update(chunk);
      return written;
    });
    hash.update(increment);
    await writeAll(file, increment);
  });
  return hash.digest('hex');
}

/** Of a message nothing is written anew where nothing is added. */
async function extendMessage(source: FileSource, job: FileJob, level: RaisedLevel, tools: RaiseTools) {
  const message = await messageIn(source);
  const raised = await raiseMessage(message, level, tools);
  if (raised === message) return { sha256: await writeRaised(source, new Uint8Array(0), job.output), addedBytes: 0 };
  const beside = job.beside === undefined ? undefined : await openFileSource(job.beside);
  try {
    const sha256 = await writeMessage(source, raised, job.output, beside);
    return { sha256, addedBytes: (await stat(job.output)).size - source.size };
  } finally {
    await beside?.close();
  }
}

/** @throws RaiseError, PadesError, CadesError, PkiError, system errors; nothing is written then */
async function extendFile(
  job: FileJob,
  level: RaisedLevel,
  tools: RaiseTools,
  password?: string,
): Promise<ExtendResult> {
  const source = await openFileSource(job.input);
  try {
    if (await isMessage(source)) {
      return { ...job, code: undefined, details: [], ...(await extendMessage(source, job, level, tools)) };
    }
    const added = await raiseLevel(source, level, tools, password);
    const sha256 = await writeRaised(source, added, job.output);
    return { ...job, code: undefined, details: [], sha256, addedBytes: added.length };
  } finally {
    await source.close();
  }
}

/** Their network takes longer than their bytes. */
const FILES_AT_ONCE = 8;

async function extendOr(...given: Parameters<typeof extendFile>): Promise<ExtendResult> {
  const [job] = given;
  try {
    return await extendFile(...given);
  } catch (error) {
    const details = error instanceof RaiseError ? error.details : [];
    return { ...job, code: errorCode(error), details, sha256: undefined, addedBytes: 0 };
  }
}

/** Several at once, a result each in their order; nothing is written for one that fails. @param password opens encrypted files */
export async function* extendFiles(
  jobs: readonly FileJob[],
  level: RaisedLevel,
  tools: RaiseTools,
  password?: string,
): AsyncIterable<ExtendResult> {
  const slot = limiter(FILES_AT_ONCE);
  for (const result of jobs.map((job) => slot(() => extendOr(job, level, tools, password)))) yield await result;
}
