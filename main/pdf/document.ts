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
import type { IndirectObject } from './parser.ts';
import { openReader, type Reader } from './reader.ts';
import { scanChain } from './repair.ts';
import type { Source } from './source.ts';
import { decodeStream } from './streams.ts';
import { readChain, type XrefChain } from './xref-chain.ts';

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
  /** The object itself, or what its reference leads to; undefined counts as null. At once where it is at hand. */
  resolve(value: Maybe): PdfObject | Promise<PdfObject>;
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
  const prefix = source.prefix && known.get(source.prefix)?.document;
  const reader = openReader(source, purse.spend, prefix?.reader);
  const chain = await readChain(reader, prefix && { size: prefix.reader.size, chain: prefix.chain });
  const document = await openThrough(reader, chain, password);
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
  const told = countOf(trailer.get('Size')) ?? 0;
  const size = told <= limits.objectNumber + 1 ? told : 0;
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

interface Loaded {
  readonly gen: number;
  readonly value: PdfObject;
}

type Objects = Pick<PdfDocument, 'load' | 'resolve' | 'offsetOf'> & {
  /** Numbers of the objects in an object stream. */
  contents(container: number): Promise<readonly number[]>;
};

function objectLoader(reader: Reader, chain: XrefChain, encrypted: OpenedEncryption | undefined): Objects {
  const objects = new Map<number, Loaded>();
  const containers = new Map<number, ObjectStream>();
  const opening = new Set<number>();
  let containerBytes = 0;

  const entryOf = (num: number) => chain.entry(num);

  function opened(found: IndirectObject, num: number, gen: number): PdfObject {
    if (found.num !== num || found.gen !== gen) throw new PdfError('damaged', 'object is not where the xref says');
    return encrypted && num !== encrypted.num ? encrypted.encryption.open(ref(num, gen), found.value) : found.value;
  }

  const readAt = async (offset: number, num: number, gen: number) => opened(await reader.indirectAt(offset), num, gen);

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

  async function read(num: number): Promise<Loaded | undefined> {
    const entry = await entryOf(num);
    if (entry === undefined || entry.kind === 'free') return undefined;
    if (entry.kind === 'offset') return { gen: entry.gen, value: await readAt(entry.offset, num, entry.gen) };
    return { gen: 0, value: (await container(entry.container)).object(num, entry.index) };
  }

  function keep(num: number, found: Loaded): Loaded {
    if (objects.size >= CACHED_OBJECTS) objects.clear();
    objects.set(num, found);
    return found;
  }

  /** What was loaded before, here or of the bytes that these begin with. */
  function atHand(num: number): Loaded | undefined {
    const known = objects.get(num);
    if (known) return known;
    const entry = chain.peek(num);
    const parsed = entry?.kind === 'offset' ? reader.parsedAt(entry.offset) : undefined;
    if (!parsed || entry?.kind !== 'offset') return undefined;
    reader.spend('lookups', 1);
    reader.spend('parsed', parsed.bytes);
    reader.spend('values', parsed.values);
    return keep(num, { gen: entry.gen, value: opened(parsed.object, num, entry.gen) });
  }

  const valueIn = (found: Loaded | undefined, { gen }: PdfRef) => (found?.gen === gen ? found.value : null);

  async function load(reference: PdfRef): Promise<PdfObject> {
    const found = atHand(reference.num) ?? (await read(reference.num));
    return valueIn(found && keep(reference.num, found), reference);
  }

  function resolve(value: Maybe): PdfObject | Promise<PdfObject> {
    let current = value ?? null;
    for (let hops = 0; isRef(current); hops++) {
      if (hops >= limits.hops) throw new PdfError('limit', 'references');
      const found = atHand(current.num);
      if (!found) return follow(current, hops);
      current = valueIn(found, current);
    }
    return current;
  }

  async function follow(reference: PdfRef, from: number): Promise<PdfObject> {
    let current: PdfObject = reference;
    for (let hops = from; isRef(current); hops++) {
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

/** A document's bytes do not change: what is read of it is read once, and kept for as long as it is. */
export function oncePerDocument<T extends object>(
  read: (document: PdfDocument) => Promise<T>,
): (document: PdfDocument) => Promise<T> {
  const known = new WeakMap<PdfDocument, T>();
  return async (document) => {
    const found = known.get(document) ?? (await read(document));
    known.set(document, found);
    return found;
  };
}

const asDict = (value: PdfObject) => (isDict(value) ? value : undefined);

/** The dictionary behind a value, at once where it is at hand; undefined where it is absent or something else. */
export function dictAt(document: PdfDocument, value: Maybe): PdfDict | undefined | Promise<PdfDict | undefined> {
  const found = document.resolve(value);
  return found instanceof Promise ? found.then(asDict) : asDict(found);
}
