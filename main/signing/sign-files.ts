/**
 * Signs files with a logged-in token: no profile, no store. Preparing, signing and writing overlap, so that the token is never waited for;
 * the input is never touched and each output appears whole.
 */
import type { DocMdpLevel, MarkLayout, PlaceBox, SignerStatements, SigningWarning } from '../pades/index.ts';
import type { TimestampOutcome } from '../pki/index.ts';
import type { Clock } from '../platform/clock.ts';
import { errorCode } from '../platform/error-code.ts';
import type { TokenBatch } from '../tokens/tokens.ts';
import type { ValidationOptions } from '../validation/index.ts';
import type { FileEngine } from './file-engine.ts';
import { limiter, type Slot } from './limiter.ts';

export interface FileJob<Input = string> {
  readonly input: Input;
  readonly output: string;
  /** What a detached message to be signed again signs. */
  readonly beside?: Input | undefined;
  /** Of this file alone, in place of the batch's. */
  readonly own?: Partial<Pick<FileSigning<Input>, 'reason' | 'fieldName' | 'box' | 'password'>>;
}

export interface FileResult<Input = string> extends FileJob<Input> {
  /** Undefined when signed as asked; else the code of what went wrong. */
  readonly code: string | undefined;
  /** Of the output; set with a `code` too where the signature is kept at a lower level: a timestamp that cannot be had costs no signature. */
  readonly sha256: string | undefined;
  /** What was noticed of the file before it was signed, where anything was. */
  readonly warnings?: readonly SigningWarning[];
  readonly prepareMs: number;
  readonly tokenMs: number;
  readonly timestampMs: number;
  readonly writeMs: number;
  /** Of `writeMs`: until the disk had it for good. */
  readonly syncMs?: number;
  /** The timestamp was too large for its room: the file is B-B until a document timestamp is appended. */
  readonly timestampLeftOut?: boolean;
}

export interface FileSigning<Input = string> {
  readonly engine: FileEngine<Input>;
  readonly batch: TokenBatch;
  readonly commonName: string;
  readonly clock: Clock;
  readonly validation: Omit<ValidationOptions, 'password'>;
  /** Undefined: B-B. */
  readonly timestamp: ((message: Uint8Array) => Promise<TimestampOutcome>) | undefined;
  readonly reason: string;
  readonly fieldName: string | undefined;
  readonly box: PlaceBox | undefined;
  /** Opens encrypted files. */
  readonly password?: string | undefined;
  readonly location?: string | undefined;
  readonly image?: Uint8Array | undefined;
  readonly layout?: MarkLayout | undefined;
  readonly template?: string | undefined;
  readonly role?: string | undefined;
  readonly certify?: DocMdpLevel | undefined;
  /** Commitment, location and policy, signed along. */
  readonly statements?: SignerStatements | undefined;
  /** Damaged files that carry no signature are written anew, then signed. */
  readonly rewrite?: boolean | undefined;
  /** Signs as CAdES, whatever the file is. */
  readonly cades?: 'attached' | 'detached' | undefined;
  /** Aborted by whoever wants no further signature; its reason is the code of the files that get none. */
  readonly stop?: AbortSignal | undefined;
}

class FileSigningError extends Error {
  readonly code: string;
  constructor(code: string) {
    super(`signing: ${code}`);
    this.name = 'FileSigningError';
    this.code = code;
  }
}

/**
 * One request at the token, the rest on their way to it: a token that is quick answers half of them in the time it takes to prepare the next few
 * and to write those before.
 */
const AT_THE_TOKEN = 32;
const AT_THE_AUTHORITY = 16;
/** Those prepared ahead, those at the token, those that the disk has not written yet. */
const UNDER_WAY = 64;

interface Slots {
  readonly token: Slot;
  readonly authority: Slot;
}

/** The code it was stopped with. */
const codeOf = (stop: AbortSignal): string | undefined => (stop.aborted ? String(stop.reason) : undefined);

/** What is on its way to the token when all is stopped is taken back; what the token is at comes to its end. */
async function askToken(batch: TokenBatch, message: Uint8Array, stop: AbortSignal): Promise<Uint8Array> {
  const stopped = codeOf(stop);
  if (stopped !== undefined) throw new FileSigningError(stopped);
  const signed = await batch.sign(message, stop);
  if (signed.ok) return signed.value;
  throw new FileSigningError(signed.code === 'cancelled' ? (codeOf(stop) ?? signed.code) : signed.code);
}

async function signOne<I>(
  job: FileJob<I>,
  signing: FileSigning<I>,
  slots: Slots,
  stop: AbortSignal,
): Promise<FileResult<I>> {
  const { engine, batch, clock, cades, commonName, location, image, layout, certify, validation } = signing;
  const { template, role } = signing;
  const { reason, fieldName, box, password } = { ...signing, ...job.own };
  const { certificate, chain, scheme } = batch.key;
  let last = clock.monotonicMs();
  const elapsed = () => {
    const before = last;
    last = clock.monotonicMs();
    return last - before;
  };
  const request = {
    ...{
      certificate,
      chain,
      scheme,
      commonName,
      reason,
      fieldName,
      box,
      location,
      image,
      layout,
      certify,
      password,
      template,
      role,
    },
    signedAt: clock.now(),
    withTimestamp: signing.timestamp !== undefined,
    rewrite: signing.rewrite,
    statements: signing.statements,
    cades,
  };
  const begun = await engine.begin(job.input, job.output, request, job.beside);
  try {
    const prepareMs = elapsed();
    const signature = await slots.token(() => askToken(batch, begun.signedAttributes, stop));
    const tokenMs = elapsed();
    const { timestamp } = signing;
    const stamp = timestamp && (await slots.authority(() => timestamp(signature)));
    const missing = stamp?.kind === 'unavailable' ? (`timestamp-${stamp.code}` as const) : undefined;
    const timestampToken = stamp?.kind === 'granted' ? stamp.token : undefined;
    const timestampMs = elapsed();
    const completion = { signature, timestampToken };
    const done = await engine.complete(begun.id, completion, { ...validation, password });
    const facts = { ...done, ...(cades ? {} : { warnings: begun.warnings }) };
    return { ...job, code: missing, ...facts, prepareMs, tokenMs, timestampMs, writeMs: elapsed() };
  } catch (error) {
    await engine.abandon(begun.id);
    throw error;
  }
}

const TOKEN_ENDS = new Set([
  'pin-incorrect',
  'pin-locked',
  'token-removed',
  'token-absent',
  'module-crashed',
  'module-hung',
  'login-required',
]);

const failed = <I>(job: FileJob<I>, code: string): FileResult<I> => ({
  ...job,
  code,
  sha256: undefined,
  prepareMs: 0,
  tokenMs: 0,
  timestampMs: 0,
  writeMs: 0,
});

/** A result each, as they come about; after the token itself failed no further file is begun. */
export async function* signFiles<I>(
  jobs: readonly FileJob<I>[],
  signing: FileSigning<I>,
): AsyncIterable<FileResult<I>> {
  const own = new AbortController();
  const stop = signing.stop ? AbortSignal.any([own.signal, signing.stop]) : own.signal;
  const ready: FileResult<I>[] = [];
  let wake: (() => void) | undefined;
  const tell = (result: FileResult<I>) => {
    ready.push(result);
    wake?.();
  };
  const run = async (job: FileJob<I>) => {
    const stopped = codeOf(stop);
    if (stopped !== undefined) return tell(failed(job, stopped));
    try {
      tell(await signOne(job, signing, slots, stop));
    } catch (error) {
      const code = errorCode(error);
      if (TOKEN_ENDS.has(code)) own.abort(code);
      tell(failed(job, code));
    }
  };
  const slots = { token: limiter(AT_THE_TOKEN), authority: limiter(AT_THE_AUTHORITY) };
  const slot = limiter(UNDER_WAY);
  const running = Promise.all(jobs.map((job) => slot(() => run(job))));
  try {
    for (let told = 0; told < jobs.length; told++) {
      if (ready.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = undefined;
      }
      const result = ready.shift();
      if (result) yield result;
    }
  } finally {
    // Whoever stops listening wants no more of them; what is under way comes to its end.
    own.abort('cancelled');
    await running;
  }
}
