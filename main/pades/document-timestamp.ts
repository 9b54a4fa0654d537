/** A document timestamp as one increment (EN 319 142-1, 5.4.3; ISO 32000-2, 12.8.5). */
import { createHash } from 'node:crypto';
import { type OpenOptions, openDocument, placeSignature, type Source } from '../pdf/index.ts';
import { digestSource } from './digest-source.ts';
import { asPadesError } from './pades-error.ts';

export interface PreparedTimestamp {
  /** Bytes appended to the base; the gap is still zeros, to be filled by `fillGap`. */
  readonly increment: Uint8Array;
  readonly baseSize: number;
  readonly byteRange: readonly [number, number, number, number];
  /** The gap's hex digits, relative to the increment's start. */
  readonly gap: { readonly offset: number; readonly length: number };
  readonly fieldName: string;
  /** SHA-256 of the byte range: what is to be stamped. */
  readonly sha256: Uint8Array;
  /** SHA-256 (hex) of the base, of the same pass. */
  readonly baseSha256: string;
}

/**
 * Allowed on every document, certified against all changes or not (ISO 32000-2, 12.8.2.2). Memory does not grow with the source.
 * @param reserveBytes room for the token, bytes
 * @throws PadesError not-a-pdf, damaged, encrypted, password-needed, limit, page-not-found; whatever the source throws
 */
export async function prepareDocumentTimestamp(
  source: Source,
  reserveBytes: number,
  options: OpenOptions = {},
): Promise<PreparedTimestamp> {
  const placed = await place(source, reserveBytes, options).catch((error: unknown) => {
    throw asPadesError(error);
  });
  const { increment, byteRange, gap, fieldName } = placed;
  const base = ((await digestSource(source, ['sha256'])).get('sha256') ?? createHash('sha256')).copy();
  const range = base.copy();
  range.update(increment.subarray(0, gap.offset - 1));
  range.update(increment.subarray(gap.offset + gap.length + 1));
  return {
    increment,
    baseSize: source.size,
    byteRange,
    gap,
    fieldName,
    sha256: new Uint8Array(range.digest()),
    baseSha256: base.digest('hex'),
  };
}

async function place(source: Source, contentsBytes: number, options: OpenOptions) {
  return placeSignature(await openDocument(source, options), {
    target: { kind: 'new-invisible' },
    contentsBytes,
    lines: [],
    entries: {
      type: 'DocTimeStamp',
      subFilter: 'ETSI.RFC3161',
      signedAt: undefined,
      name: undefined,
      reason: undefined,
      location: undefined,
    },
  });
}
