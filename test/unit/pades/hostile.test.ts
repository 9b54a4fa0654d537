/** Files that were damaged or made to harm: nothing but a PadesError may come of them, and little may be read for it. */
import { deflateSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { listSignatures, prepareSignature, type SignatureSpec } from '../../../main/pades/index.ts';
import { bufferSource } from '../../../main/pdf/source.ts';
import { allowedOutcomes, mutate, openTrial, randomFrom, samples } from '../../soak/pdf-fuzz.ts';
import { codeOf, pageObjects, writePdf } from '../pdf/sample-pdfs.ts';
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

/** Of all samples together: 2,000 and some. */
const RUNS = 168;

describe('mutated files', () => {
  it.each(samples.map((make, i) => [i, make] as const))(
    'of sample %i end in a result or a code',
    async (index, make) => {
      const random = randomFrom(1000 + index);
      const trial = openTrial();
      const sample = make();
      const seen = new Set<unknown>();
      for (let run = 0; run < RUNS; run++) {
        for (const { result, readBytes } of await trial(mutate(sample, random))) {
          expect(allowedOutcomes).toContain(result);
          expect(readBytes).toBeLessThan(1024 * 1024);
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
