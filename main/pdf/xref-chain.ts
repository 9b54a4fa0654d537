/** From the end of the file back through its cross-reference sections (ISO 32000-2, 7.5.5, 7.5.6 and 7.5.8.4). */
import { isDigit, isSpace, latin1 } from './characters.ts';
import { PdfError } from './errors.ts';
import { limits } from './limits.ts';
import { countOf } from './objects.ts';
import type { Reader } from './reader.ts';
import type { XrefEntry, XrefSection } from './xref-section.ts';
import { readXrefStream } from './xref-stream.ts';
import { readTable } from './xref-table.ts';

const HEADER_SEARCH_BYTES = 1024;
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
  entry(num: number): Promise<XrefEntry | undefined>;
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

/** What a section begins with: the keyword, or the number of a stream object. */
async function kindAt(reader: Reader, offset: number): Promise<'table' | 'stream' | undefined> {
  const bytes = await reader.bytes(offset, 32);
  const at = bytes.findIndex((code) => !isSpace(code));
  if (at < 0) return undefined;
  if (latin1(bytes.subarray(at, at + 4)) === 'xref') return 'table';
  return isDigit(bytes[at]) ? 'stream' : undefined;
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

/** A table hides what its stream tells: an object marked free there is looked for in the stream (7.5.8.4). */
async function entryInLink({ section, hidden }: Link, num: number): Promise<XrefEntry | undefined> {
  const entry = await section.entry(num);
  if (!hidden || entry?.kind === 'offset') return entry;
  return (await hidden.entry(num)) ?? entry;
}

/** @throws PdfError not-a-pdf, damaged, limit */
export async function readChain(reader: Reader): Promise<XrefChain> {
  const header = await findHeader(reader);
  const start = await findStartxref(reader);
  const shift = header > 0 && (await kindAt(reader, start + header)) !== undefined ? header : 0;
  const first = await readLink(reader, start + shift, shift);
  const links = [first];
  const seen = new Set([start]);
  for (let link = first; ; ) {
    const previous = link.section.trailer.get('Prev');
    if (previous === undefined || previous === null || previous === 0) break;
    const offset = countOf(previous);
    if (offset === undefined || seen.has(offset)) throw new PdfError('damaged', 'prev');
    if (links.length >= limits.sections) throw new PdfError('limit', 'sections');
    seen.add(offset);
    link = await readLink(reader, offset + shift, shift);
    links.push(link);
  }
  return {
    links,
    newest: first.section,
    shift,
    async entry(num) {
      reader.spend('lookups', 1);
      for (const link of links) {
        reader.spend('probes', 1);
        const entry = await entryInLink(link, num);
        if (entry) return entry;
      }
      return undefined;
    },
  };
}
