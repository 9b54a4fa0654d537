/** Signs files on disk with a logged-in token: no profile, no store. The input is never touched; the output appears whole. */
import { createHash } from 'node:crypto';
import type { DocMdpLevel, MarkLayout, PlaceBox } from '../pades/index.ts';
import type { TimestampOutcome } from '../pki/index.ts';
import type { Clock } from '../platform/clock.ts';
import { type FileSource, openFileSource, writeWhole } from '../platform/file-source.ts';
import type { TokenBatch } from '../tokens/tokens.ts';
import type { ValidationOptions } from '../validation/index.ts';
import { finish, prepare } from './engine.ts';
import { markLines } from './mark.ts';

export interface FileJob {
  readonly input: string;
  readonly output: string;
}

export interface FileResult extends FileJob {
  /** Undefined when signed; else the code of what went wrong. */
  readonly code: string | undefined;
  readonly sha256: string | undefined;
  readonly prepareMs: number;
  readonly tokenMs: number;
  readonly timestampMs: number;
  readonly writeMs: number;
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
}

class FileSigningError extends Error {
  readonly code: string;
  constructor(code: string) {
    super(`signing: ${code}`);
    this.name = 'FileSigningError';
    this.code = code;
  }
}

const COPY_CHUNK_BYTES = 512 * 1024;

async function writeSigned(source: FileSource, increment: Uint8Array, output: string): Promise<string> {
  const hash = createHash('sha256');
  await writeWhole(output, async (file) => {
    for (let at = 0; at < source.size; at += COPY_CHUNK_BYTES) {
      const chunk = await source.read(at, Math.min(COPY_CHUNK_BYTES, source.size - at));
      hash.update(chunk);
      await file.write(chunk);
    }
    hash.update(increment);
    await file.write(increment);
  });
  return hash.digest('hex');
}

async function signOne(job: FileJob, signing: FileSigning): Promise<FileResult> {
  const { batch, clock } = signing;
  const { certificate, chain, scheme } = batch.key;
  const source = await openFileSource(job.input);
  const signedAt = clock.now();
  const lap = { last: clock.monotonicMs() };
  const elapsed = () => {
    const before = lap.last;
    lap.last = clock.monotonicMs();
    return lap.last - before;
  };
  try {
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
    const { increment, sha256: verified } = await finish(
      source,
      { ...prepared, signature: signed.value, scheme, certificate, chain, timestampToken: stamp?.token },
      signing.validation,
    );
    const sha256 = await writeSigned(source, increment, job.output);
    if (sha256 !== verified) throw new FileSigningError('document-changed');
    return { ...job, code: undefined, sha256, prepareMs, tokenMs, timestampMs, writeMs: elapsed() };
  } finally {
    await source.close();
  }
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' ? code : 'internal';
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
      yield await signOne(job, signing);
    } catch (error) {
      const code = codeOf(error);
      if (TOKEN_ENDS.has(code)) stopped = code;
      yield failed(code);
    }
  }
}
