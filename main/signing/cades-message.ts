/**
 * A document of the inbox as CAdES (ETSI EN 319 122-1): a .p7m around the document, or around the content of the .p7m that an
 * earlier signer made of it, with a signature more in parallel. Messages are held in memory.
 */
import { createHash } from 'node:crypto';
import type { SignatureScheme } from '../../native/token-port.ts';
import type { ValidationReport } from '../../preload/model.ts';
import {
  bufferSource,
  type CadesMessage,
  cadesAttributesOf,
  digestSource,
  frameCades,
  frameMessage,
  openCades,
  type SignerStatements,
  type Source,
  schemeFacts,
  sha256Of,
  withoutContent,
  withSignature,
} from '../pades/index.ts';
import { PkiError, readSignedData } from '../pki/index.ts';
import { isMessage } from '../platform/signed-message.ts';
import { type ValidationOptions, validateCms } from '../validation/index.ts';
import { CadesError } from './cades-engine.ts';

export interface MessageRequest {
  readonly certificate: Uint8Array;
  readonly scheme: SignatureScheme;
  /** Epoch ms. */
  readonly signedAt: number;
  /** The bytes the person saw; other bytes are refused before anything is made. */
  readonly expectedSha256: string;
  readonly statements?: SignerStatements | undefined;
}

export interface PreparedMessage {
  readonly signedAttributes: Uint8Array;
  readonly baseSha256: string;
  readonly baseSize: number;
}

export interface MessageParts {
  readonly signedAttributes: Uint8Array;
  readonly signature: Uint8Array;
  readonly scheme: SignatureScheme;
  readonly certificate: Uint8Array;
  readonly chain: readonly Uint8Array[];
  readonly timestampToken: Uint8Array | undefined;
}

/** Messages are made in memory. */
const MAX_MESSAGE_BYTES = 256 * 1024 * 1024;
/** Left for certificates and signatures, so that what is made of the largest document is no larger than what is read. */
const ROOM_BYTES = 1024 * 1024;

/** What is signed, and the message that stands around it already. */
async function openBase(base: Source) {
  if (base.size > MAX_MESSAGE_BYTES - ROOM_BYTES) throw new CadesError('limit');
  if (!(await isMessage(base))) return { content: base, existing: undefined };
  const { message: existing, content } = await openCades(base);
  if (!content) throw new CadesError('content-missing');
  return { content, existing };
}

/** Whatever would keep the finished message from being verified is found before the token is asked. */
function checkSigners(existing: Omit<CadesMessage, 'content'>): void {
  try {
    if (readSignedData(withoutContent(existing)).signers.length > 0) return;
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
  }
  throw new CadesError('bad-cms');
}

/** @throws CadesError document-changed, content-missing, bad-cms, limit; PadesError bad-cms */
export async function prepareMessage(base: Source, request: MessageRequest): Promise<PreparedMessage> {
  const { content, existing } = await openBase(base);
  if (existing) checkSigners(existing);
  const baseSha256 = await sha256Of(base);
  if (baseSha256 !== request.expectedSha256) throw new CadesError('document-changed');
  const { hash } = schemeFacts(request.scheme);
  const digest = ((await digestSource(content, [hash])).get(hash) ?? createHash(hash)).copy().digest();
  const signedAttributes = cadesAttributesOf(digest, request.certificate, request.signedAt, request.statements);
  return { signedAttributes, baseSha256, baseSize: base.size };
}

const cmsParts = ({ timestampToken, ...signed }: MessageParts) => ({
  ...signed,
  ...(timestampToken ? { timestampToken } : {}),
});

/**
 * The message with the new signature in it and without its content, to be raised before it is finished.
 * @throws CadesError content-missing, limit; PadesError bad-cms
 */
export async function assembleMessage(base: Source, request: MessageParts): Promise<Uint8Array> {
  const { existing } = await openBase(base);
  return withoutContent(withSignature(cmsParts(request), existing));
}

const countSound = ({ signatures }: ValidationReport) =>
  signatures.filter(({ integrity, cms }) => integrity === 'intact' && cms === 'valid').length;

/**
 * Assembles and re-verifies: the new signature by itself over the content, then the whole message, in which every signature that
 * verified before must verify still.
 * @param raised the message as `assembleMessage` made it, with what was added since
 * @throws CadesError verification-failed, earlier-signature-broken; PadesError bad-cms
 */
export async function finishMessage(
  base: Source,
  request: MessageParts,
  { anchors, at }: ValidationOptions,
  raised?: Uint8Array,
): Promise<{ readonly message: Uint8Array; readonly sha256: string }> {
  const { content, existing } = await openBase(base);
  const parts = cmsParts(request);
  const beside = frameCades(parts, undefined);
  const alone = await validateCms(bufferSource(Buffer.concat([beside.head, beside.tail])), content, { anchors, at });
  const [own] = alone.signatures;
  if (!alone.valid || !own || own.level === 'none' || own.timestamp === 'invalid') {
    throw new CadesError('verification-failed');
  }
  const whole = raised ? (await openCades(bufferSource(raised))).message : withSignature(parts, existing);
  const { head, tail } = frameMessage(whole, content.size);
  const message = new Uint8Array(Buffer.concat([head, await content.read(0, content.size), tail]));
  const after = await validateCms(bufferSource(message), undefined, { anchors, at });
  const before = existing ? await validateCms(base, undefined, { anchors, at }) : undefined;
  if (after.signatures.length !== (before?.signatures.length ?? 0) + 1) throw new CadesError('verification-failed');
  if (countSound(after) !== (before ? countSound(before) : 0) + 1) throw new CadesError('earlier-signature-broken');
  return { message, sha256: createHash('sha256').update(message).digest('hex') };
}
