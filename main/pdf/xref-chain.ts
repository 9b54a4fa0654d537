/** From the end of the file back through its cross-reference sections (ISO 32000-2, 7.5.5, 7.5.6 and 7.5.8.4). */
import { latin1 } from './characters.ts';
import { PdfError } from './errors.ts';
import { limits } from './limits.ts';
import { countOf } from './objects.ts';
import type { Reader } from './reader.ts';
import { type FoundEntry, findRun, type XrefEntry, type XrefSection } from './xref-section.ts';
import { readXrefStream } from './xref-stream.ts';
import { readTable } from './xref-table.ts';

const HEADER_SEARCH_BYTES = 1024;
/** Longer than the head of an object. */
const KIND_BYTES = 64;
const CACHED_ENTRIES = 4096;
const TAIL_SEARCH_BYTES = [1024, 65_536];

export interface Link {
  readonly section: XrefSection;
  /** The stream a hybrid file's table names by /XRefStm. */
  readonly hidden: XrefSection | undefined;
}

export interface XrefChain {
  /** Newest first, at least one. */
  readonly links: readonly Link[];
  readonly newest: XrefSection;
  /** Added to every offset in the file to make it absolute: the bytes before the header, where offsets count from it. */
  readonly shift: number;
  entry(num: number): FoundEntry;
  /** As `entry` told it before, of this file or of the one it begins with; undefined where it was not asked. */
  peek(num: number): XrefEntry | undefined;
}

/** @returns where `%PDF-` stands @throws PdfError not-a-pdf */
async function findHeader(reader: Reader): Promise<number> {
  const at = latin1(await reader.bytes(0, HEADER_SEARCH_BYTES)).indexOf('%PDF-');
  if (at < 0) throw new PdfError('not-a-pdf');
  return at;
}

async function findStartxref(reader: Reader): Promise<number> {
  for (const length of TAIL_SEARCH_BYTES) {
    const from = Math.max(0, reader.size - length);
    const at = latin1(await reader.bytes(from, length)).lastIndexOf('startxref');
    if (at < 0) continue;
    const value = await reader.parseAt(from + at + 'startxref'.length, (parser) => {
      parser.skipSpace();
      return parser.unsigned();
    });
    if (value === undefined) break;
    return value;
  }
  throw new PdfError('damaged', 'startxref');
}

/** What a section begins with: the keyword, or the head of a stream object; a number alone may stand anywhere in a table. */
async function kindAt(reader: Reader, offset: number): Promise<'table' | 'stream' | undefined> {
  const text = latin1(await reader.bytes(offset, KIND_BYTES));
  const [, head] = /^[\0\t\n\f\r ]*(xref|\d+\s+\d+\s+obj)/.exec(text) ?? [];
  if (head === undefined) return undefined;
  return head === 'xref' ? 'table' : 'stream';
}

async function readSection(reader: Reader, offset: number, shift: number): Promise<XrefSection> {
  const kind = await kindAt(reader, offset);
  if (kind === undefined) throw new PdfError('damaged', 'xref');
  return kind === 'table' ? readTable(reader, offset, shift) : readXrefStream(reader, offset, shift);
}

async function readLink(reader: Reader, offset: number, shift: number): Promise<Link> {
  const section = await readSection(reader, offset, shift);
  const hidden = section.kind === 'table' ? countOf(section.trailer.get('XRefStm')) : undefined;
  return { section, hidden: hidden === undefined ? undefined : await readXrefStream(reader, hidden + shift, shift) };
}

/** Most sections say nothing of most objects. */
const speaksOf = ({ section, hidden }: Link, num: number) =>
  findRun(section.runs, num) !== undefined || (hidden !== undefined && findRun(hidden.runs, num) !== undefined);

/** A table hides what its stream tells: an object marked free there is looked for in the stream (7.5.8.4). */
async function entryInHybrid(section: XrefSection, hidden: XrefSection, num: number): Promise<XrefEntry | undefined> {
  const entry = await section.entry(num);
  return entry?.kind === 'offset' ? entry : ((await hidden.entry(num)) ?? entry);
}

/** At once where the sections asked have their entries at hand. @param from the first link asked */
function findEntry(reader: Reader, links: readonly Link[], num: number, from = 0): FoundEntry {
  for (let i = from; i < links.length; i++) {
    reader.spend('probes', 1);
    const link = links[i];
    if (!link || !speaksOf(link, num)) continue;
    const { section, hidden } = link;
    const entry = hidden ? entryInHybrid(section, hidden, num) : section.entry(num);
    if (entry instanceof Promise) return entry.then((found) => found ?? findEntry(reader, links, num, i + 1));
    if (entry) return entry;
  }
  return undefined;
}

/** What a file begins with, and the chain that was read of it. */
export interface KnownChain {
  readonly size: number;
  readonly chain: XrefChain;
}

const isWithin = ({ section, hidden }: Link, size: number) => section.end < size && (hidden?.end ?? 0) < size;

/** The links from `offset` back as they were read before, where the bytes that made them end before those known do. */
function linksFrom(known: KnownChain | undefined, offset: number, shift: number): readonly Link[] {
  if (known?.chain.shift !== shift) return [];
  const at = known.chain.links.findIndex(({ section }) => section.offset === offset);
  const links = at < 0 ? [] : known.chain.links.slice(at);
  return links.every((link) => isWithin(link, known.size)) ? links : [];
}

interface Links {
  readonly links: readonly Link[];
  /** How many of them stand before all that was known; undefined where not all of that follows. */
  readonly newer: number | undefined;
}

async function readLinks(reader: Reader, start: number, shift: number, known: KnownChain | undefined): Promise<Links> {
  const links = [await readLink(reader, start + shift, shift)];
  const seen = new Set([start]);
  for (;;) {
    const previous = links.at(-1)?.section.trailer.get('Prev');
    if (previous === undefined || previous === null || previous === 0) return { links, newer: undefined };
    const offset = countOf(previous);
    if (offset === undefined || seen.has(offset)) throw new PdfError('damaged', 'prev');
    const shared = linksFrom(known, offset + shift, shift);
    if (links.length + Math.max(1, shared.length) > limits.sections) throw new PdfError('limit', 'sections');
    if (shared.length > 0) {
      const newer = shared.length === known?.chain.links.length ? links.length : undefined;
      return { links: [...links, ...shared], newer };
    }
    seen.add(offset);
    links.push(await readLink(reader, offset + shift, shift));
  }
}

/** Offsets count from the header (7.5.2), or, where bytes were put before it later, some count from the first byte: what can be read is right. */
async function readShifted(reader: Reader, known: KnownChain | undefined): Promise<Links & { readonly shift: number }> {
  const header = await findHeader(reader);
  const start = await findStartxref(reader);
  if (header > 0 && (await kindAt(reader, start + header)) !== undefined) {
    try {
      return { ...(await readLinks(reader, start, header, known)), shift: header };
    } catch (error) {
      if (!(error instanceof PdfError) || error.code !== 'damaged') throw error;
    }
  }
  return { ...(await readLinks(reader, start, 0, known)), shift: 0 };
}

/** @param known of bytes that these begin with: its sections are not read again @throws PdfError not-a-pdf, damaged, limit */
export async function readChain(reader: Reader, known?: KnownChain): Promise<XrefChain> {
  const { links, newer, shift } = await readShifted(reader, known);
  const [newest] = links;
  if (!newest) throw new PdfError('damaged', 'xref');
  const entries = new Map<number, XrefEntry | undefined>();
  function keep(num: number, found: XrefEntry | undefined): XrefEntry | undefined {
    if (entries.size >= CACHED_ENTRIES) entries.clear();
    entries.set(num, found);
    return found;
  }
  function entry(num: number): FoundEntry {
    if (entries.has(num)) return entries.get(num);
    reader.spend('lookups', 1);
    const found = findEntry(reader, links, num);
    return found instanceof Promise ? found.then((late) => keep(num, late)) : keep(num, found);
  }
  /** What the newer sections do not speak of is as it was. */
  function peek(num: number): XrefEntry | undefined {
    if (entries.has(num)) return entries.get(num);
    if (newer === undefined || links.slice(0, newer).some((link) => speaksOf(link, num))) return undefined;
    return known?.chain.peek(num);
  }
  return { links, newest: newest.section, shift, entry, peek };
}
