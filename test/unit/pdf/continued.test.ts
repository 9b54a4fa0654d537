/** A file that begins with one that was read before: nothing may be told otherwise than by reading it alone. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockSource } from '../../../main/pdf/block-source.ts';
import { formFields } from '../../../main/pdf/form-fields.ts';
import { openDocument, type PdfDocument } from '../../../main/pdf/index.ts';
import { isStream, type PdfObject, ref } from '../../../main/pdf/objects.ts';
import { objectText } from '../../../main/pdf/serializer.ts';
import { bufferSource, concatSources, type Source } from '../../../main/pdf/source.ts';
import { pageObjects, startxrefOf, writePdf, writeRevision, type XrefKind } from './sample-pdfs.ts';

const form = '<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R]>>>>';
const field = (name: string) => `<</FT/Sig/T(${name})/Subtype/Widget/Rect[0 0 0 0]>>`;
const TOP = 14;
/** An object so long that those before it are parsed without the file's end in sight. */
const long = { 13: `(${'x'.repeat(5000)})` };

const kinds: readonly XrefKind[] = ['table', 'stream', 'hybrid'];
const revision = fc.record({
  kind: fc.constantFrom(...kinds),
  objects: fc.dictionary(fc.integer({ min: 5, max: 12 }).map(String), fc.constantFrom('null', '(x)', '7', field('y')), {
    minKeys: 1,
  }),
});

async function stateOf(document: PdfDocument) {
  const objects: string[] = [];
  const offsets: (number | undefined)[] = [];
  for (let num = 0; num <= TOP; num++) {
    objects.push(textOf(await document.load(ref(num))));
    offsets.push(await document.offsetOf(ref(num)));
  }
  const fields = (await formFields(document)).map(({ fullName }) => fullName);
  const sections = document.chain.links.map(({ section }) => section.offset);
  return { objects, offsets, fields, sections, next: document.nextNumber };
}
const codeOf = (work: Promise<unknown>) =>
  work.catch((error: { code?: string }) => {
    if (error.code === undefined) throw error;
    return error.code;
  });
const textOf = (value: PdfObject) => (isStream(value) ? `stream at ${value.dataOffset}` : objectText(value));

/** The whole by itself, and behind a base that was looked at. */
async function both(bytes: Uint8Array, cut: number) {
  const alone = await codeOf(openDocument(bufferSource(bytes)).then(stateOf));
  const base = bufferSource(bytes.subarray(0, cut));
  await codeOf(openDocument(base).then(stateOf));
  const whole = concatSources(base, bufferSource(bytes.subarray(cut)));
  return { alone, continued: await codeOf(openDocument(whole).then(stateOf)) };
}

describe('a file behind one that was read', () => {
  it('is the same as read alone, whatever its revisions are and wherever it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(revision, { minLength: 1, maxLength: 4 }), fc.nat(40), async (revisions, before) => {
        let bytes: Buffer = writePdf({ objects: pageObjects({ 1: form, 6: field('a'), ...long }) });
        const ends = [bytes.length];
        for (const { kind, objects } of revisions) {
          bytes = writeRevision(bytes, { kind, objects: { ...objects, ...long } }, startxrefOf(bytes));
          ends.push(bytes.length);
        }
        for (const end of ends) {
          for (const cut of [end, Math.max(1, end - before)]) {
            const { alone, continued } = await both(bytes, cut);
            expect(continued).toEqual(alone);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('takes no object from it that the later bytes make another one', async () => {
    const first = writePdf({ objects: pageObjects({ 1: form, 6: field('a') }) });
    const at = first.length + 4;
    const base = Buffer.concat([first, Buffer.from('%%\n\n9 0 obj 12')]);
    const section = (size: number) =>
      `\nxref\n9 1\n${String(at).padStart(10, '0')} 00000 n\r\ntrailer\n<</Size ${size}/Root 1 0 R/Prev ${startxrefOf(first)}>>\n`;
    const tail = '34 endobj';
    const start = base.length + tail.length + 1;
    const bytes = Buffer.concat([base, Buffer.from(`${tail}${section(10)}startxref\n${start}\n%%EOF\n`)]);
    const { alone, continued } = await both(bytes, base.length);
    expect(continued).toEqual(alone);
    expect((alone as { objects: string[] }).objects[9]).toBe('1234');
  });

  it('that leads past the newest section it knows is read so', async () => {
    const first = writePdf({ objects: pageObjects({ 1: form, 6: field('a'), ...long }) });
    const second = writeRevision(first, { objects: { 6: field('b'), ...long } }, startxrefOf(first));
    const skipping = writeRevision(second, { objects: { 9: '7', ...long } }, startxrefOf(first));
    const { alone, continued } = await both(skipping, second.length);
    expect(continued).toEqual(alone);
    expect(continued).toMatchObject({ fields: ['a'] });
  });
});

describe('a source by blocks', () => {
  const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 31) % 251);
  function counted(): { source: Source; reads: () => number } {
    const inner = bufferSource(bytes);
    let reads = 0;
    const read = (offset: number, length: number) => {
      reads++;
      return inner.read(offset, length);
    };
    return { source: { size: inner.size, read }, reads: () => reads };
  }

  it('gives the bytes that lie there, in one piece or not', async () => {
    const source = blockSource(counted().source);
    const place = fc.tuple(fc.nat(bytes.length), fc.nat(200_000));
    await fc.assert(
      fc.asyncProperty(place, async ([offset, most]) => {
        const length = Math.min(most, bytes.length - offset);
        const expected = Buffer.from(bytes.subarray(offset, offset + length));
        expect(expected.equals(await source.read(offset, length))).toBe(true);
        const seen = source.view?.(offset, length);
        if (seen) expect(expected.equals(seen)).toBe(true);
      }),
    );
  });

  it('reads a block once, and nothing outside', async () => {
    const { source: inner, reads } = counted();
    const source = blockSource(inner);
    for (let at = 0; at < 60_000; at += 1000) await source.read(at, 1000);
    expect(reads()).toBe(1);
    expect(source.view?.(10, 20)).toEqual(bytes.subarray(10, 30));
    expect(source.view?.(70_000, 20)).toBeUndefined();
    await expect(source.read(bytes.length - 1, 2)).rejects.toThrow(RangeError);
    expect(() => source.view?.(-1, 1)).toThrow(RangeError);
  });
});
