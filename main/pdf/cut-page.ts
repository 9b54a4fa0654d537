/**
 * One page as a small PDF of its own, cut out by the lazy reader: what a viewer shows of a very large file at once, before it has
 * read the whole cross-reference data. For display alone: what acts, leads elsewhere or describes structure is left behind.
 */
import { fromLatin1 } from './characters.ts';
import { dictAt, type OpenOptions, openDocument, type PdfDocument } from './document.ts';
import { PdfError } from './errors.ts';
import {
  countOf,
  dict,
  isArray,
  isDict,
  isRef,
  isStream,
  type Maybe,
  nameOf,
  type PdfArray,
  type PdfObject,
  type PdfRef,
  type PdfStream,
  ref,
} from './objects.ts';
import { findPage, inherited, type Page } from './page-tree.ts';
import { serialize, serializeStream } from './serializer.ts';
import type { Source } from './source.ts';

export interface CutPage {
  /** A complete, unencrypted PDF of one page. */
  readonly bytes: Uint8Array;
  /** Pages of the file it was cut from, as its page tree says; at least 1. */
  readonly pageCount: number;
}

/** A page that needs more is not shown any sooner by being cut out. */
const MAX_BYTES = 8 * 1024 * 1024;
const MAX_OBJECTS = 5_000;

const inheritedKeys = ['Resources', 'MediaBox', 'CropBox', 'Rotate'] as const;
const ownKeys = ['Contents', 'UserUnit', 'Group'] as const;

/** Of an annotation: how it looks. Its actions, its ways to other pages and its field's value stay behind. */
const annotationKeys = ['Type', 'Subtype', 'Rect', 'AP', 'AS', 'F', 'OC', 'FT', 'Ff'] as const;
/** Of a stream: what describes it and is not painted; an external file's data (/F) is not fetched. */
const streamKeysLeft: ReadonlySet<string> = new Set([
  'Length',
  'Metadata',
  'PieceInfo',
  'StructParent',
  'StructParents',
  'F',
]);

class TooMuch extends Error {}

/** Copies what is reached from the page under numbers of its own, one object at a time. */
function createCopy(document: PdfDocument) {
  const numbers = new Map<number, number>();
  const waiting: PdfRef[] = [];
  const written: Uint8Array[] = [];
  let bytes = 0;

  /** @param own the number in the new file */
  function put(own: number, body: Uint8Array): void {
    bytes += body.length;
    if (bytes > MAX_BYTES) throw new TooMuch();
    written[own - 1] = body;
  }
  function take(): number {
    if (written.length >= MAX_OBJECTS) throw new TooMuch();
    return written.push(new Uint8Array(0));
  }
  function renumber(from: PdfRef): PdfRef {
    let own = numbers.get(from.num);
    if (own === undefined) {
      own = take();
      numbers.set(from.num, own);
      waiting.push(from);
    }
    return ref(own);
  }
  function rewrite(value: PdfObject): PdfObject {
    if (isRef(value)) return renumber(value);
    if (isArray(value)) return value.map(rewrite);
    return isDict(value) ? dict([...value].map(([key, entry]) => [key, rewrite(entry)])) : value;
  }
  async function stream(from: PdfRef, value: PdfStream): Promise<Uint8Array> {
    const length = countOf(await document.resolve(value.dict.get('Length')));
    if (length === undefined || value.dataOffset + length > document.reader.size)
      throw new PdfError('damaged', 'stream');
    if (bytes + length > MAX_BYTES) throw new TooMuch();
    const { encryption } = document;
    const filters = value.dict.get('Filter');
    if (encryption && isArray(filters) && nameOf(filters[0]) === 'Crypt') throw new TooMuch();
    const raw = await document.reader.bytes(value.dataOffset, length);
    const entries = [...value.dict].filter(([key]) => !streamKeysLeft.has(key));
    const kept = dict(entries.map(([key, entry]) => [key, rewrite(entry)]));
    return serializeStream(kept, encryption ? encryption.openStream(from, value.dict, raw) : raw);
  }
  async function body(from: PdfRef): Promise<Uint8Array> {
    const value = await document.load(from);
    if (isStream(value)) return stream(from, value);
    const isPage = isDict(value) && ['Page', 'Pages', 'Catalog'].includes(nameOf(value.get('Type')) ?? '');
    return serialize(isPage ? null : rewrite(value));
  }
  return {
    take,
    put,
    rewrite,
    /** Copies everything that has been referred to by now, and what that refers to. */
    async follow() {
      for (let from = waiting.shift(); from; from = waiting.shift()) put(numbers.get(from.num) ?? 0, await body(from));
    },
    bodies: (): readonly Uint8Array[] => written,
  };
}

function assemble(bodies: readonly Uint8Array[]): Uint8Array {
  const parts: Uint8Array[] = [fromLatin1('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n')];
  let at = parts[0]?.length ?? 0;
  let table = `xref\n0 ${bodies.length + 1}\n0000000000 65535 f\r\n`;
  for (const [index, body] of bodies.entries()) {
    table += `${String(at).padStart(10, '0')} 00000 n\r\n`;
    const head = fromLatin1(`${index + 1} 0 obj\n`);
    const tail = fromLatin1('\nendobj\n');
    parts.push(head, body, tail);
    at += head.length + body.length + tail.length;
  }
  parts.push(fromLatin1(`${table}trailer\n<< /Size ${bodies.length + 1} /Root 1 0 R >>\nstartxref\n${at}\n%%EOF\n`));
  return Buffer.concat(parts);
}

/** The page's annotations that bring their own appearance, as no more than that appearance. */
async function annotationsOf(document: PdfDocument, page: Page): Promise<PdfArray> {
  const given = await document.resolve(page.dict.get('Annots'));
  const found: PdfObject[] = [];
  for (const item of isArray(given) ? given.slice(0, MAX_OBJECTS) : []) {
    const annotation = await dictAt(document, item);
    if (!annotation?.has('AP')) continue;
    found.push(
      dict(
        annotationKeys.flatMap((key) => {
          const value = annotation.get(key);
          return value === undefined ? [] : [[key, value] as const];
        }),
      ),
    );
  }
  return found;
}

/**
 * @param number from 1
 * @returns undefined where the page needs more than 8 MB or 5,000 objects
 * @throws PdfError page-not-found, not-a-pdf, damaged, encrypted, password-needed, limit
 */
export async function cutPage(source: Source, number: number, options: OpenOptions = {}): Promise<CutPage | undefined> {
  const document = await openDocument(source, options);
  const page = await findPage(document, number);
  const pages = await dictAt(document, document.catalog.get('Pages'));
  try {
    return { bytes: await copyPage(document, page), pageCount: Math.max(1, countOf(pages?.get('Count')) ?? 1) };
  } catch (error) {
    if (error instanceof TooMuch) return undefined;
    throw error;
  }
}

async function copyPage(document: PdfDocument, page: Page): Promise<Uint8Array> {
  const copy = createCopy(document);
  const [catalog, tree, only] = [copy.take(), copy.take(), copy.take()];
  const facts = new Map<string, Maybe>([['Annots', await annotationsOf(document, page)]]);
  for (const key of inheritedKeys) facts.set(key, await inherited(document, page, key));
  for (const key of ownKeys) facts.set(key, page.dict.get(key));
  const entries = [...facts].flatMap(([key, value]): [string, PdfObject][] =>
    value === undefined || value === null ? [] : [[key, copy.rewrite(value)]],
  );
  const type = (value: string): [string, PdfObject] => ['Type', { kind: 'name', value }];
  copy.put(only, serialize(dict([type('Page'), ['Parent', ref(tree)], ...entries])));
  copy.put(tree, serialize(dict([type('Pages'), ['Count', 1], ['Kids', [ref(only)]]])));
  // Which layers are shown (8.11.4).
  const layers = document.catalog.get('OCProperties');
  const shown: [string, PdfObject][] = layers === undefined ? [] : [['OCProperties', copy.rewrite(layers)]];
  copy.put(catalog, serialize(dict([type('Catalog'), ['Pages', ref(tree)], ...shown])));
  await copy.follow();
  return assemble(copy.bodies());
}
