import { describe, expect, it } from 'vitest';
import { findSignatures } from '../../../main/pdf/embedded-signatures.ts';
import { bufferSource } from '../../../main/pdf/source.ts';
import { pageObjects, startxrefOf, writePdf, writeRevision } from './sample-pdfs.ts';

const catalog = '<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[20 0 R 30 0 R]>>>>';
const value = (range: string, more = '') =>
  `<</Type/Sig/SubFilter/ETSI.CAdES.detached/ByteRange ${range}/Contents<3003020105000000>${more}>>`;
const find = (bytes: Uint8Array) => findSignatures(bufferSource(bytes));

/** A signature in the first revision whose byte range ends as asked, and a second revision after it. */
function twoRevisions(
  rangeEnd: (first: Buffer) => number,
  second: Readonly<Record<number, string>>,
): { first: Buffer; both: Buffer } {
  const make = (end: number) =>
    writePdf({
      objects: pageObjects({
        1: catalog,
        20: '<</FT/Sig/T(a)/V 21 0 R>>',
        21: value(`[0 100 200 ${String(end - 200).padStart(8, '0')}]`),
        30: '<</FT/Sig/T(empty)>>',
      }),
    });
  const first = make(rangeEnd(make(0)));
  return { first, both: writeRevision(first, { objects: second }, startxrefOf(first)) };
}

describe('signatures found in a document', () => {
  it('are those of fields with a value', async () => {
    const { first } = twoRevisions((bytes) => bytes.length, { 5: 'null' });
    const [found, ...others] = await find(first);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ fieldName: 'a', subFilter: 'ETSI.CAdES.detached', signedAt: undefined });
    const { offset, length } = found?.contentsPlace ?? { offset: 0, length: 0 };
    expect(first.subarray(offset, offset + length).toString()).toBe('<3003020105000000>');
    expect(found?.revisionEnd).toBe(first.length);
  });

  it('end with their own revision, also without its last end of line', async () => {
    for (const cut of [0, 1]) {
      const { first, both } = twoRevisions((bytes) => bytes.length - cut, { 5: 'null' });
      expect((await find(both))[0]?.revisionEnd).toBe(first.length - cut);
    }
  });

  it('do not follow a byte range that ends elsewhere', async () => {
    for (const end of [(bytes: Buffer) => bytes.length - 7, (bytes: Buffer) => bytes.length + 30, () => 300]) {
      const { first, both } = twoRevisions(end, { 5: 'null' });
      expect((await find(both))[0]?.revisionEnd).toBe(first.length);
    }
  });

  it('belong to the later revision once they are written anew there', async () => {
    const { first, both } = twoRevisions((bytes) => bytes.length, { 21: value('[0 1 2 3]') });
    expect((await find(both))[0]?.revisionEnd).toBe(both.length);
    expect(both.length).toBeGreaterThan(first.length);
  });

  it('belong to the whole file where the revisions before are hidden', async () => {
    const { both } = twoRevisions((bytes) => bytes.length, { 5: 'null' });
    const objects = pageObjects({ 1: catalog, 20: '<</FT/Sig/T(a)/V 21 0 R>>', 21: value('[0 1 2 3]') });
    const hidden = writeRevision(both, { objects });
    expect((await find(hidden))[0]?.revisionEnd).toBe(hidden.length);
  });

  it('have no place in the file inside an object stream', async () => {
    const objects = pageObjects({ 1: catalog, 20: '<</FT/Sig/T(a)/V 21 0 R>>', 21: value('[0 1 2 3]') });
    const [found] = await find(writePdf({ objects, kind: 'stream', packed: [20, 21] }));
    expect(found).toMatchObject({ fieldName: 'a', contentsPlace: undefined });
  });

  it('have no place where their contents are another object', async () => {
    const objects = pageObjects({
      1: catalog,
      20: '<</FT/Sig/T(a)/V<</Contents 21 0 R/ByteRange 22 0 R>>>>',
      21: '<00>',
      22: '[0 1 22 0 R]',
    });
    const [found] = await find(writePdf({ objects }));
    expect(found).toMatchObject({ contentsPlace: undefined, byteRange: [], subFilter: '', type: undefined });
    expect(found?.contents).toHaveLength(1);
  });

  it.each<[string, string]>([
    ['a number', '5'],
    ['a string', '(signed)'],
    ['null', 'null'],
  ])('are not made of %s', async (_, text) => {
    const objects = pageObjects({ 1: catalog, 20: `<</FT/Sig/T(a)/V ${text}>>` });
    expect(await find(writePdf({ objects }))).toEqual([]);
  });

  it.each(['[0 1 (x) 3]', '[]', '7', `[${'1 '.repeat(65)}]`])('have no byte range in %s', async (range) => {
    const objects = pageObjects({ 1: catalog, 20: `<</FT/Sig/T(a)/V ${value(range)}>>` });
    expect((await find(writePdf({ objects })))[0]?.byteRange).toEqual([]);
  });
});

describe('a linearized file', () => {
  it('is one revision', async () => {
    const { first } = twoRevisions((bytes) => bytes.length, { 5: 'null' });
    // A front section that leads on to the main one behind it, as linearization orders them (Annex F).
    const text = first.toString('latin1');
    const front = `xref\n0 0\ntrailer\n<</Size 40/Root 1 0 R/Prev ${'#'.repeat(8)}>>\nstartxref\n0\n%%EOF\n`;
    const head = text.indexOf('1 0 obj');
    const moved = text
      .replace(/(\d{10}) 00000 n/g, (_, at: string) => `${String(Number(at) + front.length).padStart(10, '0')} 00000 n`)
      .replace(/startxref\n\d+/, `startxref\n${head}`);
    const main = startxrefOf(first) + front.length;
    const linearized = Buffer.from(
      moved.slice(0, head) + front.replace('########', String(main).padStart(8, '0')) + moved.slice(head),
      'latin1',
    );
    expect((await find(linearized))[0]?.revisionEnd).toBe(linearized.length);
  });
});
