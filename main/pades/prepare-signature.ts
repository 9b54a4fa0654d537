/** Base to prepared signature: the increment is made first, then one pass over the base gives both digests. */
import { createHash } from 'node:crypto';
import { openDocument, type PlacedSignature, placeSignature, type Source } from '../pdf/index.ts';
import { schemeFacts } from './algorithms.ts';
import { certificateParts } from './certificate-parts.ts';
import { estimateCmsBytes } from './cms.ts';
import { digestSource } from './digest-source.ts';
import { asPadesError } from './pades-error.ts';
import type { PreparedSignature, SignatureSpec } from './prepared-signature.ts';
import { signedAttributesOf } from './signed-attributes.ts';
import { checkReasonAllowed } from './signer-statements.ts';

/** The base is a prefix of the byte range, so with SHA-256 one state serves both. */
async function digests(source: Source, placed: PlacedSignature, hashName: string) {
  const states = await digestSource(source, ['sha256', hashName]);
  const base = (states.get('sha256') ?? createHash('sha256')).copy();
  const range = (states.get(hashName) ?? createHash(hashName)).copy();
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
  checkReasonAllowed(spec.reason, spec.statements ?? {});
  const contentsBytes = estimateCmsBytes(spec);
  const placed = await place(source, spec, contentsBytes).catch((error: unknown) => {
    throw asPadesError(error);
  });
  const { baseSha256, messageDigest } = await digests(source, placed, schemeFacts(spec.scheme).hash);
  return {
    ...placed,
    baseSize: source.size,
    signedAttributes: signedAttributesOf(messageDigest, spec.certificate, spec.statements),
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
