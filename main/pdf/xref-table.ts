/**
 * Classic cross-reference tables (ISO 32000-2, 7.5.4). Entries have 20 bytes each, so a subsection is not read but indexed; one whose
 * entries have another length is parsed as a whole.
 */
import { isDigit, isSpace, latin1 } from './characters.ts';
import { PdfError } from './errors.ts';
import { limits } from './limits.ts';
import { isDict, type PdfDict } from './objects.ts';
import type { Reader } from './reader.ts';
import { findRun, highestOf, type Run, sortRuns, type XrefEntry, type XrefSection } from './xref-section.ts';

const ENTRY_BYTES = 20;
const OFFSET_DIGITS = 10;
const GENERATION_DIGITS = 5;

interface Subsection extends Run {
  /** Absolute offset of the first entry, where entries have the regular length. */
  readonly at: number;
  /** The entries themselves, where they do not. */
  readonly parsed: readonly XrefEntry[] | undefined;
}

const toEntry = (offset: number, gen: number, type: string, shift: number): XrefEntry =>
  type === 'n' && offset > 0 ? { kind: 'offset', offset: offset + shift, gen } : { kind: 'free' };

/** So many digits as a number; NaN where one of them is none. */
function digitsAt(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) value = isDigit(bytes[i]) ? value * 10 + ((bytes[i] ?? 0) - 48) : Number.NaN;
  return value;
}

const isEntryEnd = (code: number | undefined) => code === 0x20 || code === 13 || code === 10;

/** `nnnnnnnnnn ggggg n` and two bytes of space or end of line; undefined for anything else. */
function regularEntry(bytes: Uint8Array, shift: number): XrefEntry | undefined {
  const [offset, gen] = [digitsAt(bytes, 0, OFFSET_DIGITS), digitsAt(bytes, OFFSET_DIGITS + 1, GENERATION_DIGITS)];
  const type = bytes[17];
  const isSpaced =
    bytes[OFFSET_DIGITS] === 0x20 && bytes[16] === 0x20 && isEntryEnd(bytes[18]) && isEntryEnd(bytes[19]);
  if (!isSpaced || Number.isNaN(offset + gen) || (type !== 0x6e && type !== 0x66)) return undefined;
  return toEntry(offset, gen, type === 0x6e ? 'n' : 'f', shift);
}

/** True where entries of 20 bytes lead from `at` to the next subsection or the trailer. */
async function isRegular(reader: Reader, at: number, count: number): Promise<boolean> {
  const first = regularEntry(await reader.bytes(at, ENTRY_BYTES), 0);
  const after = await reader.bytes(at + count * ENTRY_BYTES, 64);
  const next = after.find((code) => !isSpace(code));
  return first !== undefined && (isDigit(next) || next === 0x74);
}

async function parseEntries(reader: Reader, at: number, count: number, shift: number) {
  return reader.parseAt(at, (parser) => {
    const entries: XrefEntry[] = [];
    for (let i = 0; i < count; i++) {
      parser.skipSpace();
      const offset = parser.unsigned();
      parser.skipSpace();
      const gen = parser.unsigned();
      parser.skipSpace();
      const type = parser.keyword();
      if (offset === undefined || gen === undefined || (type !== 'n' && type !== 'f')) {
        throw new PdfError('damaged', 'xref entry');
      }
      entries.push(toEntry(offset, gen, type, shift));
    }
    return { entries, end: at + parser.position() };
  });
}

/** A first subsection said to begin at 1 whose first entry is plainly object 0's is a known writer's fault. */
async function firstNumber(reader: Reader, first: number, at: number): Promise<number> {
  if (first !== 1) return first;
  return /^0000000000 65535 f/.test(latin1(await reader.bytes(at, ENTRY_BYTES))) ? 0 : 1;
}

type Step = { readonly first: number; readonly count: number; readonly at: number } | { trailer: PdfDict; at: number };

function readStep(reader: Reader, at: number): Promise<Step> {
  return reader.parseAt(at, (parser) => {
    parser.skipSpace();
    const first = parser.unsigned();
    if (first === undefined) {
      if (parser.keyword() !== 'trailer') throw new PdfError('damaged', 'trailer');
      const trailer = parser.object();
      if (!isDict(trailer)) throw new PdfError('damaged', 'trailer');
      return { trailer, at: at + parser.position() };
    }
    parser.skipSpace();
    const count = parser.unsigned();
    if (count === undefined || first + count > limits.objectNumber + 1)
      throw new PdfError('damaged', 'xref subsection');
    parser.skipSpace();
    return { first, count, at: at + parser.position() };
  });
}

/**
 * @param offset absolute, of the keyword `xref`
 * @param shift what is added to offsets found in the file
 */
export async function readTable(reader: Reader, offset: number, shift: number): Promise<XrefSection> {
  const found: Subsection[] = [];
  let at = await reader.parseAt(offset, (parser) => {
    parser.skipSpace();
    if (parser.keyword() !== 'xref') throw new PdfError('damaged', 'xref');
    return offset + parser.position();
  });
  for (;;) {
    const step = await readStep(reader, at);
    reader.spend('lookups', 1);
    if ('trailer' in step) return tableSection(reader, offset, step, found, shift);
    const first = found.length === 0 ? await firstNumber(reader, step.first, step.at) : step.first;
    at = step.at;
    if (step.count === 0) continue;
    if (await isRegular(reader, at, step.count)) {
      found.push({ first, count: step.count, at, parsed: undefined });
      at += step.count * ENTRY_BYTES;
    } else {
      const { entries, end } = await parseEntries(reader, at, step.count, shift);
      found.push({ first, count: step.count, at, parsed: entries });
      at = end;
    }
  }
}

function tableSection(
  reader: Reader,
  offset: number,
  last: { trailer: PdfDict; at: number },
  found: readonly Subsection[],
  shift: number,
): XrefSection {
  const runs = sortRuns(found);
  return {
    kind: 'table',
    offset,
    end: last.at,
    trailer: last.trailer,
    highest: highestOf(runs),
    runs,
    async entry(num) {
      const run = findRun(runs, num);
      if (!run) return undefined;
      if (run.parsed) return run.parsed[num - run.first];
      const bytes = await reader.bytes(run.at + (num - run.first) * ENTRY_BYTES, ENTRY_BYTES);
      const entry = regularEntry(bytes, shift);
      if (!entry) throw new PdfError('damaged', 'xref entry');
      return entry;
    },
  };
}
