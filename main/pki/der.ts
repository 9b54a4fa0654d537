/**
 * A small reader of BER and DER (X.690) for hostile input: every length is checked, nesting is limited, and whatever is wrong
 * is a PkiError `bad-encoding`. Indefinite lengths are read (some timestamp authorities write them); high tag numbers are not.
 */
import { PkiError, type PkiErrorCode } from './port.ts';

/** Identifier octets of the universal types read here. */
export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
  enumerated: 0x0a,
} as const;

const constructedBit = 0x20;
const maxDepth = 32;

export interface Element {
  /** The identifier octet: class, constructed bit, number below 31. */
  readonly tag: number;
  /** Identifier, length and contents. */
  readonly whole: Uint8Array;
  readonly content: Uint8Array;
}

/** Most elements are passed over: their bytes are cut out when somebody asks. */
class ReadElement implements Element {
  readonly tag: number;
  readonly #bytes: Uint8Array;
  readonly #from: number;
  readonly #contentFrom: number;
  readonly #contentTo: number;
  /** Offset past the element. */
  readonly end: number;
  #whole: Uint8Array | undefined;
  #content: Uint8Array | undefined;

  constructor(bytes: Uint8Array, from: number, contentFrom: number, contentTo: number, end: number) {
    this.tag = bytes[from] ?? 0;
    this.#bytes = bytes;
    this.#from = from;
    this.#contentFrom = contentFrom;
    this.#contentTo = contentTo;
    this.end = end;
  }

  get whole(): Uint8Array {
    this.#whole ??= this.#bytes.subarray(this.#from, this.end);
    return this.#whole;
  }

  get content(): Uint8Array {
    this.#content ??= this.#bytes.subarray(this.#contentFrom, this.#contentTo);
    return this.#content;
  }
}

export function badEncoding(detail: string): PkiError {
  return new PkiError('bad-encoding', new Error(detail));
}

/** Runs `parse`; a PkiError in it comes out as one with `code`, anything else as it is. */
export function within<T>(code: PkiErrorCode, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof PkiError && error.code !== code) throw new PkiError(code, error.cause ?? error);
    throw error;
  }
}

function readAt(bytes: Uint8Array, offset: number, depth: number): ReadElement {
  if (depth > maxDepth) throw badEncoding('nested too deeply');
  const tag = bytes[offset];
  const first = bytes[offset + 1];
  if (tag === undefined || first === undefined) throw badEncoding('cut short');
  if ((tag & 0x1f) === 0x1f) throw badEncoding('high tag number');
  if (first === 0x80) return readIndefinite(bytes, offset, depth);
  let start = offset + 2;
  let length = first;
  if (first > 0x80) {
    const octets = first & 0x7f;
    if (octets > 4) throw badEncoding('length too long');
    length = 0;
    for (let i = 0; i < octets; i++) {
      const octet = bytes[start++];
      if (octet === undefined) throw badEncoding('cut short');
      length = length * 256 + octet;
    }
  }
  const end = start + length;
  if (end > bytes.length) throw badEncoding('cut short');
  return new ReadElement(bytes, offset, start, end, end);
}

function readIndefinite(bytes: Uint8Array, offset: number, depth: number): ReadElement {
  if (((bytes[offset] ?? 0) & constructedBit) === 0) throw badEncoding('primitive of indefinite length');
  const start = offset + 2;
  let at = start;
  while (bytes[at] !== 0 || bytes[at + 1] !== 0) at = readAt(bytes, at, depth + 1).end;
  return new ReadElement(bytes, offset, start, at, at + 2);
}

/** The one element `bytes` consists of. @throws PkiError bad-encoding, also where bytes follow it */
export function readElement(bytes: Uint8Array, maxBytes: number): Element {
  if (bytes.length > maxBytes) throw badEncoding('too large');
  const element = readAt(bytes, 0, 0);
  if (element.end !== bytes.length) throw badEncoding('bytes after the end');
  return element;
}

/**
 * The element `bytes` begin with, without what follows it: a signature's padding.
 * @throws PkiError bad-encoding
 */
export function cutToElement(bytes: Uint8Array): Uint8Array {
  return readAt(bytes, 0, 0).whole;
}

/** The elements inside a constructed one, one at a time: for lists too long to hold as elements. */
export function* eachChild(element: Element): Generator<Element> {
  if ((element.tag & constructedBit) === 0) throw badEncoding('not constructed');
  for (let at = 0; at < element.content.length; ) {
    const child = readAt(element.content, at, 0);
    yield child;
    at = child.end;
  }
}

/** The elements inside a constructed one. */
export function childrenOf({ tag, content }: Element): Element[] {
  if ((tag & constructedBit) === 0) throw badEncoding('not constructed');
  const children: Element[] = [];
  for (let at = 0; at < content.length; ) {
    const child = readAt(content, at, 0);
    children.push(child);
    at = child.end;
  }
  return children;
}

/** The fields of a SEQUENCE (or of another constructed element, by `tag`) in their order. */
export class Fields {
  readonly #elements: readonly Element[];
  #next = 0;

  constructor(element: Element, tag: number = tags.sequence) {
    if (element.tag !== tag) throw badEncoding('unexpected type');
    this.#elements = childrenOf(element);
  }

  /** The next field, whatever its type. */
  any(): Element {
    const element = this.#elements[this.#next++];
    if (!element) throw badEncoding('field missing');
    return element;
  }

  take(tag: number): Element {
    const element = this.any();
    if (element.tag !== tag) throw badEncoding('unexpected type');
    return element;
  }

  optional(tag: number): Element | undefined {
    const element = this.#elements[this.#next];
    if (element?.tag !== tag) return undefined;
    this.#next++;
    return element;
  }

  /** @throws PkiError bad-encoding when fields are left */
  end(): void {
    if (this.#next < this.#elements.length) throw badEncoding('unexpected field');
  }
}
