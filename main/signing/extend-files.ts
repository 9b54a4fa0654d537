/** Raises signed files on disk to a level. The output appears whole; it may take the input's place. */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { eachChunk } from '../pades/index.ts';
import { errorCode } from '../platform/error-code.ts';
import { type FileSource, openFileSource, writeAll, writeWhole } from '../platform/file-source.ts';
import { isMessage } from '../platform/signed-message.ts';
import { limiter } from './limiter.ts';
import { raiseBySteps, stampBySteps, verifyRaised } from './raise-level.ts';
import { messageIn, raiseMessage, writeMessage } from './raise-message.ts';
import { raiseSteps } from './raise-steps.ts';
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

/** Of a message nothing is written anew where nothing is added. @param stamped the message with its timestamps, where it was asked for */
async function extendMessage(
  source: FileSource,
  job: FileJob,
  level: RaisedLevel,
  tools: RaiseTools,
  stamped: Uint8Array | undefined,
) {
  const message = await messageIn(source);
  const raised = await raiseMessage(stamped ?? message, level, tools);
  if (Buffer.compare(raised, message) === 0)
    return { sha256: await writeRaised(source, new Uint8Array(0), job.output), addedBytes: 0 };
  const beside = job.beside === undefined ? undefined : await openFileSource(job.beside);
  try {
    const sha256 = await writeMessage(source, raised, job.output, beside);
    return { sha256, addedBytes: (await stat(job.output)).size - source.size };
  } finally {
    await beside?.close();
  }
}

/**
 * What is asked of a document or message before its validation data: the increment, or the message, with the timestamps it lacked; undefined
 * for a document that lacks none.
 */
async function stamp(source: FileSource, tools: RaiseTools, password: string | undefined) {
  if (await isMessage(source)) return raiseMessage(await messageIn(source), 'B-T', tools);
  return stampBySteps(raiseSteps(source, password), tools);
}

/** @param stamped as `stamp` left it */
async function extendDocument(
  source: FileSource,
  job: FileJob,
  level: RaisedLevel,
  tools: RaiseTools,
  password: string | undefined,
  stamped: Uint8Array | undefined,
) {
  const steps = raiseSteps(source, password);
  const added = stamped ?? new Uint8Array(0);
  const more = await raiseBySteps(steps, level, tools, added);
  if (more.length === 0 && added.length > 0) await verifyRaised(steps, added, tools);
  const increment = new Uint8Array(Buffer.concat([added, more]));
  return { sha256: await writeRaised(source, increment, job.output), addedBytes: increment.length };
}

async function over<T>({ input }: FileJob, use: (source: FileSource) => Promise<T>): Promise<T> {
  const source = await openFileSource(input);
  try {
    return await use(source);
  } finally {
    await source.close();
  }
}

function failed(job: FileJob, error: unknown): ExtendResult {
  const details = error instanceof RaiseError ? error.details : [];
  return { ...job, code: errorCode(error), details, sha256: undefined, addedBytes: 0 };
}

/** Their network takes longer than their bytes. */
const FILES_AT_ONCE = 8;
/** So many have their timestamps in memory, some 25 KB each, while the last of them is waited for. */
const FILES_TOGETHER = 1_000;

/** Timestamps for all, then what proves that the certificates were good after the last of them: asked once for what several need. */
async function* extendTogether(
  jobs: readonly FileJob[],
  level: RaisedLevel,
  given: RaiseTools,
  password: string | undefined,
): AsyncIterable<ExtendResult> {
  const slot = limiter(FILES_AT_ONCE);
  const stampOr = (job: FileJob) =>
    over(job, (source) => stamp(source, given, password)).catch((error: unknown) => failed(job, error));
  // At B-T there is nothing to wait for.
  const stamped = level === 'B-T' ? [] : await Promise.all(jobs.map((job) => slot(() => stampOr(job))));
  const tools = { ...given, fetchedSince: given.clock.now() };
  const extend = async (source: FileSource, job: FileJob, bytes: Uint8Array | undefined): Promise<ExtendResult> => {
    const raised = (await isMessage(source))
      ? await extendMessage(source, job, level, tools, bytes)
      : await extendDocument(source, job, level, tools, password, bytes);
    return { ...job, code: undefined, details: [], ...raised };
  };
  const results = jobs.map((job, index) => {
    const before = stamped[index];
    if (before && 'code' in before) return before;
    return slot(() => over(job, (source) => extend(source, job, before)).catch((error) => failed(job, error)));
  });
  for (const result of results) yield await result;
}

/**
 * Several at once, a result each in their order; nothing is written for one that fails.
 * @param tools their `fetchedSince` is found here
 * @param password opens encrypted files
 */
export async function* extendFiles(
  jobs: readonly FileJob[],
  level: RaisedLevel,
  tools: Omit<RaiseTools, 'fetchedSince'>,
  password?: string,
): AsyncIterable<ExtendResult> {
  for (let from = 0; from < jobs.length; from += FILES_TOGETHER)
    yield* extendTogether(jobs.slice(from, from + FILES_TOGETHER), level, tools, password);
}
