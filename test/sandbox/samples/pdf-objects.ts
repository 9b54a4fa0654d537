/** A small writer of whole PDF files (ISO 32000-1, 7.5): objects are collected, then laid out with one kind of cross-reference. */
import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';

export interface ObjectBook {
  /** A number for an object that is set later. */
  reserve(): number;
  set(number: number, body: string | Uint8Array): void;
  /** Adds an object and gives its number. */
  add(body: string | Uint8Array): number;
  /** Adds a stream; `dictionary` is what stands between << and >> besides /Length. */
  stream(dictionary: string, data: Uint8Array | string, compress?: boolean): number;
  /** Bodies by number. */
  entries(): ReadonlyMap<number, Uint8Array>;
  /** One more than the highest number. */
  size(): number;
}

export interface Trailer {
  readonly root: number;
  readonly info: number;
  /** /ID is derived from this text. */
  readonly identity: string;
}

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const join = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

/** A stream object's body. */
export function streamBody(dictionary: string, data: Uint8Array | string, compress = true): Uint8Array {
  const plain = typeof data === 'string' ? latin1(data) : data;
  const bytes = compress ? deflateSync(plain) : plain;
  const filter = compress ? ' /Filter /FlateDecode' : '';
  const head = `<< ${dictionary}${filter} /Length ${bytes.length} >>\nstream\n`;
  return Buffer.concat([latin1(head), bytes, latin1('\nendstream')]);
}

/** @param first the first free object number */
export function createObjects(first = 1): ObjectBook {
  const bodies = new Map<number, Uint8Array>();
  let next = first;
  const set = (number: number, body: string | Uint8Array) => {
    bodies.set(number, typeof body === 'string' ? latin1(body) : body);
  };
  const reserve = () => {
    next += 1;
    return next - 1;
  };
  const add = (body: string | Uint8Array) => {
    const number = reserve();
    set(number, body);
    return number;
  };
  return {
    reserve,
    set,
    add,
    stream: (dictionary, data, compress) => add(streamBody(dictionary, data, compress)),
    entries: () => bodies,
    size: () => next,
  };
}

/** A text string (7.9.2.2): a literal where Latin letters do, else UTF-16 with its mark, in hex. */
export function textString(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return `(${text.replace(/[\\()]/g, (c) => `\\${c}`)})`;
  return `<FEFF${Buffer.from(text, 'utf16le').swap16().toString('hex').toUpperCase()}>`;
}

interface Placed {
  readonly bytes: Uint8Array;
  readonly offsets: ReadonlyMap<number, number>;
}

function placeObjects(start: number, objects: Iterable<readonly [number, Uint8Array]>): Placed {
  const parts: Uint8Array[] = [];
  const offsets = new Map<number, number>();
  let at = start;
  for (const [number, body] of objects) {
    offsets.set(number, at);
    const all = [latin1(`${number} 0 obj\n`), body, latin1('\nendobj\n')];
    for (const part of all) at += part.length;
    parts.push(...all);
  }
  return { bytes: join(parts), offsets };
}

const header = (version: string): Uint8Array =>
  join([latin1(`%PDF-${version}\n%`), Uint8Array.of(0xe2, 0xe3, 0xcf, 0xd3, 0x0a)]);

function idEntry(identity: string, revision: number): string {
  const hash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32).toUpperCase();
  return `/ID [<${hash(identity)}> <${hash(`${identity} ${revision}`)}>]`;
}

const line = (offset: number, generation: number, kind: 'n' | 'f') =>
  `${String(offset).padStart(10, '0')} ${String(generation).padStart(5, '0')} ${kind} \n`;

/** A whole table from object 0; numbers without an offset are free. */
function wholeTable(offsets: ReadonlyMap<number, number>, size: number): string {
  let table = `xref\n0 ${size}\n${line(0, 65535, 'f')}`;
  for (let number = 1; number < size; number += 1) {
    const offset = offsets.get(number);
    table += offset === undefined ? line(0, 65535, 'f') : line(offset, 0, 'n');
  }
  return table;
}

function trailerText(trailer: Trailer, size: number, revision: number, more: string): string {
  const { root, info } = trailer;
  return `trailer\n<< /Size ${size} /Root ${root} 0 R /Info ${info} 0 R ${idEntry(trailer.identity, revision)}${more} >>\n`;
}

const ending = (xref: number): string => `startxref\n${xref}\n%%EOF\n`;

/** A file with a cross-reference table (7.5.4). */
export function writeClassic(objects: ObjectBook, trailer: Trailer): Uint8Array {
  const head = header('1.7');
  const placed = placeObjects(head.length, objects.entries());
  const xref = head.length + placed.bytes.length;
  const tail = wholeTable(placed.offsets, objects.size()) + trailerText(trailer, objects.size(), 0, '') + ending(xref);
  return join([head, placed.bytes, latin1(tail)]);
}

/**
 * A hybrid-reference file (7.5.8.4): the objects named in `hidden` lie in an object stream that only readers of /XRefStm see.
 * They must not be streams, nor anything an old reader cannot do without.
 */
export function writeHybrid(objects: ObjectBook, trailer: Trailer, hidden: ReadonlySet<number>): Uint8Array {
  const head = header('1.5');
  const visible = [...objects.entries()].filter(([number]) => !hidden.has(number));
  const bodies = [...objects.entries()].filter(([number]) => hidden.has(number));
  let index = '';
  let content = '';
  for (const [number, body] of bodies) {
    index += `${number} ${content.length} `;
    content += `${Buffer.from(body).toString('latin1')}\n`;
  }
  const container = objects.size();
  const xrefStream = container + 1;
  const size = container + 2;
  const dictionary = `/Type /ObjStm /N ${bodies.length} /First ${index.length}`;
  const placed = placeObjects(head.length, [...visible, [container, streamBody(dictionary, index + content)]]);
  const xrefStreamOffset = head.length + placed.bytes.length;
  const rows = bodies.map(([number], i) => ({ number, row: [2, container >> 8, container & 255, i] }));
  const xrefDictionary = [
    `/Type /XRef /Size ${size} /W [1 2 1] /Root ${trailer.root} 0 R`,
    `/Index [${rows.map(({ number }) => `${number} 1`).join(' ')}]`,
  ].join(' ');
  const xrefData = Uint8Array.from(rows.flatMap(({ row }) => row));
  const stream = placeObjects(xrefStreamOffset, [[xrefStream, streamBody(xrefDictionary, xrefData)]]);
  const xref = xrefStreamOffset + stream.bytes.length;
  const offsets = new Map([...placed.offsets, ...stream.offsets]);
  const tail =
    wholeTable(offsets, size) + trailerText(trailer, size, 0, ` /XRefStm ${xrefStreamOffset}`) + ending(xref);
  return join([head, placed.bytes, stream.bytes, latin1(tail)]);
}

/** The file's last cross-reference offset. */
function lastXref(base: Uint8Array): number {
  const tail = Buffer.from(base.subarray(-1024)).toString('latin1');
  const found = [...tail.matchAll(/startxref\s+(\d+)/g)].at(-1)?.[1];
  if (found === undefined) throw new Error('the base has no startxref');
  return Number(found);
}

/** `base` and an incremental update (7.5.6) with these objects, changed or new, behind a cross-reference table of their own. */
export function appendUpdate(base: Uint8Array, objects: ObjectBook, trailer: Trailer, revision: number): Uint8Array {
  const placed = placeObjects(base.length, objects.entries());
  const xref = base.length + placed.bytes.length;
  let table = 'xref\n';
  for (const [number, offset] of [...placed.offsets].sort(([a], [b]) => a - b)) {
    table += `${number} 1\n${line(offset, 0, 'n')}`;
  }
  const tail = trailerText(trailer, objects.size(), revision, ` /Prev ${lastXref(base)}`);
  return join([base, placed.bytes, latin1(table + tail + ending(xref))]);
}
