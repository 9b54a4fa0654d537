/** Signs files on disk with a logged-in token: no profile, no store. The input is never touched; the output appears whole. */
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import {
  bufferSource,
  type DocMdpLevel,
  eachChunk,
  type MarkLayout,
  onePassSource,
  type PlaceBox,
  type SigningWarning,
  type Source,
} from '../pades/index.ts';
import type { TimestampOutcome } from '../pki/index.ts';
import type { Clock } from '../platform/clock.ts';
import { errorCode } from '../platform/error-code.ts';
import { type FileSource, openFileSource, writeWhole } from '../platform/file-source.ts';
import type { TokenBatch } from '../tokens/tokens.ts';
import { signedRanges, type ValidationOptions } from '../validation/index.ts';
import { finish, prepare } from './engine.ts';
import { markLines } from './mark.ts';
import { type CadesSigning, signCades } from './sign-cades.ts';

export interface FileJob {
  readonly input: string;
  readonly output: string;
}

export interface FileResult extends FileJob {
  /** Undefined when signed; else the code of what went wrong. */
  readonly code: string | undefined;
  readonly sha256: string | undefined;
  /** What was noticed of the file before it was signed, where anything was. */
  readonly warnings?: readonly SigningWarning[];
  readonly prepareMs: number;
  readonly tokenMs: number;
  readonly timestampMs: number;
  readonly writeMs: number;
  /** The timestamp was too large for its room: the file is B-B until a document timestamp is appended. */
  readonly timestampLeftOut?: boolean;
}

export interface FileSigning {
  readonly batch: TokenBatch;
  readonly commonName: string;
  readonly clock: Clock;
  /** Its password opens the files themselves too. */
  readonly validation: ValidationOptions;
  /** Undefined: B-B. */
  readonly timestamp: ((message: Uint8Array) => Promise<TimestampOutcome>) | undefined;
  readonly reason: string;
  readonly fieldName: string | undefined;
  readonly box: PlaceBox | undefined;
  readonly location?: string | undefined;
  readonly image?: Uint8Array | undefined;
  readonly layout?: MarkLayout | undefined;
  readonly certify?: DocMdpLevel | undefined;
  /** Signs as CAdES, whatever the file is. */
  readonly cades?: CadesSigning | undefined;
}

class FileSigningError extends Error {
  readonly code: string;
  constructor(code: string) {
    super(`signing: ${code}`);
    this.name = 'FileSigningError';
    this.code = code;
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) done += (await file.write(bytes.subarray(done))).bytesWritten;
}

/** The source and what is appended, whole or not at all. @returns SHA-256 (hex) of what was written */
export async function writeSigned(source: FileSource, increment: Uint8Array, output: string): Promise<string> {
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

/** Up to this size a file is read whole: a few trips to the disk cost more than its bytes. */
const SMALL_FILE_BYTES = 128 * 1024;

/** One pass over the input: the bytes that are hashed are those that are written. */
function passOver(source: Source, file: FileHandle, { validation }: FileSigning): Source {
  return onePassSource(source, {
    sink: { write: (bytes) => writeAll(file, bytes) },
    ranges: () => signedRanges(source, { password: validation.password }),
  });
}

/** Prepares while the base is written, has it signed, verifies, and writes the rest. */
async function signInto(file: FileHandle, input: Source, signing: FileSigning, elapsed: () => number) {
  const { batch, clock } = signing;
  const { certificate, chain, scheme } = batch.key;
  const signedAt = clock.now();
  const source = passOver(input, file, signing);
  const prepared = await prepare(source, {
    certificate,
    chain,
    scheme,
    signedAt,
    reason: signing.reason,
    box: signing.box,
    location: signing.location,
    image: signing.image,
    layout: signing.layout,
    certify: signing.certify,
    ...(signing.fieldName === undefined ? {} : { fieldName: signing.fieldName }),
    appearanceLines: markLines(signing.commonName, signing.reason, signedAt),
    withTimestamp: signing.timestamp !== undefined,
    expectedSha256: undefined,
    password: signing.validation.password,
  });
  const prepareMs = elapsed();
  const signed = await batch.sign(prepared.signedAttributes);
  if (!signed.ok) throw new FileSigningError(signed.code);
  const tokenMs = elapsed();
  const stamp = await signing.timestamp?.(signed.value);
  if (stamp?.kind === 'unavailable') throw new FileSigningError(`timestamp-${stamp.code}`);
  const timestampMs = elapsed();
  const request = { ...prepared, signature: signed.value, scheme, certificate, chain, timestampToken: stamp?.token };
  const finished = await finish(source, { ...request, mayLeaveTimestampOut: true }, signing.validation);
  const { increment, sha256, timestampLeftOut } = finished;
  await writeAll(file, increment);
  return { code: undefined, sha256, warnings: prepared.warnings, timestampLeftOut, prepareMs, tokenMs, timestampMs };
}

async function signOne(job: FileJob, signing: FileSigning): Promise<FileResult> {
  const { clock } = signing;
  const lap = { last: clock.monotonicMs() };
  const elapsed = () => {
    const before = lap.last;
    lap.last = clock.monotonicMs();
    return lap.last - before;
  };
  const source = await openFileSource(job.input);
  try {
    const isSmall = source.size <= SMALL_FILE_BYTES;
    const input = isSmall ? bufferSource(await source.read(0, source.size)) : source;
    const done = await writeWhole(job.output, (file) => signInto(file, input, signing, elapsed));
    return { ...job, ...done, writeMs: elapsed() };
  } finally {
    await source.close();
  }
}

const TOKEN_ENDS = new Set([
  'pin-incorrect',
  'pin-locked',
  'token-removed',
  'token-absent',
  'module-crashed',
  'module-hung',
]);

/** One after the other, a result each; after the token itself failed the rest is not tried. */
export async function* signFiles(jobs: readonly FileJob[], signing: FileSigning): AsyncIterable<FileResult> {
  let stopped: string | undefined;
  for (const job of jobs) {
    const failed = (code: string): FileResult => ({
      ...job,
      code,
      sha256: undefined,
      prepareMs: 0,
      tokenMs: 0,
      timestampMs: 0,
      writeMs: 0,
    });
    if (stopped !== undefined) {
      yield failed(stopped);
      continue;
    }
    try {
      yield await (signing.cades ? signCades(job, signing) : signOne(job, signing));
    } catch (error) {
      const code = errorCode(error);
      if (TOKEN_ENDS.has(code)) stopped = code;
      yield failed(code);
    }
  }
}
