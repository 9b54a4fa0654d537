/**
 * An incremental update: changed and new objects, a cross-reference section of the kind the file has, a trailer
 * (ISO 32000-2, 7.5.6). The bytes before it are not touched. An encrypted file's increment is encrypted too (7.6.2).
 */
import { createHash } from 'node:crypto';
import { fromLatin1, isEndOfLine } from './characters.ts';
import type { PdfDocument } from './document.ts';
import { PdfError } from './errors.ts';
import { limits } from './limits.ts';
import {
  dict,
  isArray,
  isDict,
  isString,
  name,
  type PdfDict,
  type PdfObject,
  type PdfRef,
  ref,
  string,
} from './objects.ts';
import { objectText, serialize, serializeStream } from './serializer.ts';

export interface Increment {
  /** A reference to an object that does not exist yet. */
  allocate(): PdfRef;
  /** New or in place of the old one, which keeps its number and generation. */
  put(at: PdfRef, value: PdfObject): void;
  putStream(at: PdfRef, dictionary: PdfDict, data: Uint8Array): void;
  /** The object's text as given; strings in it are the caller's to seal. */
  putRaw(at: PdfRef, text: Uint8Array): void;
  /** The value as it is written into this object: strings encrypted where the file is. */
  seal(at: PdfRef, value: PdfObject): PdfObject;
  /** Nothing may be put after this. */
  finish(): FinishedIncrement;
}

export interface FinishedIncrement {
  readonly bytes: Uint8Array;
  /** Where an object's value begins, relative to the increment. */
  valueOffset(at: PdfRef): number;
}

interface Placed {
  readonly ref: PdfRef;
  /** Relative to the increment. */
  readonly offset: number;
}

const MAX_TABLE_OFFSET = 9_999_999_999;

/** Keys of a trailer that belong to its own section and not to the document. */
const OWN_KEYS = new Set([
  'Size',
  'Prev',
  'XRefStm',
  'Type',
  'W',
  'Index',
  'Length',
  'Filter',
  'DecodeParms',
  'F',
  'FFilter',
  'FDecodeParms',
  'DL',
]);

export async function startIncrement(document: PdfDocument): Promise<Increment> {
  const { reader, chain, encryption } = document;
  const [lastByte] = await reader.bytes(reader.size - 1, 1);
  const parts: Uint8Array[] = [];
  let length = 0;
  const write = (bytes: Uint8Array) => {
    parts.push(bytes);
    length += bytes.length;
  };
  if (!isEndOfLine(lastByte)) write(fromLatin1('\n'));
  let nextNumber = document.nextNumber;
  const objects = new Map<number, { ref: PdfRef; text: Uint8Array }>();

  /** @throws PdfError limit where the file has named every number there may be (7.5.4, Annex C) */
  function numbered(): PdfRef {
    if (nextNumber > limits.objectNumber) throw new PdfError('limit', 'object numbers');
    return ref(nextNumber++);
  }

  const seal = (at: PdfRef, value: PdfObject) => (encryption ? encryption.seal(at, value) : value);
  const sealDict = (at: PdfRef, value: PdfDict) => {
    const sealed = seal(at, value);
    return isDict(sealed) ? sealed : value;
  };

  return {
    allocate: numbered,
    seal,
    put: (at, value) => objects.set(at.num, { ref: at, text: serialize(seal(at, value)) }),
    putStream(at, dictionary, data) {
      const sealed = encryption ? encryption.sealStream(at, data) : data;
      objects.set(at.num, { ref: at, text: serializeStream(sealDict(at, dictionary), sealed) });
    },
    putRaw: (at, text) => objects.set(at.num, { ref: at, text }),
    finish() {
      const values = new Map<number, number>();
      const placed: Placed[] = [];
      for (const object of [...objects.values()].sort((a, b) => a.ref.num - b.ref.num)) {
        placed.push({ ref: object.ref, offset: length });
        write(fromLatin1(`${object.ref.num} ${object.ref.gen} obj\n`));
        values.set(object.ref.num, length);
        write(object.text);
        write(fromLatin1('\nendobj\n'));
      }
      /** Offsets in the file count from where its own do. */
      const origin = reader.size - chain.shift;
      const xrefAt = length;
      const trailer = trailerOf(document, placed);
      if (chain.newest.kind === 'table') write(tableText(placed, trailer.set('Size', nextNumber), origin));
      else {
        const own = numbered();
        write(xrefStreamText(placed, trailer.set('Size', nextNumber), own, origin, xrefAt));
      }
      write(fromLatin1(`startxref\n${origin + xrefAt}\n%%EOF\n`));
      return {
        bytes: Buffer.concat(parts, length),
        valueOffset(at) {
          const offset = values.get(at.num);
          if (offset === undefined) throw new RangeError('object is not in the increment');
          return offset;
        },
      };
    },
  };
}

/** All the document's keys carried; the second half of /ID made anew (14.4). */
function trailerOf(document: PdfDocument, placed: readonly Placed[]): Map<string, PdfObject> {
  const { trailer, chain, reader } = document;
  const next = dict([...trailer].filter(([key]) => !OWN_KEYS.has(key)));
  next.set('Prev', chain.newest.offset - chain.shift);
  const id = trailer.get('ID');
  const [first, second] = isArray(id) ? id : [];
  if (isString(first)) {
    const hash = createHash('sha256').update(isString(second) ? second.bytes : first.bytes);
    hash.update(`${reader.size} ${placed.map(({ ref: at, offset }) => `${at.num}@${offset}`).join(' ')}`);
    next.set('ID', [first, string(hash.digest().subarray(0, 16))]);
  }
  return next;
}

/** Runs of consecutive numbers, which is what subsections are. */
function runsOf(placed: readonly Placed[]): Placed[][] {
  const runs: Placed[][] = [];
  for (const item of placed) {
    const run = runs.at(-1);
    if (run?.at(-1)?.ref.num === item.ref.num - 1) run.push(item);
    else runs.push([item]);
  }
  return runs;
}

function tableText(placed: readonly Placed[], trailer: PdfDict, origin: number): Uint8Array {
  let text = 'xref\n';
  for (const run of runsOf(placed)) {
    text += `${run[0]?.ref.num} ${run.length}\n`;
    for (const { ref: at, offset } of run) {
      if (origin + offset > MAX_TABLE_OFFSET) throw new PdfError('limit', 'offset does not fit a table');
      text += `${String(origin + offset).padStart(10, '0')} ${String(at.gen).padStart(5, '0')} n\r\n`;
    }
  }
  return fromLatin1(`${text}trailer\n${objectText(trailer)}\n`);
}

function xrefStreamText(
  placed: readonly Placed[],
  trailer: PdfDict,
  own: PdfRef,
  origin: number,
  xrefAt: number,
): Uint8Array {
  const rows = [...placed, { ref: own, offset: xrefAt }];
  const offsetBytes = Math.max(4, Math.ceil((origin + xrefAt).toString(16).length / 2));
  const data = Buffer.alloc(rows.length * (offsetBytes + 3));
  rows.forEach(({ ref: at, offset }, i) => {
    const from = i * (offsetBytes + 3);
    data[from] = 1;
    data.writeUIntBE(origin + offset, from + 1, Math.min(offsetBytes, 6));
    data.writeUInt16BE(at.gen, from + 1 + offsetBytes);
  });
  const entries = dict([
    ['Type', name('XRef')],
    ...trailer,
    ['W', [1, offsetBytes, 2]],
    ['Index', runsOf(rows).flatMap((run) => [run[0]?.ref.num ?? 0, run.length])],
  ]);
  return Buffer.concat([fromLatin1(`${own.num} 0 obj\n`), serializeStream(entries, data), fromLatin1('\nendobj\n')]);
}
