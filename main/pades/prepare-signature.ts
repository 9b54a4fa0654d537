/** Base to prepared signature: the increment is made first, then one pass over the base gives both digests. */
import { createHash, type Hash } from 'node:crypto';
import { openDocument, type PlacedSignature, placeSignature, type Source } from '../pdf/index.ts';
import { schemeFacts } from './algorithms.ts';
import { certificateParts } from './certificate-parts.ts';
import { estimateCmsBytes } from './cms.ts';
import { asPadesError } from './pades-error.ts';
import type { PreparedSignature, SignatureSpec } from './prepared-signature.ts';
import { signedAttributesOf } from './signed-attributes.ts';

const CHUNK_BYTES = 256 * 1024;

/** Feeds the whole source to the hashes; the next chunk is on its way while one is hashed. */
async function digestSource(source: Source, hashes: readonly Hash[]): Promise<void> {
  const { size } = source;
  const chunk = (offset: number) => source.read(offset, Math.min(CHUNK_BYTES, size - offset));
  let pending = chunk(0);
  for (let offset = 0; offset < size; offset += CHUNK_BYTES) {
    const bytes = await pending;
    const next = offset + CHUNK_BYTES;
    if (next < size) pending = chunk(next);
    for (const hash of hashes) hash.update(bytes);
  }
}

/** The base is a prefix of the byte range, so with SHA-256 one state serves both. */
async function digests(source: Source, placed: PlacedSignature, hashName: string) {
  const base = createHash('sha256');
  const other = hashName === 'sha256' ? undefined : createHash(hashName);
  await digestSource(source, other ? [base, other] : [base]);
  const range = other ?? base.copy();
  const { increment, gap } = placed;
  range.update(increment.subarray(0, gap.offset - 1));
  range.update(increment.subarray(gap.offset + gap.length + 1));
  return { baseSha256: base.digest('hex'), messageDigest: range.digest() };
}

/**
 * Finds or makes the field and prepares one increment with a gap for the CMS. Memory does not grow with the source.
 * @throws PadesError; whatever the source throws
 */
export async function prepareSignature(source: Source, spec: SignatureSpec): Promise<PreparedSignature> {
  const contentsBytes = estimateCmsBytes(spec);
  const placed = await place(source, spec, contentsBytes).catch((error: unknown) => {
    throw asPadesError(error);
  });
  const { baseSha256, messageDigest } = await digests(source, placed, schemeFacts(spec.scheme).hash);
  return {
    ...placed,
    baseSize: source.size,
    signedAttributes: signedAttributesOf(messageDigest, spec.certificate),
    baseSha256,
  };
}

async function place(source: Source, spec: SignatureSpec, contentsBytes: number): Promise<PlacedSignature> {
  const document = await openDocument(source, { password: spec.password });
  return placeSignature(document, {
    target: spec.field,
    contentsBytes,
    lines: spec.appearanceLines,
    mark: spec.mark,
    certify: spec.certify,
    offer: {
      digestMethod: schemeFacts(spec.scheme).hash,
      hasTimestamp: spec.timestampReserveBytes > 0,
      certificates: [spec.certificate, ...spec.chain],
    },
    entries: {
      subFilter: 'ETSI.CAdES.detached',
      signedAt: spec.signedAt,
      name: certificateParts(spec.certificate).commonName,
      reason: spec.reason,
      location: spec.location,
    },
  });
}
