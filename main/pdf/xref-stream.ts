/** Cross-reference streams (ISO 32000-2, 7.5.8), kept as the bytes they decode to. */
import { PdfError } from './errors.ts';
import { limits } from './limits.ts';
import { countOf, isArray, isStream, nameOf, type PdfDict } from './objects.ts';
import type { Reader } from './reader.ts';
import { decodeStream } from './streams.ts';
import { findRun, highestOf, type Run, sortRuns, type XrefEntry, type XrefSection } from './xref-section.ts';

interface RowRun extends Run {
  /** Row number of the first entry. */
  readonly row: number;
}

const damaged = () => new PdfError('damaged', 'xref stream');

function fieldWidths(dict: PdfDict): readonly [number, number, number] {
  const value = dict.get('W');
  const [type, second, third] = isArray(value) ? value.map(countOf) : [];
  if (type === undefined || second === undefined || third === undefined) throw damaged();
  if (type > 8 || second > 8 || third > 8 || type + second + third === 0) throw damaged();
  return [type, second, third];
}

function rowRuns(dict: PdfDict, rows: number): RowRun[] {
  const size = countOf(dict.get('Size'));
  const index = dict.get('Index') ?? [0, size ?? 0];
  if (size === undefined || !isArray(index) || index.length % 2 !== 0) throw damaged();
  const runs: RowRun[] = [];
  let row = 0;
  for (let i = 0; i < index.length && row < rows; i += 2) {
    const first = countOf(index[i]);
    const declared = countOf(index[i + 1]);
    if (first === undefined || declared === undefined) throw damaged();
    const count = Math.min(declared, rows - row);
    if (first + count > limits.objectNumber + 1) throw damaged();
    runs.push({ first, count, row });
    row += count;
  }
  return sortRuns(runs);
}

function number(bytes: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let i = 0; i < width; i++) value = value * 256 + (bytes[at + i] ?? 0);
  return value;
}

/** Table 18: the type is 1 where its field has no width. */
function toEntry(bytes: Uint8Array, at: number, widths: readonly [number, number, number], shift: number): XrefEntry {
  const type = widths[0] === 0 ? 1 : number(bytes, at, widths[0]);
  const second = number(bytes, at + widths[0], widths[1]);
  const third = number(bytes, at + widths[0] + widths[1], widths[2]);
  if (!Number.isSafeInteger(second)) throw damaged();
  if (type === 1 && second > 0) return { kind: 'offset', offset: second + shift, gen: third };
  return type === 2 ? { kind: 'compressed', container: second, index: third } : { kind: 'free' };
}

/** @param offset absolute, of the stream object @param shift what is added to offsets found in the file */
export async function readXrefStream(reader: Reader, offset: number, shift: number): Promise<XrefSection> {
  const { value } = await reader.parseAt(offset, (parser) => parser.indirect());
  if (!isStream(value) || nameOf(value.dict.get('Type')) !== 'XRef') throw damaged();
  const length = countOf(value.dict.get('Length'));
  if (length === undefined) throw damaged();
  const bytes = await decodeStream(reader, value, length);
  const widths = fieldWidths(value.dict);
  const rowBytes = widths[0] + widths[1] + widths[2];
  const runs = rowRuns(value.dict, Math.floor(bytes.length / rowBytes));
  return {
    kind: 'stream',
    offset,
    end: value.dataOffset + length,
    trailer: value.dict,
    highest: highestOf(runs),
    runs,
    entry(num) {
      const run = findRun(runs, num);
      return run && toEntry(bytes, (run.row + num - run.first) * rowBytes, widths, shift);
    },
  };
}
