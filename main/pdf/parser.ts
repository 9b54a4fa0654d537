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

/** @param start position in the window to begin at */
export function parse(window: ByteWindow, start = 0): Parser {
  const { bytes, last } = window;
  const end = bytes.length;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = start;
  let values = 0;

  /** The byte at the position, undefined at the end of the file. */
  function peek(ahead = 0): number | undefined {
    if (at + ahead < end) return bytes[at + ahead];
    if (!last) throw windowEnd;
    return undefined;
  }

  function skipSpace(): void {
    for (;;) {
      const code = peek();
      if (isSpace(code)) at++;
      else if (code === 0x25) while (at < end && !isEndOfLine(bytes[at])) at++;
      else return;
    }
  }

  function keyword(): string {
    const from = at;
    while (isRegular(peek())) {
      at++;
      if (at - from > 4096) throw damaged('token too long');
    }
    return text.toString('latin1', from, at);
  }

  function unsigned(): number | undefined {
    const from = at;
    let value = 0;
    while (isDigit(peek())) value = value * 10 + ((bytes[at++] ?? 0) - 48);
    if (at > from && !isRegular(peek()) && Number.isSafeInteger(value)) return value;
    at = from;
    return undefined;
  }

  function number(): number {
    const digits = keyword();
    const value = /^[+-]?(\d+\.?\d*|\.\d+)$/.test(digits) ? Number(digits) : Number.NaN;
    if (!Number.isFinite(value)) throw damaged('not a number');
    return value;
  }

  /** A number, or the reference that begins with it: two integers and R. */
  function numberOrRef(): number | PdfRef {
    const num = unsigned();
    if (num === undefined) return number();
    const after = at;
    if (isSpace(peek())) {
      skipSpace();
      const gen = isDigit(peek()) ? unsigned() : undefined;
      if (gen !== undefined && isSpace(peek())) {
        skipSpace();
        if (peek() === 0x52 && !isRegular(peek(1))) {
          at++;
          if (num > limits.objectNumber || gen > limits.generation) throw damaged('reference out of range');
          return ref(num, gen);
        }
      }
    }
    at = after;
    return num;
  }

  function nameObject(): PdfObject {
    at++;
    const raw = keyword();
    if (!raw.includes('#')) return name(raw);
    return name(raw.replace(/#([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))));
  }

  function finishString(from: number, content: Uint8Array): PdfString {
    return window.base === undefined
      ? { kind: 'string', bytes: content }
      : { kind: 'string', bytes: content, place: { offset: window.base + from, length: at - from } };
  }

  function hexString(): PdfString {
    const from = at++;
    const close = bytes.indexOf(0x3e, at);
    if (close < 0) {
      if (!last) throw windowEnd;
      throw damaged('hex string has no end');
    }
    const hex = text.toString('latin1', at, close);
    const plain = Buffer.from(hex, 'hex');
    if (plain.length * 2 === hex.length) {
      // Node decodes up to the first character that is no digit: all of it, and there was none.
      at = close + 1;
      return finishString(from, new Uint8Array(plain.buffer, plain.byteOffset, plain.length));
    }
    if (/[^0-9A-Fa-f\0\t\n\f\r ]/.test(hex)) throw damaged('hex string');
    const digits = hex.replace(/[\0\t\n\f\r ]+/g, '');
    at = close + 1;
    return finishString(from, new Uint8Array(Buffer.from(digits.length % 2 === 0 ? digits : `${digits}0`, 'hex')));
  }

  /** After a backslash: the byte meant, or undefined where the pair means nothing (a line continued). */
  function escaped(): number | undefined {
    const code = peek();
    if (code === undefined) throw damaged('string has no end');
    at++;
    if (isEndOfLine(code)) {
      if (code === 13 && peek() === 10) at++;
      return undefined;
    }
    if (code < 48 || code > 55) return escapes[String.fromCharCode(code)] ?? code;
    let value = code - 48;
    for (let more = 0; more < 2; more++) {
      const digit = peek();
      if (digit === undefined || digit < 48 || digit > 55) break;
      value = value * 8 + digit - 48;
      at++;
    }
    return value & 0xff;
  }

  /** Past a string that is as it stands up to its first parenthesis; undefined, nothing read, where it is not. */
  function plainString(): PdfString | undefined {
    for (let to = at + 1; to < end; to++) {
      const code = bytes[to];
      if (code === 0x5c || code === 0x28 || code === 13) return undefined;
      if (code !== 0x29) continue;
      // A copy: windows are read into again.
      const [from, content] = [at, new Uint8Array(bytes.subarray(at + 1, to))];
      at = to + 1;
      return finishString(from, content);
    }
    return undefined;
  }

  function literalString(): PdfString {
    const plain = plainString();
    if (plain) return plain;
    const from = at++;
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
      const code = peek();
      if (code === undefined) throw damaged('string has no end');
      at++;
      if (code === 0x5c) {
        const value = escaped();
        if (value !== undefined) push(value);
        continue;
      }
      if (code === 0x28) open++;
      else if (code === 0x29 && --open === 0) return finishString(from, content.subarray(0, length));
      if (code === 13) {
        if (peek() === 10) at++;
        push(10);
      } else push(code);
    }
  }

  function array(depth: number): PdfObject {
    at++;
    const items: PdfObject[] = [];
    for (;;) {
      skipSpace();
      if (peek() === 0x5d) {
        at++;
        return items;
      }
      items.push(value(depth));
    }
  }

  function dictionary(depth: number): PdfObject {
    at += 2;
    const entries = new Map<string, PdfObject>();
    for (;;) {
      skipSpace();
      const code = peek();
      if (code === 0x3e && peek(1) === 0x3e) {
        at += 2;
        return entries;
      }
      if (code !== 0x2f) throw damaged('dictionary key');
      const key = nameObject();
      entries.set((key as { value: string }).value, value(depth));
    }
  }

  function value(depth: number): PdfObject {
    if (depth > limits.nesting) throw new PdfError('limit', 'nesting');
    if (++values > limits.values) throw new PdfError('limit', 'values');
    skipSpace();
    const code = peek();
    if (code === 0x2f) return nameObject();
    if (code === 0x28) return literalString();
    if (code === 0x5b) return array(depth + 1);
    if (code === 0x3c) return peek(1) === 0x3c ? dictionary(depth + 1) : hexString();
    if (isDigit(code)) return numberOrRef();
    if (code === 0x2b || code === 0x2d || code === 0x2e) return number();
    const word = keyword();
    if (word === 'null') return null;
    if (word === 'true') return true;
    if (word === 'false') return false;
    throw damaged('object expected');
  }

  /** The data of a stream begins after CRLF or LF (7.3.8.1); a lone CR is met in the wild. */
  function streamStart(): number {
    if (peek() === 13) at++;
    if (peek() === 10) at++;
    if (window.base === undefined) throw damaged('stream inside a stream');
    return window.base + at;
  }

  function indirect(): IndirectObject {
    skipSpace();
    const num = unsigned();
    skipSpace();
    const gen = num === undefined ? undefined : unsigned();
    skipSpace();
    if (num === undefined || gen === undefined || keyword() !== 'obj') throw damaged('object header');
    if (gen > limits.generation) throw damaged('generation');
    const content = value(0);
    skipSpace();
    if (content instanceof Map && peek() === 0x73 && keyword() === 'stream') {
      const stream: PdfStream = { kind: 'stream', dict: content, dataOffset: streamStart() };
      return { num, gen, value: stream };
    }
    return { num, gen, value: content };
  }

  return { position: () => at, values: () => values, skipSpace, object: () => value(0), keyword, unsigned, indirect };
}
