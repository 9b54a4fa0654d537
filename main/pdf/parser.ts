/**
 * PDF syntax to objects (ISO 32000-2, 7.2 and 7.3), over a window of bytes. A window that ends before the object does raises
 * WindowEnd, and the caller comes back with a longer one; so the parser itself is plain and synchronous.
 */
import { isDigit, isEndOfLine, isRegular, isSpace } from './characters.ts';
import { PdfError } from './errors.ts';
import { limits } from './limits.ts';
import { name, type PdfObject, type PdfRef, type PdfStream, type PdfString, ref } from './objects.ts';

export interface ByteWindow {
  readonly bytes: Uint8Array;
  /** Absolute offset of the first byte in the file; undefined for bytes that are not the file's own (object streams). */
  readonly base: number | undefined;
  /** True when nothing follows the window. */
  readonly last: boolean;
}

/** The window was too short; not an error of the file. Thrown at most objects' ends, so there is one, made once. */
export class WindowEnd extends Error {}
const windowEnd = new WindowEnd();

export interface IndirectObject {
  readonly num: number;
  readonly gen: number;
  readonly value: PdfObject;
}

export interface Parser {
  /** Position in the window. */
  position(): number;
  /** Goes on from there. */
  moveTo(position: number): void;
  /** Values made so far. */
  values(): number;
  skipSpace(): void;
  /** @throws PdfError damaged, limit; WindowEnd */
  object(): PdfObject;
  /** A run of regular characters, '' where there is none. */
  keyword(): string;
  /** An unsigned integer, or undefined with the position unchanged. */
  unsigned(): number | undefined;
  /** `num gen obj … endobj` or the start of its stream (7.3.10). */
  indirect(): IndirectObject;
}

const damaged = (detail: string) => new PdfError('damaged', detail);

const escapes: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, b: 8, f: 12 };

class WindowParser implements Parser {
  readonly #bytes: Uint8Array;
  readonly #text: Buffer;
  readonly #base: number | undefined;
  readonly #last: boolean;
  readonly #end: number;
  #at: number;
  #values = 0;

  constructor({ bytes, base, last }: ByteWindow, start: number) {
    this.#bytes = bytes;
    this.#text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#base = base;
    this.#last = last;
    this.#end = bytes.length;
    this.#at = start;
  }

  position(): number {
    return this.#at;
  }

  moveTo(position: number): void {
    this.#at = position;
  }

  values(): number {
    return this.#values;
  }

  object(): PdfObject {
    return this.#value(0);
  }

  /** The byte at the position, undefined at the end of the file. */
  #peek(ahead = 0): number | undefined {
    if (this.#at + ahead < this.#end) return this.#bytes[this.#at + ahead];
    if (!this.#last) throw windowEnd;
    return undefined;
  }

  skipSpace(): void {
    for (;;) {
      const code = this.#peek();
      if (isSpace(code)) this.#at++;
      else if (code === 0x25) while (this.#at < this.#end && !isEndOfLine(this.#bytes[this.#at])) this.#at++;
      else return;
    }
  }

  keyword(): string {
    const from = this.#at;
    while (isRegular(this.#peek())) {
      this.#at++;
      if (this.#at - from > 4096) throw damaged('token too long');
    }
    return this.#text.toString('latin1', from, this.#at);
  }

  unsigned(): number | undefined {
    const from = this.#at;
    let value = 0;
    while (isDigit(this.#peek())) value = value * 10 + ((this.#bytes[this.#at++] ?? 0) - 48);
    if (this.#at > from && !isRegular(this.#peek()) && Number.isSafeInteger(value)) return value;
    this.#at = from;
    return undefined;
  }

  #number(): number {
    const digits = this.keyword();
    const value = /^[+-]?(\d+\.?\d*|\.\d+)$/.test(digits) ? Number(digits) : Number.NaN;
    if (!Number.isFinite(value)) throw damaged('not a number');
    return value;
  }

  /** A number, or the reference that begins with it: two integers and R. */
  #numberOrRef(): number | PdfRef {
    const num = this.unsigned();
    if (num === undefined) return this.#number();
    const after = this.#at;
    if (isSpace(this.#peek())) {
      this.skipSpace();
      const gen = isDigit(this.#peek()) ? this.unsigned() : undefined;
      if (gen !== undefined && isSpace(this.#peek())) {
        this.skipSpace();
        if (this.#peek() === 0x52 && !isRegular(this.#peek(1))) {
          this.#at++;
          if (num > limits.objectNumber || gen > limits.generation) throw damaged('reference out of range');
          return ref(num, gen);
        }
      }
    }
    this.#at = after;
    return num;
  }

  #nameObject(): PdfObject {
    this.#at++;
    const raw = this.keyword();
    if (!raw.includes('#')) return name(raw);
    return name(raw.replace(/#([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))));
  }

  #finishString(from: number, content: Uint8Array): PdfString {
    return this.#base === undefined
      ? { kind: 'string', bytes: content }
      : { kind: 'string', bytes: content, place: { offset: this.#base + from, length: this.#at - from } };
  }

  #hexString(): PdfString {
    const from = this.#at++;
    const close = this.#bytes.indexOf(0x3e, this.#at);
    if (close < 0) {
      if (!this.#last) throw windowEnd;
      throw damaged('hex string has no end');
    }
    const hex = this.#text.toString('latin1', this.#at, close);
    const plain = Buffer.from(hex, 'hex');
    if (plain.length * 2 === hex.length) {
      // Node decodes up to the first character that is no digit: all of it, and there was none.
      this.#at = close + 1;
      return this.#finishString(from, new Uint8Array(plain.buffer, plain.byteOffset, plain.length));
    }
    if (/[^0-9A-Fa-f\0\t\n\f\r ]/.test(hex)) throw damaged('hex string');
    const digits = hex.replace(/[\0\t\n\f\r ]+/g, '');
    this.#at = close + 1;
    return this.#finishString(
      from,
      new Uint8Array(Buffer.from(digits.length % 2 === 0 ? digits : `${digits}0`, 'hex')),
    );
  }

  /** After a backslash: the byte meant, or undefined where the pair means nothing (a line continued). */
  #escaped(): number | undefined {
    const code = this.#peek();
    if (code === undefined) throw damaged('string has no end');
    this.#at++;
    if (isEndOfLine(code)) {
      if (code === 13 && this.#peek() === 10) this.#at++;
      return undefined;
    }
    if (code < 48 || code > 55) return escapes[String.fromCharCode(code)] ?? code;
    let value = code - 48;
    for (let more = 0; more < 2; more++) {
      const digit = this.#peek();
      if (digit === undefined || digit < 48 || digit > 55) break;
      value = value * 8 + digit - 48;
      this.#at++;
    }
    return value & 0xff;
  }

  /** Past a string that is as it stands up to its first parenthesis; undefined, nothing read, where it is not. */
  #plainString(): PdfString | undefined {
    for (let to = this.#at + 1; to < this.#end; to++) {
      const code = this.#bytes[to];
      if (code === 0x5c || code === 0x28 || code === 13) return undefined;
      if (code !== 0x29) continue;
      // A copy: windows are read into again.
      const [from, content] = [this.#at, new Uint8Array(this.#bytes.subarray(this.#at + 1, to))];
      this.#at = to + 1;
      return this.#finishString(from, content);
    }
    return undefined;
  }

  #literalString(): PdfString {
    const plain = this.#plainString();
    if (plain) return plain;
    const from = this.#at++;
    let content = new Uint8Array(64);
    let length = 0;
    const push = (byte: number) => {
      if (length === content.length) {
        const longer = new Uint8Array(length * 2);
        longer.set(content);
        content = longer;
      }
      content[length++] = byte;
    };
    for (let open = 1; ; ) {
      const code = this.#peek();
      if (code === undefined) throw damaged('string has no end');
      this.#at++;
      if (code === 0x5c) {
        const value = this.#escaped();
        if (value !== undefined) push(value);
        continue;
      }
      if (code === 0x28) open++;
      else if (code === 0x29 && --open === 0) return this.#finishString(from, content.subarray(0, length));
      if (code === 13) {
        if (this.#peek() === 10) this.#at++;
        push(10);
      } else push(code);
    }
  }

  #array(depth: number): PdfObject {
    this.#at++;
    const items: PdfObject[] = [];
    for (;;) {
      this.skipSpace();
      if (this.#peek() === 0x5d) {
        this.#at++;
        return items;
      }
      items.push(this.#value(depth));
    }
  }

  #dictionary(depth: number): PdfObject {
    this.#at += 2;
    const entries = new Map<string, PdfObject>();
    for (;;) {
      this.skipSpace();
      const code = this.#peek();
      if (code === 0x3e && this.#peek(1) === 0x3e) {
        this.#at += 2;
        return entries;
      }
      if (code !== 0x2f) throw damaged('dictionary key');
      const key = this.#nameObject();
      entries.set((key as { value: string }).value, this.#value(depth));
    }
  }

  #value(depth: number): PdfObject {
    if (depth > limits.nesting) throw new PdfError('limit', 'nesting');
    if (++this.#values > limits.values) throw new PdfError('limit', 'values');
    this.skipSpace();
    const code = this.#peek();
    if (code === 0x2f) return this.#nameObject();
    if (code === 0x28) return this.#literalString();
    if (code === 0x5b) return this.#array(depth + 1);
    if (code === 0x3c) return this.#peek(1) === 0x3c ? this.#dictionary(depth + 1) : this.#hexString();
    if (isDigit(code)) return this.#numberOrRef();
    if (code === 0x2b || code === 0x2d || code === 0x2e) return this.#number();
    const word = this.keyword();
    if (word === 'null') return null;
    if (word === 'true') return true;
    if (word === 'false') return false;
    throw damaged('object expected');
  }

  /** The data of a stream begins after CRLF or LF (7.3.8.1); a lone CR is met in the wild. */
  #streamStart(): number {
    if (this.#peek() === 13) this.#at++;
    if (this.#peek() === 10) this.#at++;
    if (this.#base === undefined) throw damaged('stream inside a stream');
    return this.#base + this.#at;
  }

  indirect(): IndirectObject {
    this.skipSpace();
    const num = this.unsigned();
    this.skipSpace();
    const gen = num === undefined ? undefined : this.unsigned();
    this.skipSpace();
    if (num === undefined || gen === undefined || this.keyword() !== 'obj') throw damaged('object header');
    if (gen > limits.generation) throw damaged('generation');
    const content = this.#value(0);
    this.skipSpace();
    if (content instanceof Map && this.#peek() === 0x73 && this.keyword() === 'stream') {
      const stream: PdfStream = { kind: 'stream', dict: content, dataOffset: this.#streamStart() };
      return { num, gen, value: stream };
    }
    return { num, gen, value: content };
  }
}

/** @param start position in the window to begin at */
export const parse = (window: ByteWindow, start = 0): Parser => new WindowParser(window, start);
