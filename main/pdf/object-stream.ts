/** Object streams (ISO 32000-2, 7.5.7). */
import { PdfError } from './errors.ts';
import type { Spend } from './limits.ts';
import { countOf, nameOf, type PdfDict, type PdfObject } from './objects.ts';
import { parse } from './parser.ts';

export interface ObjectStream {
  /** Decoded bytes. */
  readonly size: number;
  /** Of the objects in it, in their order. */
  readonly numbers: readonly number[];
  /** @param index what the xref says; another place is searched where it lies @throws PdfError damaged, limit */
  object(num: number, index: number): PdfObject;
}

/** @param bytes the stream, decoded */
export function openObjectStream(dict: PdfDict, bytes: Uint8Array, spend: Spend): ObjectStream {
  const count = countOf(dict.get('N'));
  const first = countOf(dict.get('First'));
  if (nameOf(dict.get('Type')) !== 'ObjStm' || count === undefined || first === undefined || first > bytes.length) {
    throw new PdfError('damaged', 'object stream');
  }
  const numbers: number[] = [];
  const offsets: number[] = [];
  const header = parse({ bytes: bytes.subarray(0, first), base: undefined, last: true });
  for (let i = 0; i < count; i++) {
    header.skipSpace();
    const num = header.unsigned();
    header.skipSpace();
    const offset = header.unsigned();
    if (num === undefined || offset === undefined) throw new PdfError('damaged', 'object stream');
    numbers.push(num);
    offsets.push(offset);
  }
  spend('parsed', first);
  /** The xref names the wrong place: paid for, or a file full of such entries is searched for many minutes. */
  const search = (num: number): number => {
    const at = numbers.indexOf(num);
    spend('probes', at < 0 ? numbers.length : at + 1);
    return at;
  };
  return {
    size: bytes.length,
    numbers,
    object(num, index) {
      const offset = offsets[numbers[index] === num ? index : search(num)];
      if (offset === undefined || first + offset >= bytes.length) throw new PdfError('damaged', 'object stream');
      const parser = parse({ bytes, base: undefined, last: true }, first + offset);
      const value = parser.object();
      spend('parsed', parser.position() - first - offset);
      spend('values', parser.values());
      return value;
    },
  };
}
