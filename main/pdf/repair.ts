/**
 * A file whose cross-reference data is wrong, read by searching it for what looks like objects. Good for looking at it only: what another
 * reader makes of such a file may differ, so it is not signed, and its signatures are not judged.
 */
import { latin1 } from './characters.ts';
import { PdfError } from './errors.ts';
import { limits } from './limits.ts';
import { dict, isDict, isStream, type PdfDict, type PdfObject, ref } from './objects.ts';
import type { Reader } from './reader.ts';
import type { XrefChain } from './xref-chain.ts';
import type { XrefEntry } from './xref-section.ts';

const CHUNK_BYTES = 256 * 1024;
/** Longer than anything searched for. */
const OVERLAP_BYTES = 64;
const MAX_SCAN_BYTES = 256 * 1024 * 1024;
const MAX_OBJECTS = 500_000;
const MAX_TRAILERS = 1000;
const MARKS = /(?<!\d)(\d{1,7})\s{1,8}(\d{1,5})\s{1,8}obj(?![a-zA-Z])|trailer|\/ObjStm|\/XRef(?![A-Za-z])|\/Catalog/g;

interface Found {
  readonly offset: number;
  readonly gen: number;
}

interface Scan {
  readonly objects: Map<number, Found>;
  /** Object numbers of object streams, in the order they stand in. */
  readonly containers: Set<number>;
  /** Offsets of what a trailer's dictionary may be in. */
  readonly trailers: { readonly offset: number; readonly kind: 'table' | 'stream' }[];
  catalog: number | undefined;
}

async function scan(reader: Reader): Promise<Scan> {
  const found: Scan = { objects: new Map(), containers: new Set(), trailers: [], catalog: undefined };
  let current: { num: number; offset: number } | undefined;
  for (let from = 0, done = 0; from < reader.size; from += CHUNK_BYTES) {
    const text = latin1(await reader.bytes(from, CHUNK_BYTES + OVERLAP_BYTES));
    for (const match of text.matchAll(MARKS)) {
      if (match.index >= CHUNK_BYTES) break;
      const offset = from + match.index;
      if (offset < done) continue;
      done = offset + match[0].length;
      const [mark, num, gen] = match;
      if (num !== undefined) {
        current = { num: Number(num), offset };
        if (current.num > limits.objectNumber || Number(gen) > limits.generation) continue;
        found.containers.delete(current.num);
        found.objects.set(current.num, { offset, gen: Number(gen) });
        if (found.objects.size > MAX_OBJECTS) throw new PdfError('limit', 'objects');
      } else if (mark === 'trailer') found.trailers.push({ offset: done, kind: 'table' });
      else if (current && mark === '/ObjStm') found.containers.add(current.num);
      else if (current && mark === '/XRef') found.trailers.push({ offset: current.offset, kind: 'stream' });
      else if (current) found.catalog = current.num;
    }
  }
  return found;
}

async function readTrailer(reader: Reader, at: Scan['trailers'][number]): Promise<PdfDict | undefined> {
  try {
    const value: PdfObject = await reader.parseAt(at.offset, (parser) =>
      at.kind === 'table' ? parser.object() : parser.indirect().value,
    );
    const found = isStream(value) ? value.dict : value;
    return isDict(found) && found.has('Root') ? found : undefined;
  } catch (error) {
    if (error instanceof PdfError && error.code === 'damaged') return undefined;
    throw error;
  }
}

export interface RepairedChain extends XrefChain {
  /** Object streams whose contents are not known yet, by number. */
  readonly containers: readonly number[];
  /** Tells of an object in an object stream; one that stands later in the file hides it. */
  adopt(num: number, container: number, index: number): void;
}

/** @throws PdfError damaged where nothing of a document is found, limit */
export async function scanChain(reader: Reader): Promise<RepairedChain> {
  if (reader.size > MAX_SCAN_BYTES) throw new PdfError('damaged', 'too large to repair');
  const { objects, containers, trailers, catalog } = await scan(reader);
  let trailer: PdfDict | undefined;
  for (const at of trailers.slice(-MAX_TRAILERS).toReversed()) trailer ??= await readTrailer(reader, at);
  if (!trailer && catalog !== undefined) trailer = dict([['Root', ref(catalog, objects.get(catalog)?.gen)]]);
  if (!trailer) throw new PdfError('damaged', 'no trailer and no catalog');
  const packed = new Map<number, { container: number; index: number }>();
  async function entry(num: number): Promise<XrefEntry | undefined> {
    reader.spend('lookups', 1);
    const inside = packed.get(num);
    if (inside) return { kind: 'compressed', ...inside };
    const at = objects.get(num);
    return at && { kind: 'offset', ...at };
  }
  const section = {
    kind: 'table',
    offset: reader.size,
    end: reader.size,
    trailer,
    highest: [...objects.keys()].reduce((highest, num) => Math.max(highest, num), -1),
    runs: [...objects.keys()].sort((a, b) => a - b).map((first) => ({ first, count: 1 })),
    entry,
  } as const;
  return {
    links: [{ section, hidden: undefined }],
    newest: section,
    shift: 0,
    entry,
    // What an object stream holds is told only later.
    peek: () => undefined,
    containers: [...containers],
    adopt(num, container, index) {
      const own = objects.get(num)?.offset ?? -1;
      const known = packed.get(num);
      const rival = known ? (objects.get(known.container)?.offset ?? -1) : own;
      if ((objects.get(container)?.offset ?? -1) > Math.max(own, rival)) packed.set(num, { container, index });
    },
  };
}
