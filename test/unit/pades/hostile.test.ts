/** Files that were damaged or made to harm: nothing but a PadesError may come of them, and little may be read for it. */
import { deflateSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { listSignatures, PadesError, prepareSignature, type SignatureSpec } from '../../../main/pades/index.ts';
import { bufferSource } from '../../../main/pdf/source.ts';
import { codeOf, countingSource, pageObjects, sampleKinds, writePdf } from '../pdf/sample-pdfs.ts';
import { issue } from './credentials.ts';

let spec: SignatureSpec;
beforeAll(() => {
  const { certificate } = issue({ kind: 'p-256', name: 'Anna', serial: 5, now: 0 });
  const box = { page: 1, x: 10, y: 10, width: 30, height: 10 };
  spec = {
    certificate,
    chain: [],
    scheme: 'ecdsa-sha256',
    signedAt: 0,
    reason: undefined,
    location: undefined,
    field: { kind: 'new-visible', box },
    appearanceLines: ['Anna'],
    timestampReserveBytes: 0,
  };
});

/** Mulberry32: small, and the same everywhere. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

type Random = (below: number) => number;
const text = (bytes: Buffer) => bytes.toString('latin1');

/** Puts something else in the place of one match of the pattern. */
function replaceOne(bytes: Buffer, pattern: RegExp, random: Random, value: string): Buffer {
  const matches = [...text(bytes).matchAll(pattern)];
  const match = matches[random(Math.max(matches.length, 1))];
  if (!match) return bytes;
  const source = text(bytes);
  return Buffer.from(source.slice(0, match.index) + value + source.slice(match.index + match[0].length), 'latin1');
}

const numbers = [
  '0',
  '1',
  '2',
  '3',
  '4',
  '-1',
  '99',
  '65536',
  '4294967295',
  '9007199254740993',
  '1'.repeat(400),
  '1e9',
  '.',
  'R',
];

const mutations: readonly ((bytes: Buffer, random: Random) => Buffer)[] = [
  (bytes, random) => {
    const at = random(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
    return bytes;
  },
  (bytes, random) => bytes.subarray(0, random(bytes.length)),
  (bytes, random) => Buffer.concat([bytes.subarray(0, random(bytes.length)), bytes.subarray(random(bytes.length))]),
  (bytes, random) => replaceOne(bytes, /\d+/g, random, numbers[random(numbers.length)] ?? ''),
  (bytes, random) => replaceOne(bytes, /\d{10}/g, random, String(random(bytes.length)).padStart(10, '0')),
  (bytes, random) => replaceOne(bytes, /startxref\s+\d+/g, random, `startxref\n${random(bytes.length)}`),
  (bytes, random) =>
    replaceOne(bytes, /<<|>>|\[|\]|\(|\)/g, random, ['<<', '>>', '[', ']', '(', ')', ''][random(7)] ?? ''),
  (bytes, random) => replaceOne(bytes, /\d+ 0 R/g, random, `${random(12)} 0 R`),
  (bytes, random) =>
    replaceOne(bytes, /\/[A-Za-z]+/g, random, ['/Kids', '/Prev', '/Length', '/V', '/Parent', '/T'][random(6)] ?? ''),
];

/** An interactive form and a signature besides what the samples have. */
const form = pageObjects({
  1: '<</Type/Catalog/Pages 2 0 R/AcroForm 20 0 R/Perms<</DocMDP 22 0 R>>>>',
  3: '<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 300]/Rotate 90/Annots 23 0 R>>',
  20: '<</Fields[21 0 R 24 0 R]/SigFlags 3>>',
  21: '<</FT/Sig/T(Signature1)/Subtype/Widget/Rect[0 0 9 9]/P 3 0 R/V 22 0 R>>',
  22: '<</Type/Sig/ByteRange[0 10 20 30]/Contents<30030201>/M(D:2026)/Reference[<</TransformMethod/DocMDP/TransformParams<</P 2>>>>]>>',
  23: '[21 0 R]',
  24: '<</T(a)/Kids[25 0 R]>>',
  25: '<</T(b)/FT/Sig/Parent 24 0 R>>',
});
const samples = [
  ...Object.values(sampleKinds),
  () => writePdf({ objects: form }),
  () => writePdf({ objects: form, kind: 'stream', packed: [1, 2, 3, 20, 21, 23, 24, 25] }),
  () => writePdf({ objects: form, kind: 'hybrid', packed: [20, 24] }),
];

async function outcome(action: () => Promise<unknown>): Promise<unknown> {
  try {
    await action();
    return 'done';
  } catch (error) {
    return error instanceof PadesError ? error.code : error;
  }
}

const allowed = [
  'done',
  'not-a-pdf',
  'damaged',
  'encrypted',
  'limit',
  'field-not-found',
  'field-already-signed',
  'page-not-found',
  'changes-not-permitted',
];

describe('mutated files', () => {
  it.each(samples.map((make, i) => [i, make] as const))(
    'of sample %i end in a result or a code',
    async (index, make) => {
      const random = randomFrom(1000 + index);
      const sample = make();
      const seen = new Set<unknown>();
      for (let run = 0; run < 80; run++) {
        let bytes = Buffer.from(sample);
        for (let times = random(3); times >= 0; times--) {
          if (bytes.length > 0) bytes = Buffer.from(mutations[random(mutations.length)]?.(bytes, random) ?? bytes);
        }
        const existing = { ...spec, field: { kind: 'existing', name: 'a.b' } } as const;
        for (const action of [
          (source: ReturnType<typeof countingSource>) => prepareSignature(source, spec),
          (source: ReturnType<typeof countingSource>) => prepareSignature(source, existing),
          (source: ReturnType<typeof countingSource>) => listSignatures(source),
        ]) {
          const source = countingSource(bytes);
          const result = await outcome(() => action(source));
          expect(allowed).toContain(result);
          expect(source.readBytes).toBeLessThan(1024 * 1024);
          seen.add(result);
        }
      }
      // Mutations that never hurt, or always kill, would prove nothing.
      expect(seen.has('done')).toBe(true);
      expect(seen.has('damaged')).toBe(true);
    },
  );
});

describe('files made to harm', () => {
  const list = (bytes: Uint8Array) => codeOf(() => listSignatures(bufferSource(bytes)));
  const prepare = (bytes: Uint8Array) => codeOf(() => prepareSignature(bufferSource(bytes), spec));
  const catalog = (more: string) => `<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[20 0 R]>>${more}>>`;

  it('a cross-reference stream that inflates without end', async () => {
    const data = deflateSync(Buffer.alloc(40 * 1024 * 1024, 1));
    const head = '%PDF-1.7\n';
    const bytes = Buffer.concat([
      Buffer.from(`${head}1 0 obj\n<</Type/XRef/Size 5/W[1 4 1]/Filter/FlateDecode/Length ${data.length}>>\nstream\n`),
      data,
      Buffer.from(`\nendstream\nendobj\nstartxref\n${head.length}\n%%EOF`),
    ]);
    expect(await list(bytes)).toBe('limit');
  });

  it('an array that has no end', async () => {
    const bytes = writePdf({ objects: pageObjects({ 1: catalog(''), 20: `[${'0 '.repeat(2_000_000)}]` }) });
    expect(await list(bytes)).toBe('limit');
  });

  it('a string as long as the file', async () => {
    const whole = writePdf({ objects: pageObjects({ 1: catalog(''), 20: `(${'x'.repeat(20_000_000)}` }) });
    expect(await list(whole)).toBe('limit');
  });

  it('more fields than anyone has', async () => {
    const kids = Array.from({ length: 450_000 }, () => '21 0 R').join(' ');
    const bytes = writePdf({
      objects: pageObjects({ 1: catalog(''), 20: `<</T(a)/Kids[${kids}]>>`, 21: '<</T(b)>>' }),
    });
    expect(await list(bytes)).toBe('limit');
  });

  it('a page tree in which every node has the next one many times', async () => {
    const objects: Record<number, string> = { 1: '<</Type/Catalog/Pages 2 0 R>>' };
    for (let num = 2; num < 40; num++) objects[num] = `<</Kids[${`${num + 1} 0 R `.repeat(20)}]/Count 0>>`;
    expect(await prepare(writePdf({ objects }))).toBe('page-not-found');
  });

  it('parents that never end, around a widget', async () => {
    const objects = pageObjects({
      1: catalog(''),
      20: '<</FT/Sig/T(a)/Subtype/Widget/Rect[0 0 9 9]/P 21 0 R>>',
      21: '<</Type/Page/Parent 21 0 R>>',
    });
    const field = { kind: 'existing', name: 'a' } as const;
    expect(await codeOf(() => prepareSignature(bufferSource(writePdf({ objects })), { ...spec, field }))).toBe('limit');
  });
});
