import { describe, expect, it } from 'vitest';
import { openDocument } from '../../../main/pdf/document.ts';
import { isDict, nameOf, ref } from '../../../main/pdf/objects.ts';
import { bufferSource, concatSources } from '../../../main/pdf/source.ts';
import {
  codeOf,
  countingSource,
  pageObjects,
  sampleKinds,
  startxrefOf,
  writePdf,
  writeRevision,
} from './sample-pdfs.ts';

const open = (bytes: Uint8Array) => openDocument(bufferSource(bytes));
const patched = (bytes: Buffer, from: string, to: string) => {
  const text = bytes.toString('latin1');
  expect(text).toContain(from);
  return Buffer.from(text.replace(from, to), 'latin1');
};

describe('opening a document', () => {
  it.each(Object.entries(sampleKinds))('reads objects through a %s', async (_, make) => {
    const document = await open(make());
    expect(nameOf(document.catalog.get('Type'))).toBe('Catalog');
    const font = await document.load(ref(5));
    expect(isDict(font) && nameOf(font.get('BaseFont'))).toBe('Helvetica');
    expect(await document.load(ref(99))).toBeNull();
    expect(await document.load(ref(5, 3))).toBeNull();
  });

  it('takes the newest of two revisions and keeps the rest', async () => {
    for (const kind of ['table', 'stream', 'hybrid'] as const) {
      const first = writePdf({ objects: pageObjects(), kind: kind === 'hybrid' ? 'table' : kind });
      const more = { 5: '<</Type/Font/Subtype/Type1/BaseFont/Courier>>' };
      const second = writeRevision(
        first,
        { objects: more, kind, packed: kind === 'table' ? [] : [5] },
        startxrefOf(first),
      );
      const document = await openDocument(
        concatSources(bufferSource(first), bufferSource(second.subarray(first.length))),
      );
      const font = await document.load(ref(5));
      expect(isDict(font) && nameOf(font.get('BaseFont'))).toBe('Courier');
      expect(isDict(await document.load(ref(3)))).toBe(true);
      expect(document.nextNumber).toBeGreaterThan(6);
    }
  });

  it('reads offsets that count from the header or from the first byte, however many bytes are before it', async () => {
    for (const kind of ['table', 'stream', 'hybrid'] as const) {
      for (let length = 1; length <= 200; length++) {
        for (const countsJunk of [false, true]) {
          const junk = `${'%'.repeat(length - 1)}\n`;
          const packed = kind === 'table' ? [] : [5];
          const { chain } = await open(writePdf({ objects: pageObjects(), kind, packed, junk, countsJunk }));
          expect([kind, length, chain.shift]).toEqual([kind, length, countsJunk ? 0 : length]);
        }
      }
    }
  });

  it('reads a table whose entries are a byte short, or that begins at 1', async () => {
    const regular = writePdf({ objects: pageObjects() });
    const short = Buffer.from(
      regular.toString('latin1').replaceAll(' n\r\n', ' n\n').replaceAll(' f\r\n', ' f\n'),
      'latin1',
    );
    expect(isDict(await (await open(short)).load(ref(5)))).toBe(true);
    const objects = pageObjects();
    const whole = writePdf({ objects }).toString('latin1');
    const entries = [...whole.matchAll(/\d{10} \d{5} [nf]\r\n/g)].map((match) => match[0]);
    const misnumbered = whole.replace(
      /xref\n0 1[\s\S]*trailer/,
      `xref\n1 ${entries.length}\n${entries.join('')}trailer`,
    );
    expect(isDict(await (await open(Buffer.from(misnumbered, 'latin1'))).load(ref(5)))).toBe(true);
  });

  it('touches only a little of a large file', async () => {
    const image = 'x'.repeat(20 * 1024 * 1024);
    const source = countingSource(
      writePdf({ objects: pageObjects({ 6: `<</Length ${image.length}>>\nstream\n${image}\nendstream` }) }),
    );
    const document = await openDocument(source);
    await document.load(ref(3));
    expect(source.readBytes).toBeLessThan(64 * 1024);
  });

  it('indexes a long table instead of reading it', async () => {
    const many: Record<number, string> = pageObjects();
    const entries = Array.from({ length: 100_000 }, () => '0000000000 00000 f\r\n').join('');
    const sample = writePdf({ objects: many }).toString('latin1');
    const source = countingSource(Buffer.from(sample.replace('trailer', `10 100000\n${entries}trailer`), 'latin1'));
    expect(isDict(await (await openDocument(source)).load(ref(5)))).toBe(true);
    expect(source.readBytes).toBeLessThan(64 * 1024);
  });

  it('follows a length that is an object of its own', async () => {
    const document = await open(
      writePdf({ objects: pageObjects(), kind: 'stream', packed: [1, 2, 3, 5], packedLength: 6 }),
    );
    expect(isDict(await document.load(ref(2)))).toBe(true);
  });
});

describe('refusing what cannot be read', () => {
  const classic = () => writePdf({ objects: pageObjects() });
  const streamed = () => writePdf({ objects: pageObjects(), kind: 'stream', packed: [1, 2, 3, 5] });

  it.each<[string, () => Uint8Array, string]>([
    ['nothing', () => Buffer.alloc(0), 'not-a-pdf'],
    ['a web page', () => Buffer.from('<!doctype html><title>Sign in</title>'), 'not-a-pdf'],
    ['a header alone', () => Buffer.from('%PDF-1.7\n'), 'damaged'],
    ['a file cut short', () => classic().subarray(0, 500), 'damaged'],
    ['startxref past the end', () => patched(classic(), 'startxref\n', 'startxref\n9'), 'damaged'],
    ['startxref without a number', () => Buffer.from('%PDF-1.7\nstartxref\n%%EOF'), 'damaged'],
    ['an encrypted file', () => writePdf({ objects: pageObjects(), trailer: '/Encrypt 9 0 R' }), 'encrypted'],
    ['no root', () => patched(classic(), '/Root 1 0 R', '/Toor 1 0 R'), 'damaged'],
    ['a root that is not there', () => patched(classic(), '/Root 1 0 R', '/Root 77 0 R'), 'damaged'],
    ['an unknown filter', () => patched(streamed(), '/FlateDecode', '/LZWDecode  '.slice(0, 12)), 'damaged'],
    ['an unknown predictor', () => patched(streamed(), '/Predictor 12', '/Predictor 2 '), 'damaged'],
    ['widths of nothing', () => patched(streamed(), '/W[1 4 1]', '/W[0 0 0]'), 'damaged'],
    ['an object number no file has', () => patched(classic(), '\n5 1\n', '\n99999999999 1\n'), 'damaged'],
  ])('%s', async (_, make, code) => {
    expect(await codeOf(() => open(make()))).toBe(code);
  });

  it('an object that is not where the table says', async () => {
    const moved = patched(classic(), '5 0 obj', '6 0 obj');
    const document = await open(moved);
    expect(await codeOf(() => document.load(ref(5)))).toBe('damaged');
  });

  it('a chain of revisions that leads back to itself', async () => {
    const first = classic();
    const at = startxrefOf(first);
    const loop = writeRevision(first, { objects: { 5: 'null' } }, at);
    const self = patched(loop, `/Prev ${at}`, `/Prev ${startxrefOf(loop)}`.padEnd(`/Prev ${at}`.length));
    expect(await codeOf(() => open(self))).toBe('damaged');
  });

  it('references that go in a circle', async () => {
    const document = await open(writePdf({ objects: pageObjects({ 6: '7 0 R', 7: '6 0 R' }) }));
    expect(await codeOf(async () => document.resolve(ref(6)))).toBe('limit');
  });

  it('an object stream that needs itself', async () => {
    const objects = pageObjects({ 6: '60' });
    const document = await open(writePdf({ objects, kind: 'stream', packed: [5, 6], packedLength: 6 }));
    expect(await codeOf(() => document.load(ref(5)))).toBe('damaged');
  });
});
