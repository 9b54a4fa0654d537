/**
 * Any file as CAdES (ETSI EN 319 122-1): into a .p7m, beside it as a .p7s, or beside the signatures that are in a message already.
 * Messages of the inbox are in cades-message.ts.
 */
import { createHash } from 'node:crypto';
import {
  type CadesFrame,
  type CadesMessage,
  cadesAttributesOf,
  digestSource,
  eachChunk,
  frameCades,
  openCades,
  type Source,
  schemeFacts,
  withoutContent,
} from '../pades/index.ts';
import { type DigestName, messageDigestOf, readSignedData, verifyCms } from '../pki/index.ts';
import { writeAll, writeWhole } from '../platform/file-source.ts';
import type { FileCompletion, FileRequest } from './file-request.ts';

export type CadesErrorCode =
  /** The message to sign beside is detached: what it signs is not known. */
  | 'content-missing'
  /** What was named as the content of a detached message is not what its signatures sign, as far as that can be told. */
  | 'content-mismatch'
  | 'verification-failed'
  | (string & {});

export class CadesError extends Error {
  readonly code: CadesErrorCode;
  constructor(code: CadesErrorCode) {
    super(`cades: ${code}`);
    this.name = 'CadesError';
    this.code = code;
  }
}

export interface BegunCades {
  readonly kind: 'cades';
  /** Undefined where the content of a detached message stays beside it. */
  readonly content: Source | undefined;
  readonly existing: Omit<CadesMessage, 'content'> | undefined;
  readonly digest: Uint8Array;
  readonly signedAttributes: Uint8Array;
}

async function openMessage(source: Source, name: string, beside: Source | undefined) {
  if (!/\.p7[ms]$/i.test(name)) return { content: source, existing: undefined, isDetached: false };
  const { message: existing, content } = await openCades(source);
  if (content) return { content, existing, isDetached: false };
  if (!beside) throw new CadesError('content-missing');
  return { content: beside, existing, isDetached: true };
}

/** The digests that the signatures of a message claim of its content. @throws PkiError bad-cms; CadesError content-mismatch */
export function claimedDigests(
  message: Omit<CadesMessage, 'content'>,
): { readonly algorithm: DigestName; readonly digest: Uint8Array }[] {
  const data = readSignedData(withoutContent(message));
  return data.signers.map((signer) => {
    const { algorithm, digest } = messageDigestOf({ ...data, signers: [signer] });
    if (!algorithm || !digest) throw new CadesError('content-mismatch');
    return { algorithm, digest };
  });
}

/**
 * @param name a .p7m or .p7s is signed beside the signatures in it
 * @param beside the content of a detached message; it is not read any more afterwards
 * @throws CadesError; PadesError bad-cms, PkiError bad-cms
 */
export async function beginCades(
  source: Source,
  name: string,
  request: FileRequest,
  beside?: Source,
): Promise<BegunCades> {
  const { content, existing, isDetached } = await openMessage(source, name, beside);
  const claimed = existing && isDetached ? claimedDigests(existing) : [];
  const { hash } = schemeFacts(request.scheme);
  const states = await digestSource(content, [...new Set([hash, ...claimed.map(({ algorithm }) => algorithm)])]);
  const digestBy = (algorithm: string) => (states.get(algorithm) ?? createHash(algorithm)).copy().digest();
  if (claimed.some(({ algorithm, digest }) => Buffer.compare(digestBy(algorithm), digest) !== 0)) {
    throw new CadesError('content-mismatch');
  }
  const digest = digestBy(hash);
  const signedAttributes = cadesAttributesOf(digest, request.certificate, request.signedAt, request.statements);
  return { kind: 'cades', content: isDetached ? undefined : content, existing, digest, signedAttributes };
}

/**
 * Verifies the new signature by our own reader, then writes. Memory does not grow with the content.
 * @returns SHA-256 (hex) of the output. @throws CadesError verification-failed
 */
export async function completeCades(
  begun: BegunCades,
  output: string,
  request: FileRequest,
  completion: FileCompletion,
): Promise<string> {
  const { content, existing, digest, signedAttributes } = begun;
  const { certificate, chain, scheme } = request;
  const { signature, timestampToken } = completion;
  const parts = {
    signedAttributes,
    signature,
    scheme,
    certificate,
    chain,
    ...(timestampToken ? { timestampToken } : {}),
  };
  const alone = frameCades(parts, undefined);
  if (!verifyCms(readSignedData(Buffer.concat([alone.head, alone.tail])), digest).valid) {
    throw new CadesError('verification-failed');
  }
  const within = request.cades === 'detached' ? undefined : content;
  return writeFramed(frameCades(parts, within?.size, existing), within, output);
}

/** The message whole or not at all, its content copied from where it lies. @returns SHA-256 (hex) of what was written */
export async function writeFramed(frame: CadesFrame, content: Source | undefined, output: string): Promise<string> {
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
