/**
 * A damaged file that carries no signature, written anew: its objects as a search finds them, under their own numbers, with a cross-reference table
 * that is right. An encrypted file stays encrypted: streams keep their bytes, strings are sealed again under the same numbers.
 */
import { fromLatin1, latin1 } from './characters.ts';
import { type OpenOptions, openDocument, type PdfDocument } from './document.ts';
import { signaturesOf } from './embedded-signatures.ts';
import { PdfError } from './errors.ts';
import {
  countOf,
  dict,
  isDict,
  isRef,
  isStream,
  nameOf,
  type PdfDict,
  type PdfObject,
  type PdfStream,
  ref,
} from './objects.ts';
import { objectText, serialize, serializeStream } from './serializer.ts';
import type { Source } from './source.ts';

const HEADER = Buffer.concat([fromLatin1('%PDF-1.7\n%'), Buffer.from([0xe2, 0xe3, 0xcf, 0xd3]), fromLatin1('\n')]);
const KEPT_KEYS = ['Root', 'Info', 'ID', 'Encrypt'];
const WINDOW_BYTES = 64 * 1024;
const END = 'endstream';

/** Where the data ends: as its length says where `endstream` follows there, else at the next `endstream`. */
async function dataOf(document: PdfDocument, stream: PdfStream): Promise<Uint8Array> {
  const { reader } = document;
  const length = countOf(await document.resolve(stream.dict.get('Length')));
  if (length !== undefined && stream.dataOffset + length <= reader.size) {
    const behind = latin1(await reader.bytes(stream.dataOffset + length, END.length + 4));
    if (/^\s{0,3}endstream/.test(behind)) return reader.bytes(stream.dataOffset, length);
  }
  for (let at = stream.dataOffset; at < reader.size; at += WINDOW_BYTES) {
    const found = latin1(await reader.bytes(at, WINDOW_BYTES + END.length)).indexOf(END);
    if (found < 0) continue;
    const data = await reader.bytes(stream.dataOffset, at + found - stream.dataOffset);
    const line = latin1(data.subarray(-2));
    return data.subarray(0, data.length - (line === '\r\n' ? 2 : /[\r\n]$/.test(line) ? 1 : 0));
  }
  throw new PdfError('damaged', 'a stream without an end');
}

/** Cross-reference data and containers are not carried over: what was in them is. */
function isCarried(value: PdfObject): boolean {
  if (isDict(value)) return !value.has('Linearized');
  return !isStream(value) || !['XRef', 'ObjStm'].includes(nameOf(value.dict.get('Type')) ?? '');
}

async function textOf(document: PdfDocument, num: number, gen: number, value: PdfObject): Promise<Uint8Array> {
  const { encryption, trailer } = document;
  const encrypt = trailer.get('Encrypt');
  const isKey = encrypt !== undefined && isRef(encrypt) && encrypt.num === num;
  const seal = (plain: PdfObject) => (encryption && !isKey ? encryption.seal(ref(num, gen), plain) : plain);
  if (!isStream(value)) return serialize(seal(value));
  const sealed = seal(value.dict);
  return serializeStream(isDict(sealed) ? sealed : value.dict, await dataOf(document, value));
}

function tableOf(offsets: ReadonlyMap<number, { offset: number; gen: number }>, size: number): string {
  let text = `xref\n0 ${size}\n0000000000 65535 f\r\n`;
  for (let num = 1; num < size; num++) {
    const at = offsets.get(num);
    text += at
      ? `${String(at.offset).padStart(10, '0')} ${String(at.gen).padStart(5, '0')} n\r\n`
      : '0000000000 65535 f\r\n';
  }
  return text;
}

function trailerOf(document: PdfDocument, size: number): PdfDict {
  const kept = KEPT_KEYS.flatMap((key) => {
    const value = document.trailer.get(key);
    return value === undefined ? [] : [[key, value] as const];
  });
  return dict([...kept, ['Size', size]]);
}

/**
 * The whole new file, in memory: only files that can be searched come here, 256 MB at most.
 * @throws PdfError already-signed; not-a-pdf, damaged where nothing is found, encrypted, password-needed, limit
 */
export async function rewritePdf(source: Source, options: OpenOptions = {}): Promise<Uint8Array> {
  const document = await openDocument(source, { ...options, repair: true });
  if ((await signaturesOf(document)).length > 0) throw new PdfError('already-signed');
  const parts: Uint8Array[] = [HEADER];
  let length = HEADER.length;
  const put = (bytes: Uint8Array) => {
    parts.push(bytes);
    length += bytes.length;
  };
  const offsets = new Map<number, { offset: number; gen: number }>();
  for (let num = 1; num < document.nextNumber; num++) {
    const entry = await document.chain.entry(num);
    if (!entry || entry.kind === 'free') continue;
    const gen = entry.kind === 'offset' ? entry.gen : 0;
    try {
      const value = await document.load(ref(num, gen));
      if (!isCarried(value)) continue;
      const text = await textOf(document, num, gen, value);
      offsets.set(num, { offset: length, gen });
      put(fromLatin1(`${num} ${gen} obj\n`));
      put(text);
      put(fromLatin1('\nendobj\n'));
    } catch (error) {
      // What cannot be read is as if it were not there (7.3.10).
      if (!(error instanceof PdfError) || error.code !== 'damaged') throw error;
    }
  }
  const size = [...offsets.keys()].reduce((highest, num) => Math.max(highest, num), 0) + 1;
  const start = length;
  put(fromLatin1(`${tableOf(offsets, size)}trailer\n${objectText(trailerOf(document, size))}\n`));
  put(fromLatin1(`startxref\n${start}\n%%EOF\n`));
  return Buffer.concat(parts, length);
}
