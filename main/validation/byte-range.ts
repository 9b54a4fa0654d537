/**
 * Whether a signature's byte range is what it may be (ISO 32000-2, 12.8.1; EN 319 142-1, 4.2): from the file's start, around exactly
 * the /Contents string of its own dictionary, to the end of a revision. Every other shape leaves room for bytes nobody signed.
 */
import type { EmbeddedSignature, Source } from '../pades/index.ts';

/** Bytes [0, gapStart) and [gapEnd, end) of the file. */
export interface SignedRange {
  readonly gapStart: number;
  readonly gapEnd: number;
  readonly end: number;
}

export type ByteRangeProblem =
  /** Not four whole numbers that start at 0 and leave one gap. */
  | 'byte-range-shape'
  | 'byte-range-past-end'
  /** The gap is not the place of this signature's own /Contents. */
  | 'byte-range-gap'
  /** The gap holds anything but one hex string with this signature's bytes. */
  | 'contents-mismatch'
  /** The range ends inside a revision: what follows in that revision is not signed. */
  | 'byte-range-ends-early';

const maxGapBytes = 32 * 1024 * 1024;

/** What the numbers and places alone say: the gap's bytes are not looked at. */
export function rangeShape(signature: EmbeddedSignature, size: number): SignedRange | ByteRangeProblem {
  const { byteRange, contentsPlace, revisionEnd } = signature;
  const [start, gapStart, gapEnd, length] = byteRange;
  if (byteRange.length !== 4 || !byteRange.every((n) => Number.isSafeInteger(n) && n >= 0)) return 'byte-range-shape';
  if (start !== 0 || gapStart === undefined || gapEnd === undefined || length === undefined) return 'byte-range-shape';
  if (gapStart === 0 || gapEnd <= gapStart || length === 0) return 'byte-range-shape';
  const end = gapEnd + length;
  if (end > size) return 'byte-range-past-end';
  if (contentsPlace?.offset !== gapStart || contentsPlace.offset + contentsPlace.length !== gapEnd) {
    return 'byte-range-gap';
  }
  if (end !== size && end !== revisionEnd) return 'byte-range-ends-early';
  return { gapStart, gapEnd, end };
}

/** A hex string as it lies in the file, decoded; undefined where it holds more than digits and white space. */
function decodeHexString(bytes: Uint8Array): Uint8Array | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  if (text.startsWith('<') && text.endsWith('>') && text.length > 2) {
    // Node decodes up to the first character that is no digit: all of it, and there was none.
    const plain = Buffer.from(text.slice(1, -1), 'hex');
    if (plain.length * 2 === text.length - 2) return plain;
  }
  const digits = /^<([0-9A-Fa-f\s\0]*)>$/.exec(text)?.[1]?.replace(/[\s\0]/g, '');
  return digits === undefined ? undefined : Buffer.from(digits.length % 2 === 0 ? digits : `${digits}0`, 'hex');
}

function isZero(bytes: Uint8Array): boolean {
  for (const octet of bytes) if (octet !== 0) return false;
  return true;
}

/** True when the decoded gap is the signature's bytes and zeros. */
function holds(decoded: Uint8Array, contents: Uint8Array): boolean {
  const [head, padding] = [decoded.subarray(0, contents.length), decoded.subarray(contents.length)];
  return Buffer.compare(head, contents) === 0 && isZero(padding);
}

/** The range that is signed, or what is wrong with it. Reads the gap and nothing else. */
export async function checkByteRange(
  source: Source,
  signature: EmbeddedSignature,
): Promise<SignedRange | ByteRangeProblem> {
  const shape = rangeShape(signature, source.size);
  if (typeof shape === 'string') return shape;
  const length = shape.gapEnd - shape.gapStart;
  if (length > maxGapBytes) return 'contents-mismatch';
  const decoded = decodeHexString(await source.read(shape.gapStart, length));
  return decoded && holds(decoded, signature.contents) ? shape : 'contents-mismatch';
}
