/** The document security store: what later verifiers need of certificates and revocation (ISO 32000-2, 12.8.4.3). */
import { dictAt, type PdfDocument } from './document.ts';
import { PdfError } from './errors.ts';
import { type Increment, startIncrement } from './increment.ts';
import {
  countOf,
  dict,
  isArray,
  isDict,
  isRef,
  isStream,
  type Maybe,
  name,
  type PdfDict,
  type PdfObject,
  type PdfRef,
} from './objects.ts';
import { decodeStream } from './streams.ts';

/** All DER: X.509 certificates, OCSPResponses, CertificateLists. */
export interface ValidationMaterial {
  readonly certificates: readonly Uint8Array[];
  readonly ocsps: readonly Uint8Array[];
  readonly lists: readonly Uint8Array[];
}

export interface StoredItem {
  readonly bytes: Uint8Array;
  /** Where its object begins: a timestamp whose range ends behind it covers it. */
  readonly offset: number;
}

export interface ValidationStore {
  readonly certificates: readonly StoredItem[];
  readonly ocsps: readonly StoredItem[];
  readonly lists: readonly StoredItem[];
}

/** Keys of Table 261, and of Table 262 for what belongs to one signature. */
const keys = {
  certificates: { store: 'Certs', related: 'Cert' },
  ocsps: { store: 'OCSPs', related: 'OCSP' },
  lists: { store: 'CRLs', related: 'CRL' },
} as const;
const kinds = ['certificates', 'ocsps', 'lists'] as const;
type Kind = (typeof kinds)[number];

const MAX_ITEMS = 1024;

async function readItem(document: PdfDocument, at: Maybe): Promise<(StoredItem & { ref: PdfRef }) | undefined> {
  if (!isRef(at)) return undefined;
  const stream = await document.resolve(at);
  if (!isStream(stream)) return undefined;
  const length = countOf(await document.resolve(stream.dict.get('Length')));
  if (length === undefined) return undefined;
  const decrypt = (data: Uint8Array) => document.encryption?.openStream(at, stream.dict, data) ?? data;
  const bytes = await decodeStream(document.reader, stream, length, decrypt);
  return { bytes, offset: (await document.offsetOf(at)) ?? document.reader.size, ref: at };
}

/** What cannot be read is passed over: it proves nothing. */
async function readItems(document: PdfDocument, store: PdfDict | undefined, kind: Kind) {
  const listed = await document.resolve(store?.get(keys[kind].store));
  if (!isArray(listed)) return [];
  if (listed.length > MAX_ITEMS) throw new PdfError('limit', 'validation store');
  const items: (StoredItem & { ref: PdfRef })[] = [];
  for (const at of listed) {
    const item = await readItem(document, at).catch((error: unknown) => {
      if (error instanceof PdfError && error.code === 'damaged') return undefined;
      throw error;
    });
    if (item) items.push(item);
  }
  return items;
}

/** @throws PdfError limit */
export async function readValidationStore(document: PdfDocument): Promise<ValidationStore> {
  const store = await dictAt(document, document.catalog.get('DSS'));
  return {
    certificates: await readItems(document, store, 'certificates'),
    ocsps: await readItems(document, store, 'ocsps'),
    lists: await readItems(document, store, 'lists'),
  };
}

type Known = Map<string, PdfRef>;
const keyOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

/** References to the items, new streams for those that are not there yet. */
function place(increment: Increment, known: Known, items: readonly Uint8Array[]): PdfRef[] {
  return items.map((bytes) => {
    const found = known.get(keyOf(bytes));
    if (found) return found;
    const at = increment.allocate();
    increment.putStream(at, dict(), bytes);
    known.set(keyOf(bytes), at);
    return at;
  });
}

/** /VRI with an entry for each signature given, by the SHA-1 of its /Contents, which is left to the caller. */
async function relatedEntries(
  document: PdfDocument,
  increment: Increment,
  store: PdfDict | undefined,
  known: Readonly<Record<Kind, Known>>,
  related: ReadonlyMap<string, ValidationMaterial>,
): Promise<[string, PdfObject][]> {
  if (related.size === 0) return [];
  const entries = dict((await dictAt(document, store?.get('VRI'))) ?? []);
  for (const [key, material] of related) {
    const own = dict();
    for (const kind of kinds) {
      if (material[kind].length > 0) own.set(keys[kind].related, place(increment, known[kind], material[kind]));
    }
    entries.set(key, own);
  }
  return [['VRI', entries]];
}

/** In the object it is, or as a new one named by the catalog. */
function putStore(document: PdfDocument, increment: Increment, store: PdfDict): void {
  const at = document.catalog.get('DSS');
  if (isRef(at)) {
    increment.put(at, store);
    return;
  }
  const made = increment.allocate();
  increment.put(made, store);
  increment.put(document.catalogRef, new Map([...document.catalog, ['DSS', made]]));
}

/**
 * An increment that adds the material to the document's store, each item once. Allowed on every certified document (12.8.2.2).
 * @param related by upper-case hex SHA-1 of a signature's /Contents: what goes into /VRI besides
 * @returns undefined where all of it is there already
 * @throws PdfError damaged for a repaired document; limit
 */
export async function appendValidationStore(
  document: PdfDocument,
  material: ValidationMaterial,
  related: ReadonlyMap<string, ValidationMaterial> = new Map(),
): Promise<Uint8Array | undefined> {
  if (document.repaired) throw new PdfError('damaged', 'repaired');
  const store = await dictAt(document, document.catalog.get('DSS'));
  const increment = await startIncrement(document);
  const next = dict(isDict(store) ? store : [['Type', name('DSS')]]);
  const known = { certificates: new Map(), ocsps: new Map(), lists: new Map() } satisfies Record<Kind, Known>;
  let changed = related.size > 0;
  for (const kind of kinds) {
    const listed = await document.resolve(store?.get(keys[kind].store));
    const before = isArray(listed) ? listed : [];
    for (const { bytes, ref } of await readItems(document, store, kind)) known[kind].set(keyOf(bytes), ref);
    const added = place(
      increment,
      known[kind],
      material[kind].filter((bytes) => !known[kind].has(keyOf(bytes))),
    );
    if (added.length === 0) continue;
    changed = true;
    next.set(keys[kind].store, [...before, ...added]);
  }
  if (!changed) return undefined;
  for (const [key, value] of await relatedEntries(document, increment, store, known, related)) next.set(key, value);
  putStore(document, increment, next);
  return increment.finish().bytes;
}
