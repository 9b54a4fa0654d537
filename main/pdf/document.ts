/** A PDF opened for lazy reading: objects by number, references followed, nothing read that was not asked for. */
import { directDict, type Encryption, openEncryption } from './encryption.ts';
import { PdfError } from './errors.ts';
import { limits, openPurse, type Purse } from './limits.ts';
import { type ObjectStream, openObjectStream } from './object-stream.ts';
import {
  countOf,
  isArray,
  isDict,
  isRef,
  isStream,
  isString,
  type Maybe,
  type PdfDict,
  type PdfObject,
  type PdfRef,
  ref,
} from './objects.ts';
import { openReader, type Reader } from './reader.ts';
import { scanChain } from './repair.ts';
import type { Source } from './source.ts';
import { decodeStream } from './streams.ts';
import { readChain, type XrefChain } from './xref-chain.ts';
import type { XrefEntry } from './xref-section.ts';

const CACHED_OBJECTS = 4096;
const CACHED_CONTAINER_BYTES = 16 * 1024 * 1024;

export interface PdfDocument {
  readonly reader: Reader;
  readonly chain: XrefChain;
  /** The newest trailer. */
  readonly trailer: PdfDict;
  readonly catalog: PdfDict;
  readonly catalogRef: PdfRef;
  /** The lowest object number no section speaks of. */
  readonly nextNumber: number;
  /** Of an encrypted file; what `load` gives is decrypted, streams' data aside. */
  readonly encryption: Encryption | undefined;
  /** True where the cross-reference data was wrong and objects were searched for: to be looked at, never to be signed. */
  readonly repaired: boolean;
  /** Null for an object that is free or not there (7.3.10). */
  load(reference: PdfRef): Promise<PdfObject>;
  /** The object itself, or what its reference leads to; undefined counts as null. */
  resolve(value: Maybe): Promise<PdfObject>;
  /** Absolute offset the object (or the stream that holds it) begins at; undefined where there is none. */
  offsetOf(reference: PdfRef): Promise<number | undefined>;
}

export interface OpenOptions {
  /** The user's or the owner's; the empty one need not be given. */
  readonly password?: string | undefined;
  /** Searches a damaged file for its objects; otherwise such a file is refused. */
  readonly repair?: boolean;
}

interface Opened {
  readonly password: string;
  readonly purse: Purse;
  readonly document: PdfDocument;
}

/** Preparing a signature looks into its file several times; a source's bytes do not change. */
const known = new WeakMap<Source, Opened>();

async function openOnce(source: Source, password: string): Promise<PdfDocument> {
  const before = known.get(source);
  if (before?.password === password) {
    before.purse.refill();
    return before.document;
  }
  const purse = openPurse();
  const reader = openReader(source, purse.spend, source.prefix && known.get(source.prefix)?.document.reader);
  const document = await openThrough(reader, await readChain(reader), password);
  known.set(source, { password, purse, document });
  return document;
}

/** @throws PdfError not-a-pdf, damaged, encrypted, password-needed, limit */
export async function openDocument(source: Source, options: OpenOptions = {}): Promise<PdfDocument> {
  const { password = '', repair = false } = options;
  try {
    const document = await openOnce(source, password);
    if (repair) await probe(document);
    return document;
  } catch (error) {
    if (!repair || !(error instanceof PdfError) || error.code !== 'damaged') throw error;
  }
  return openRepaired(openReader(source, openPurse().spend), password);
}

async function openThrough(reader: Reader, chain: XrefChain, password: string): Promise<PdfDocument> {
  const { trailer } = chain.newest;
  const encryption = await encryptionOf(reader, chain, password);
  const objects = objectLoader(reader, chain, encryption);
  const catalogRef = trailer.get('Root');
  const catalog = await objects.resolve(catalogRef);
  if (!isRef(catalogRef) || !isDict(catalog)) throw new PdfError('damaged', 'root');
  const size = Math.min(countOf(trailer.get('Size')) ?? 0, limits.objectNumber);
  const nextNumber = chain.links.reduce(
    (highest, { section, hidden }) => Math.max(highest, section.highest + 1, (hidden?.highest ?? -1) + 1),
    Math.max(size, 1),
  );
  const { contents: _, ...face } = objects;
  const facts = { reader, chain, trailer, catalog, catalogRef, nextNumber };
  return { ...facts, encryption: encryption?.encryption, repaired: false, ...face };
}

/** Objects looked at before offsets are believed. */
const PROBED_OBJECTS = 1000;

/** @throws PdfError damaged where an object is not where the file says */
async function probe(document: PdfDocument): Promise<void> {
  const pages = await document.resolve(document.catalog.get('Pages'));
  if (!isDict(pages)) throw new PdfError('damaged', 'pages');
  for (let num = 1; num < Math.min(document.nextNumber, PROBED_OBJECTS); num++) await document.load(ref(num));
}

async function openRepaired(reader: Reader, password: string): Promise<PdfDocument> {
  const chain = await scanChain(reader);
  const { contents } = objectLoader(reader, chain, await encryptionOf(reader, chain, password));
  for (const container of chain.containers) {
    const numbers = await contents(container).catch((error: unknown) => {
      if (error instanceof PdfError && error.code === 'damaged') return [];
      throw error;
    });
    numbers.forEach((num, index) => {
      chain.adopt(num, container, index);
    });
  }
  return { ...(await openThrough(reader, chain, password)), repaired: true };
}

interface OpenedEncryption {
  readonly encryption: Encryption;
  /** Object number of its dictionary, whose own strings are not encrypted; -1 where it lies in the trailer. */
  readonly num: number;
}

/** An update that drops /Encrypt does not make what is encrypted plain: such a file is refused. */
async function encryptionOf(reader: Reader, chain: XrefChain, password: string): Promise<OpenedEncryption | undefined> {
  const value = chain.newest.trailer.get('Encrypt') ?? null;
  if (value === null) {
    const lost = chain.links.some(({ section }) => (section.trailer.get('Encrypt') ?? null) !== null);
    if (lost) throw new PdfError('encrypted', 'an update dropped /Encrypt');
    return undefined;
  }
  const { resolve } = objectLoader(reader, chain, undefined);
  const dictionary = await directDict(resolve, value);
  if (!dictionary) throw new PdfError('encrypted', 'no encryption dictionary');
  const id = await resolve(chain.newest.trailer.get('ID'));
  const [first] = isArray(id) ? id : [];
  const half = await resolve(first);
  const encryption = openEncryption(dictionary, isString(half) ? half.bytes : new Uint8Array(0), password);
  return { encryption, num: isRef(value) ? value.num : -1 };
}

type Objects = Pick<PdfDocument, 'load' | 'resolve' | 'offsetOf'> & {
  /** Numbers of the objects in an object stream. */
  contents(container: number): Promise<readonly number[]>;
};

function objectLoader(reader: Reader, chain: XrefChain, encrypted: OpenedEncryption | undefined): Objects {
  const entries = new Map<number, XrefEntry | undefined>();
  const objects = new Map<number, { gen: number; value: PdfObject }>();
  const containers = new Map<number, ObjectStream>();
  const opening = new Set<number>();
  let containerBytes = 0;

  async function entryOf(num: number): Promise<XrefEntry | undefined> {
    if (entries.has(num)) return entries.get(num);
    const entry = await chain.entry(num);
    if (entries.size >= CACHED_OBJECTS) entries.clear();
    entries.set(num, entry);
    return entry;
  }

  async function readAt(offset: number, num: number, gen: number): Promise<PdfObject> {
    const found = await reader.indirectAt(offset);
    if (found.num !== num || found.gen !== gen) throw new PdfError('damaged', 'object is not where the xref says');
    return encrypted && num !== encrypted.num ? encrypted.encryption.open(ref(num, gen), found.value) : found.value;
  }

  async function container(num: number): Promise<ObjectStream> {
    const known = containers.get(num);
    if (known) return known;
    const entry = await entryOf(num);
    if (entry?.kind !== 'offset' || opening.has(num)) throw new PdfError('damaged', 'object stream');
    opening.add(num);
    try {
      const stream = await readAt(entry.offset, num, entry.gen);
      if (!isStream(stream)) throw new PdfError('damaged', 'object stream');
      const length = countOf(await resolve(stream.dict.get('Length')));
      if (length === undefined) throw new PdfError('damaged', 'stream length');
      const holder = ref(num, entry.gen);
      const decrypt = (data: Uint8Array) => encrypted?.encryption.openStream(holder, stream.dict, data) ?? data;
      const bytes = await decodeStream(reader, stream, length, decrypt);
      const opened = openObjectStream(stream.dict, bytes, reader.spend);
      containerBytes += opened.size;
      if (containerBytes > CACHED_CONTAINER_BYTES) {
        containers.clear();
        containerBytes = opened.size;
      }
      containers.set(num, opened);
      return opened;
    } finally {
      opening.delete(num);
    }
  }

  async function read(num: number): Promise<{ gen: number; value: PdfObject } | undefined> {
    const entry = await entryOf(num);
    if (entry === undefined || entry.kind === 'free') return undefined;
    if (entry.kind === 'offset') return { gen: entry.gen, value: await readAt(entry.offset, num, entry.gen) };
    return { gen: 0, value: (await container(entry.container)).object(num, entry.index) };
  }

  async function load(reference: PdfRef): Promise<PdfObject> {
    let found = objects.get(reference.num);
    if (!found) {
      found = await read(reference.num);
      if (!found) return null;
      if (objects.size >= CACHED_OBJECTS) objects.clear();
      objects.set(reference.num, found);
    }
    return found.gen === reference.gen ? found.value : null;
  }

  async function resolve(value: Maybe): Promise<PdfObject> {
    let current = value ?? null;
    for (let hops = 0; isRef(current); hops++) {
      if (hops >= limits.hops) throw new PdfError('limit', 'references');
      current = await load(current);
    }
    return current;
  }

  async function offsetOf(reference: PdfRef): Promise<number | undefined> {
    const entry = await entryOf(reference.num);
    if (entry?.kind === 'offset') return entry.offset;
    const outer = entry?.kind === 'compressed' ? await entryOf(entry.container) : undefined;
    return outer?.kind === 'offset' ? outer.offset : undefined;
  }

  return { load, resolve, offsetOf, contents: async (num) => (await container(num)).numbers };
}

/** The dictionary behind a value; undefined where it is absent or something else. */
export async function dictAt(document: PdfDocument, value: Maybe): Promise<PdfDict | undefined> {
  const found = await document.resolve(value);
  return isDict(found) ? found : undefined;
}
