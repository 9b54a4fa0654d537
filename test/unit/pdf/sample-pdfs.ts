/** Small PDFs written by hand, in every kind of cross-reference; shares no code with main/pdf. */
import { deflateSync } from 'node:zlib';
import { bufferSource, type Source } from '../../../main/pdf/source.ts';

export type XrefKind = 'table' | 'stream' | 'hybrid';

export interface SampleOptions {
  /** Object number to its text between `obj` and `endobj`. */
  readonly objects: Readonly<Record<number, string>>;
  readonly kind?: XrefKind;
  /** Objects that go into an object stream (kinds stream and hybrid). */
  readonly packed?: readonly number[];
  /** The object the object stream's /Length refers to; written here where `objects` lacks it. */
  readonly packedLength?: number;
  /** Bytes before the header; offsets count from the header all the same, unless `countsJunk`. */
  readonly junk?: string;
  readonly countsJunk?: boolean;
  /** More trailer entries. */
  readonly trailer?: string;
  readonly endOfLine?: string;
}

const bytesOf = (text: string) => Buffer.from(text, 'latin1');

interface Row {
  readonly type: number;
  readonly second: number;
  readonly third: number;
}

function rowBytes(rows: readonly Row[]): Buffer {
  const data = Buffer.alloc(rows.length * 6);
  rows.forEach(({ type, second, third }, i) => {
    data.writeUInt8(type, i * 6);
    data.writeUInt32BE(second, i * 6 + 1);
    data.writeUInt8(third, i * 6 + 5);
  });
  return data;
}

/** PNG's Up filter on every row, as most writers do it. */
function predicted(data: Buffer, width: number): Buffer {
  const rows: Buffer[] = [];
  for (let at = 0; at < data.length; at += width) {
    const row = Buffer.alloc(width + 1);
    row[0] = 2;
    for (let i = 0; i < width; i++) row[i + 1] = (data[at + i] ?? 0) - (at === 0 ? 0 : (data[at + i - width] ?? 0));
    rows.push(row);
  }
  return Buffer.concat(rows);
}

/** A revision after `before`, or the first one. */
export function writeRevision(before: Uint8Array, options: SampleOptions, previous?: number): Buffer {
  const { objects, kind = 'table', packed = [], packedLength, trailer = '', endOfLine = '\n' } = options;
  const parts: Buffer[] = [Buffer.from(before)];
  let at = before.length - (options.countsJunk ? 0 : (options.junk?.length ?? 0));
  const write = (text: string | Buffer) => {
    const bytes = typeof text === 'string' ? bytesOf(text) : text;
    parts.push(bytes);
    at += bytes.length;
  };
  const numbers = Object.keys(objects).map(Number);
  const top = Math.max(...numbers);
  const rows = new Map<number, Row>();
  for (const num of numbers.filter((number) => !packed.includes(number))) {
    rows.set(num, { type: 1, second: at, third: 0 });
    write(`${num} 0 obj${endOfLine}${objects[num]}${endOfLine}endobj${endOfLine}`);
  }
  let next = Math.max(top, packedLength ?? 0) + 1;
  if (packed.length > 0) {
    const texts = packed.map((num) => objects[num] ?? '');
    let offset = 0;
    const header = packed.map((num, i) => {
      const pair = `${num} ${offset}`;
      offset += (texts[i] ?? '').length + 1;
      return pair;
    });
    const first = `${header.join(' ')} `;
    const data = deflateSync(bytesOf(`${first}${texts.join(' ')}`));
    const length = packedLength === undefined ? data.length : `${packedLength} 0 R`;
    packed.forEach((num, index) => {
      rows.set(num, { type: 2, second: next, third: index });
    });
    rows.set(next, { type: 1, second: at, third: 0 });
    write(
      `${next} 0 obj\n<</Type/ObjStm/N ${packed.length}/First ${first.length}/Filter/FlateDecode/Length ${length}>>\nstream\n`,
    );
    write(data);
    write('\nendstream\nendobj\n');
    if (packedLength !== undefined && objects[packedLength] === undefined) {
      rows.set(packedLength, { type: 1, second: at, third: 0 });
      write(`${packedLength} 0 obj\n${data.length}\nendobj\n`);
    }
    next++;
  }
  const prev = previous === undefined ? '' : `/Prev ${previous}`;
  const free: Row = { type: 0, second: 0, third: 255 };
  const xrefStream = (of: readonly number[], extra: string) => {
    const start = at;
    const data = deflateSync(predicted(rowBytes(of.map((num) => rows.get(num) ?? free)), 6));
    const index = of.map((num) => `${num} 1`).join(' ');
    write(
      `${next} 0 obj\n<</Type/XRef/Size ${next + 1}/W[1 4 1]/Index[${index}]/Filter/FlateDecode` +
        `/DecodeParms<</Predictor 12/Columns 6>>/Length ${data.length} ${extra}>>\nstream\n`,
    );
    write(data);
    write('\nendstream\nendobj\n');
    return start;
  };
  let start: number;
  if (kind === 'stream') {
    rows.set(next, { type: 1, second: at, third: 0 });
    start = xrefStream([0, ...[...rows.keys()].sort((a, b) => a - b)], `/Root 1 0 R ${trailer} ${prev}`);
  } else {
    let hidden = '';
    if (kind === 'hybrid') hidden = `/XRefStm ${xrefStream(packed, '')}`;
    start = at;
    const plain = [...rows].filter(([, row]) => row.type === 1);
    const masked = packed.map((num) => [num, free] as const);
    write(`xref${endOfLine}`);
    if (previous === undefined) write(`0 1${endOfLine}0000000000 65535 f\r\n`);
    for (const [num, row] of [...plain, ...masked].sort((a, b) => a[0] - b[0])) {
      const entry = row.type === 1 ? `${String(row.second).padStart(10, '0')} 00000 n` : '0000000000 00255 f';
      write(`${num} 1${endOfLine}${entry}\r\n`);
    }
    write(`trailer${endOfLine}<</Size ${next + 1}/Root 1 0 R ${trailer} ${hidden} ${prev}>>${endOfLine}`);
  }
  write(`startxref${endOfLine}${start}${endOfLine}%%EOF${endOfLine}`);
  return Buffer.concat(parts);
}

export function writePdf(options: SampleOptions): Buffer {
  return writeRevision(bytesOf(`${options.junk ?? ''}%PDF-1.7\n%\xe2\xe3\xcf\xd3\n`), options);
}

/** Where the newest section stands, as the file says it. */
export function startxrefOf(pdf: Uint8Array): number {
  const text = Buffer.from(pdf).toString('latin1');
  return Number(/startxref\s+(\d+)/.exec(text.slice(text.lastIndexOf('startxref')))?.[1]);
}

const CONTENT = 'BT /F 24 Tf 60 120 Td (Page) Tj ET';

/** Catalog 1, pages 2, page 3, content 4, font 5; others by `more`, which may replace these too. */
export function pageObjects(more: Readonly<Record<number, string>> = {}): Record<number, string> {
  return {
    1: '<</Type/Catalog/Pages 2 0 R>>',
    2: '<</Type/Pages/Count 1/Kids[3 0 R]>>',
    3: '<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 300]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>',
    4: `<</Length ${CONTENT.length}>>\nstream\n${CONTENT}\nendstream`,
    5: '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
    ...more,
  };
}

/** One sample of each kind a reader meets. */
export const sampleKinds: Readonly<Record<string, () => Buffer>> = {
  'classic table': () => writePdf({ objects: pageObjects() }),
  'xref stream': () => writePdf({ objects: pageObjects(), kind: 'stream' }),
  'xref and object streams': () => writePdf({ objects: pageObjects(), kind: 'stream', packed: [1, 2, 3, 5] }),
  hybrid: () => writePdf({ objects: pageObjects(), kind: 'hybrid', packed: [5] }),
  'bytes before the header': () => writePdf({ objects: pageObjects(), junk: 'HTTP/1.1 200 OK\r\n\r\n' }),
  'carriage returns': () => writePdf({ objects: pageObjects(), endOfLine: '\r' }),
};

/** A source that counts what is read from it. */
export function countingSource(bytes: Uint8Array): Source & { readBytes: number } {
  const inner = bufferSource(bytes);
  return {
    size: inner.size,
    readBytes: 0,
    read(offset, length) {
      this.readBytes += length;
      return inner.read(offset, length);
    },
  };
}

/** The code an action fails with; `none` where it does not fail. */
export async function codeOf(action: () => Promise<unknown>): Promise<unknown> {
  try {
    await action();
    return 'none';
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
}
