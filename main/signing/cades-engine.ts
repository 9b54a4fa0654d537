/** Any file as CAdES (ETSI EN 319 122-1): into a .p7m, beside it as a .p7s, or beside the signatures that are in a message already. */
import { createHash } from 'node:crypto';
import {
  bufferSource,
  type CadesMessage,
  cadesAttributesOf,
  digestSource,
  eachChunk,
  frameCades,
  readCades,
  type Source,
  schemeFacts,
} from '../pades/index.ts';
import { readSignedData, verifyCms } from '../pki/index.ts';
import { writeAll, writeWhole } from '../platform/file-source.ts';
import type { FileCompletion, FileRequest } from './file-request.ts';

export type CadesErrorCode =
  /** The message to sign beside is detached: what it signs is not known. */
  'content-missing' | 'verification-failed' | 'certificate-revoked' | 'validation-data-incomplete' | (string & {});

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
  readonly content: Source;
  readonly existing: CadesMessage | undefined;
  readonly digest: Uint8Array;
  readonly signedAttributes: Uint8Array;
}

/** Messages to be signed beside are held in memory. */
const MAX_MESSAGE_BYTES = 256 * 1024 * 1024;

async function openMessage(source: Source, name: string) {
  if (!/\.p7m$/i.test(name)) return { content: source, existing: undefined };
  if (source.size > MAX_MESSAGE_BYTES) throw new CadesError('limit');
  const existing = readCades(await source.read(0, source.size));
  if (!existing.content) throw new CadesError('content-missing');
  return { content: bufferSource(existing.content), existing };
}

/** @param name a .p7m is signed beside the signatures in it. @throws CadesError; PadesError bad-cms */
export async function beginCades(source: Source, name: string, request: FileRequest): Promise<BegunCades> {
  const { content, existing } = await openMessage(source, name);
  const { hash } = schemeFacts(request.scheme);
  const state = (await digestSource(content, [hash])).get(hash) ?? createHash(hash);
  const digest = state.copy().digest();
  const signedAttributes = cadesAttributesOf(digest, request.certificate, request.signedAt, request.statements);
  return { kind: 'cades', content, existing, digest, signedAttributes };
}

/**
 * Verifies the new signature by our own reader, then writes. Memory does not grow with the content, but for a message signed beside.
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
  const { signature, timestampToken, values } = completion;
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
  const frame = frameCades(parts, within?.size, existing, values);
  const hash = createHash('sha256');
  await writeWhole(output, async (file) => {
    const put = (bytes: Uint8Array) => {
      hash.update(bytes);
      return writeAll(file, bytes);
    };
    await put(frame.head);
    if (within) await eachChunk(within, 0, within.size, put);
    await put(frame.tail);
  });
  return hash.digest('hex');
}
