/** DER by hand (ITU-T X.690): the writer for the signing path, where it costs microseconds, and a reader that walks elements. */

export const tags = {
  integer: 0x02,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  ia5String: 0x16,
  sequence: 0x30,
  set: 0x31,
} as const;

function lengthBytes(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 | bytes.length, ...bytes];
}

/** Tag and shortest length of an element whose contents are `length` bytes. */
export const header = (tag: number, length: number): Uint8Array =>
  length < 0x80 ? Uint8Array.of(tag, length) : Uint8Array.of(tag, ...lengthBytes(length));

/** Bytes that stand end to end and are not copied together yet: what is nested deep is copied once, not once a level. */
export type Pieces = readonly Uint8Array[];

export function lengthOf(pieces: Pieces): number {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  return length;
}

export function joined(pieces: Pieces): Uint8Array {
  const out = new Uint8Array(lengthOf(pieces));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}

/** One element: tag, shortest length, contents end to end. */
export const wrapped = (tag: number, contents: Pieces): Pieces => [header(tag, lengthOf(contents)), ...contents];

/** As `wrapped`, copied together. */
export const element = (tag: number, ...contents: Pieces): Uint8Array => joined(wrapped(tag, contents));

export const sequence = (...contents: Pieces): Uint8Array => element(tags.sequence, ...contents);
export const octetString = (bytes: Uint8Array): Uint8Array => element(tags.octetString, bytes);
export const nullValue = (): Uint8Array => element(tags.null);

/** Sorted by encoding (X.690, 11.6). */
const inOrder = (items: Pieces): Pieces => (items.length < 2 ? items : items.toSorted((a, b) => Buffer.compare(a, b)));

/** @param tag 0x31, or an implicit one */
export const setPieces = (items: Pieces, tag: number = tags.set): Pieces => wrapped(tag, inOrder(items));

/** As `setPieces`, copied together. */
export const setOf = (items: Pieces, tag: number = tags.set): Uint8Array => joined(setPieces(items, tag));

/** @param value 0 to 2^31 - 1 */
export function integer(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  if (bytes.length === 0 || (bytes[0] ?? 0) >= 0x80) bytes.unshift(0);
  return element(tags.integer, Uint8Array.from(bytes));
}

/** Attribute (RFC 5652, 5.3) with one value. */
export const attribute = (type: Uint8Array, value: Uint8Array): Uint8Array => sequence(type, setOf([value]));

/** X.660: at least two arcs, the first 0 to 2, the second below 40 under 0 and 1; arcs that a number holds exactly. */
export const isObjectIdentifier = (dotted: string): boolean =>
  /^(?:[01]\.(?:[0-9]|[1-3][0-9])|2\.(?:0|[1-9]\d{0,14}))(?:\.(?:0|[1-9]\d{0,14}))*$/.test(dotted);

/** @param dotted as `1.2.840.113549.1.7.2` */
export function objectIdentifier(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...arcs] = dotted.split('.').map(Number);
  const bytes: number[] = [];
  for (const arc of [first * 40 + second, ...arcs]) {
    const digits = [arc % 128];
    for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) digits.unshift((rest % 128) | 0x80);
    bytes.push(...digits);
  }
  return element(tags.oid, Uint8Array.from(bytes));
}

export interface DerElement {
  readonly tag: number;
  /** Header and contents. */
  readonly raw: Uint8Array;
  readonly contents: Uint8Array;
}

/** The element that begins at `at`; undefined where there is no whole one. Tags of one byte and definite lengths only. */
export function readElement(bytes: Uint8Array, at = 0): DerElement | undefined {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return undefined;
  let start = at + 2;
  let length = first;
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count === 0 || count > 6) return undefined;
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + (bytes[start + i] ?? Number.NaN);
    start += count;
  }
  if (!(start + length <= bytes.length)) return undefined;
  return { tag, raw: bytes.subarray(at, start + length), contents: bytes.subarray(start, start + length) };
}

/** The elements end to end in `bytes`; undefined where they do not fill it exactly. */
export function readElements(bytes: Uint8Array): DerElement[] | undefined {
  const elements: DerElement[] = [];
  for (let at = 0; at < bytes.length; ) {
    const next = readElement(bytes, at);
    if (!next) return undefined;
    elements.push(next);
    at += next.raw.length;
  }
  return elements;
}
