/**
 * Classic cross-reference tables (ISO 32000-2, 7.5.4). Entries have 20 bytes each, so a subsection is not read but indexed; one whose
 * entries have another length is parsed as a whole.
 */
import { isDigit, isSpace, latin1 } from './characters.ts';
import { PdfError } from './errors.ts';
import { limits } from './limits.ts';
import { isDict, type PdfDict } from './objects.ts';
import type { Parser } from './parser.ts';
import type { Reader } from './reader.ts';
import { findRun, highestOf, type Run, sortRuns, type XrefEntry, type XrefSection } from './xref-section.ts';

const ENTRY_BYTES = 20;
const OFFSET_DIGITS = 10;
const GENERATION_DIGITS = 5;
/** Looked at behind the entries. */
const AFTER_BYTES = 64;
/** Tables of so many entries are read at once, larger ones are indexed. */
const SMALL_ENTRIES = 256;

interface Subsection extends Run {
  /** Absolute offset of the first entry, where entries have the regular length. */
  readonly at: number;
  /** The entries themselves, where they do not. */
  readonly parsed: readonly XrefEntry[] | undefined;
}

interface Table {
  readonly found: readonly Subsection[];
  readonly trailer: PdfDict;
  /** Absolute, of what follows the trailer. */
  readonly at: number;
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
function regularEntry(bytes: Uint8Array, shift: number, at = 0): XrefEntry | undefined {
  const isSpaced = bytes[at + OFFSET_DIGITS] === 0x20 && bytes[at + 16] === 0x20;
  if (!isSpaced || !isEntryEnd(bytes[at + 18]) || !isEntryEnd(bytes[at + 19])) return undefined;
  const offset = digitsAt(bytes, at, OFFSET_DIGITS);
  const gen = digitsAt(bytes, at + OFFSET_DIGITS + 1, GENERATION_DIGITS);
  const type = bytes[at + 17];
  if (Number.isNaN(offset + gen) || (type !== 0x6e && type !== 0x66)) return undefined;
  return toEntry(offset, gen, type === 0x6e ? 'n' : 'f', shift);
}

/** What follows regular entries: the next subsection's number, or the trailer. */
function goesOn(after: Uint8Array): boolean {
  const next = after.find((code) => !isSpace(code));
  return isDigit(next) || next === 0x74;
}

/** True where entries of 20 bytes lead from `at` to the next subsection or the trailer. */
async function isRegular(reader: Reader, at: number, count: number): Promise<boolean> {
  const first = regularEntry(await reader.bytes(at, ENTRY_BYTES), 0);
  return first !== undefined && goesOn(await reader.bytes(at + count * ENTRY_BYTES, AFTER_BYTES));
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
const isHeadAsOne = (first: number, entry: Uint8Array) => first === 1 && /^0000000000 65535 f/.test(latin1(entry));

type Step = { readonly first: number; readonly count: number; readonly at: number } | { trailer: PdfDict; at: number };

/** @param base absolute offset of the parser's window */
function takeStep(parser: Parser, base: number): Step {
  parser.skipSpace();
  const first = parser.unsigned();
  if (first === undefined) {
    if (parser.keyword() !== 'trailer') throw new PdfError('damaged', 'trailer');
    const trailer = parser.object();
    if (!isDict(trailer)) throw new PdfError('damaged', 'trailer');
    return { trailer, at: base + parser.position() };
  }
  parser.skipSpace();
  const count = parser.unsigned();
  if (count === undefined || first + count > limits.objectNumber + 1) throw new PdfError('damaged', 'xref subsection');
  parser.skipSpace();
  return { first, count, at: base + parser.position() };
}

function takeKeyword(parser: Parser): void {
  parser.skipSpace();
  if (parser.keyword() !== 'xref') throw new PdfError('damaged', 'xref');
}

/** A whole table, where it is small, regular and in the window: most are, and each look elsewhere costs more than the table. */
function takeSmall(parser: Parser, window: Uint8Array, base: number, shift: number): Table | undefined {
  takeKeyword(parser);
  const found: Subsection[] = [];
  for (let left = SMALL_ENTRIES; ; ) {
    const step = takeStep(parser, base);
    if ('trailer' in step) return { found, ...step };
    const { count, at } = step;
    if (count === 0) continue;
    left -= count;
    const from = at - base;
    const end = from + count * ENTRY_BYTES;
    if (left < 0 || end + AFTER_BYTES > window.length) return undefined;
    const parsed: XrefEntry[] = [];
    for (let place = from; place < end; place += ENTRY_BYTES) {
      const entry = regularEntry(window, shift, place);
      if (!entry) return undefined;
      parsed.push(entry);
    }
    if (!goesOn(window.subarray(end, end + AFTER_BYTES))) return undefined;
    const isHead = found.length === 0 && isHeadAsOne(step.first, window.subarray(from, from + ENTRY_BYTES));
    found.push({ first: isHead ? 0 : step.first, count, at, parsed });
    parser.moveTo(end);
  }
}

/**
 * @param offset absolute, of the keyword `xref`
 * @param shift what is added to offsets found in the file
 */
export async function readTable(reader: Reader, offset: number, shift: number): Promise<XrefSection> {
  const small = await reader.parseAt(offset, (parser, window) => takeSmall(parser, window, offset, shift));
  reader.spend('lookups', 1 + (small?.found.length ?? 0));
  return tableSection(reader, offset, small ?? (await readLarge(reader, offset, shift)), shift);
}

async function readLarge(reader: Reader, offset: number, shift: number): Promise<Table> {
  const found: Subsection[] = [];
  let at = await reader.parseAt(offset, (parser) => {
    takeKeyword(parser);
    return offset + parser.position();
  });
  for (;;) {
    const from = at;
    const step = await reader.parseAt(from, (parser) => takeStep(parser, from));
    reader.spend('lookups', 1);
    if ('trailer' in step) return { found, ...step };
    const isHead = found.length === 0 && isHeadAsOne(step.first, await reader.bytes(step.at, ENTRY_BYTES));
    const first = isHead ? 0 : step.first;
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

function tableSection(reader: Reader, offset: number, { found, trailer, at }: Table, shift: number): XrefSection {
  const runs = sortRuns(found);
  async function read(run: Subsection, num: number): Promise<XrefEntry> {
    const entry = regularEntry(await reader.bytes(run.at + (num - run.first) * ENTRY_BYTES, ENTRY_BYTES), shift);
    if (!entry) throw new PdfError('damaged', 'xref entry');
    return entry;
  }
  return {
    kind: 'table',
    offset,
    end: at,
    trailer,
    highest: highestOf(runs),
    runs,
    entry(num) {
      const run = findRun(runs, num);
      return run && (run.parsed ? run.parsed[num - run.first] : read(run, num));
    },
  };
}
