/** Signs any file as CAdES (ETSI EN 319 122-1) with a logged-in token: into a .p7m, beside it as a .p7s, or beside the signatures in one. */
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import {
  bufferSource,
  type CadesFrame,
  type CadesMessage,
  type CadesValues,
  cadesAttributesOf,
  digestSource,
  eachChunk,
  frameCades,
  readCades,
  type Source,
  schemeFacts,
} from '../pades/index.ts';
import {
  distinct,
  readSignedData,
  type ValidationDataCollector,
  verifyCms,
  verifyTimestampToken,
} from '../pki/index.ts';
import { openFileSource, writeWhole } from '../platform/file-source.ts';
import type { FileJob, FileResult, FileSigning } from './sign-files.ts';

export interface CadesSigning {
  /** The content stays where it is. */
  readonly detached: boolean;
  /** Fetches what B-LT keeps; undefined below it. */
  readonly collector: ValidationDataCollector | undefined;
}

export type CadesErrorCode =
  /** The .p7m to sign beside is detached: what it signs is not known. */
  'content-missing' | 'verification-failed' | 'certificate-revoked' | 'validation-data-incomplete' | (string & {});

export class CadesError extends Error {
  readonly code: CadesErrorCode;
  constructor(code: CadesErrorCode) {
    super(`cades: ${code}`);
    this.name = 'CadesError';
    this.code = code;
  }
}

/** Messages to be signed beside are held in memory. */
const MAX_MESSAGE_BYTES = 256 * 1024 * 1024;

interface Input {
  readonly content: Source;
  readonly existing: CadesMessage | undefined;
}

async function openInput(source: Source, path: string): Promise<Input> {
  if (!/\.p7m$/i.test(path)) return { content: source, existing: undefined };
  if (source.size > MAX_MESSAGE_BYTES) throw new CadesError('limit');
  const existing = readCades(await source.read(0, source.size));
  if (!existing.content) throw new CadesError('content-missing');
  return { content: bufferSource(existing.content), existing };
}

type Parts = Parameters<typeof frameCades>[0];

/** The data of the signer and of the timestamp's authority (B-LT). */
async function valuesFor(parts: Parts, { cades, validation, clock }: FileSigning): Promise<CadesValues | undefined> {
  if (!cades?.collector) return undefined;
  const stamp = parts.timestampToken && verifyTimestampToken(parts.timestampToken, parts.signature);
  const leaves = [
    { leaf: parts.certificate, known: parts.chain },
    ...(stamp?.certificate ? [{ leaf: stamp.certificate, known: [...stamp.certificates, ...parts.chain] }] : []),
  ];
  const at = stamp?.at ?? clock.now();
  const { collector } = cades;
  const { anchors } = validation;
  const fetchedSince = clock.now();
  const all = await Promise.all(leaves.map((one) => collector.collect({ ...one, anchors, at, fetchedSince })));
  const problems = all.flatMap((one) => one.problems);
  if (problems.some(({ code }) => code === 'revoked')) throw new CadesError('certificate-revoked');
  if (problems.length > 0) throw new CadesError('validation-data-incomplete');
  return {
    certificates: distinct(all.flatMap(({ certificates }) => certificates)),
    ocsps: distinct(all.flatMap(({ ocsps }) => ocsps)),
    lists: distinct(all.flatMap(({ lists }) => lists)),
  };
}

/** The new signature, by our own reader, before anything is written. */
function verify(parts: Parts, digest: Uint8Array): void {
  const { head, tail } = frameCades(parts, undefined);
  const data = readSignedData(Buffer.concat([head, tail]));
  if (!verifyCms(data, digest).valid) throw new CadesError('verification-failed');
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) done += (await file.write(bytes.subarray(done))).bytesWritten;
}

async function writeMessage(output: string, frame: CadesFrame, content: Source | undefined): Promise<string> {
  const hash = createHash('sha256');
  await writeWhole(output, async (file) => {
    const put = (bytes: Uint8Array) => {
      hash.update(bytes);
      return writeAll(file, bytes);
    };
    await put(frame.head);
    if (content) await eachChunk(content, 0, content.size, put);
    await put(frame.tail);
  });
  return hash.digest('hex');
}

async function signContent(job: FileJob, { content, existing }: Input, signing: FileSigning, elapsed: () => number) {
  const { batch, clock, cades } = signing;
  const { certificate, chain, scheme } = batch.key;
  const { hash } = schemeFacts(scheme);
  const state = (await digestSource(content, [hash])).get(hash) ?? createHash(hash);
  const digest = state.copy().digest();
  const signedAttributes = cadesAttributesOf(digest, certificate, clock.now());
  const prepareMs = elapsed();
  const signed = await batch.sign(signedAttributes);
  if (!signed.ok) throw new CadesError(signed.code);
  const tokenMs = elapsed();
  const stamp = await signing.timestamp?.(signed.value);
  if (stamp?.kind === 'unavailable') throw new CadesError(`timestamp-${stamp.code}`);
  const parts: Parts = {
    signedAttributes,
    signature: signed.value,
    scheme,
    certificate,
    chain,
    ...(stamp ? { timestampToken: stamp.token } : {}),
  };
  const timestampMs = elapsed();
  verify(parts, digest);
  const detached = cades?.detached === true;
  const values = await valuesFor(parts, signing);
  const frame = frameCades(parts, detached ? undefined : content.size, existing, values);
  const sha256 = await writeMessage(job.output, frame, detached ? undefined : content);
  return { prepareMs, tokenMs, timestampMs, sha256 };
}

/** Memory does not grow with the content, but for a message signed beside. @throws CadesError; PadesError bad-cms */
export async function signCades(job: FileJob, signing: FileSigning): Promise<FileResult> {
  const { clock } = signing;
  const lap = { last: clock.monotonicMs() };
  const elapsed = () => {
    const before = lap.last;
    lap.last = clock.monotonicMs();
    return lap.last - before;
  };
  const source = await openFileSource(job.input);
  try {
    const done = await signContent(job, await openInput(source, job.input), signing, elapsed);
    return { ...job, code: undefined, ...done, writeMs: elapsed() };
  } finally {
    await source.close();
  }
}
