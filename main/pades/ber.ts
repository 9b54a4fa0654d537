/** BER with indefinite lengths and octet strings in segments (X.690, 8.1.3.6 and 8.7.3) made definite, as streaming writers leave it. */
import { element, tags } from './der.ts';
import { PadesError } from './prepared-signature.ts';

const MAX_DEPTH = 32;
const CONSTRUCTED = 0x20;

interface Made {
  readonly bytes: Uint8Array;
  /** Offset past the element that was read. */
  readonly end: number;
}

const bad = () => new PadesError('bad-cms', 'encoding');

/** Start and length of the contents; length undefined for an indefinite one. @throws PadesError bad-cms */
export function lengthAt(bytes: Uint8Array, at: number): { start: number; length: number | undefined } {
  const first = bytes[at + 1];
  if (first === undefined) throw bad();
  if (first < 0x80) return { start: at + 2, length: first };
  if (first === 0x80) return { start: at + 2, length: undefined };
  let length = 0;
  for (let i = 0; i < (first & 0x7f); i++) length = length * 256 + (bytes[at + 2 + i] ?? Number.NaN);
  if ((first & 0x7f) > 6 || !Number.isSafeInteger(length)) throw bad();
  return { start: at + 2 + (first & 0x7f), length };
}

function convert(bytes: Uint8Array, at: number, depth: number): Made {
  const tag = bytes[at];
  if (tag === undefined || (tag & 0x1f) === 0x1f || depth > MAX_DEPTH) throw bad();
  const { start, length } = lengthAt(bytes, at);
  const constructed = (tag & CONSTRUCTED) !== 0;
  // What is definite is kept as it is, down to its last byte: hashes were made over it.
  if (length !== undefined && tag !== (tags.octetString | CONSTRUCTED) && !holdsIndefinite(bytes, start, length, tag)) {
    if (start + length > bytes.length) throw bad();
    return { bytes: bytes.subarray(at, start + length), end: start + length };
  }
  if (!constructed) throw bad();
  const parts: Uint8Array[] = [];
  const limit = length === undefined ? bytes.length : start + length;
  let next = start;
  while (length === undefined ? bytes[next] !== 0 || bytes[next + 1] !== 0 : next < limit) {
    if (next >= limit) throw bad();
    const made = convert(bytes, next, depth + 1);
    parts.push(made.bytes);
    next = made.end;
  }
  const end = length === undefined ? next + 2 : next;
  if (tag !== (tags.octetString | CONSTRUCTED)) return { bytes: element(tag, ...parts), end };
  return { bytes: element(tags.octetString, ...parts.map(contentsOf)), end };
}

/** Only the outer shells of a message are written as a stream: a definite constructed one is looked into for its first child. */
function holdsIndefinite(bytes: Uint8Array, start: number, length: number, tag: number): boolean {
  return (
    (tag & CONSTRUCTED) !== 0 && length > 0 && bytes[start + 1] === 0x80 && ((bytes[start] ?? 0) & CONSTRUCTED) !== 0
  );
}

function contentsOf(octets: Uint8Array): Uint8Array {
  const { start } = lengthAt(octets, 0);
  return octets.subarray(start);
}

/** @throws PadesError bad-cms where it is no element, or bytes follow it */
export function toDefinite(bytes: Uint8Array): Uint8Array {
  const made = convert(bytes, 0, 0);
  if (made.end !== bytes.length) throw bad();
  return made.bytes;
}
