import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { cutPage } from '../../../main/pdf/cut-page.ts';
import { openDocument } from '../../../main/pdf/document.ts';
import { isArray, isDict, isStream } from '../../../main/pdf/objects.ts';
import { findPage, viewPage } from '../../../main/pdf/page-tree.ts';
import { bufferSource } from '../../../main/pdf/source.ts';
import { codeOf, countingSource, writePdf } from './sample-pdfs.ts';

const stream = (data: string, more = '') => `<<${more}/Length ${data.length}>>\nstream\n${data}\nendstream`;

/** Page 4 inherits its resources and boxes; its link leads to page 5, its stamp has an appearance and an action. */
const objects: Record<number, string> = {
  1: '<</Type/Catalog/Pages 2 0 R/OpenAction 9 0 R/Names<</JavaScript 9 0 R>>/OCProperties<</OCGs[12 0 R]/D<<>>>>>>',
  2: '<</Type/Pages/Kids[4 0 R 5 0 R]/Count 2/MediaBox[0 0 200 100]/Rotate 90/Resources<</Font<</A 6 0 R>>/XObject<</P 7 0 R>>>>>>',
  4: '<</Type/Page/Parent 2 0 R/Contents[10 0 R 11 0 R]/Annots 13 0 R/AA<</O 9 0 R>>/StructParents 3>>',
  5: '<</Type/Page/Parent 2 0 R/Contents 10 0 R>>',
  6: '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
  7: stream('0 0 1 1 re f', '/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Metadata 14 0 R/LastModified(x)'),
  9: '<</S/JavaScript/JS(app.alert\\(1\\))>>',
  10: stream('BT /A 12 Tf (one) Tj ET'),
  11: stream('/P Do'),
  12: '<</Type/OCG/Name(layer)>>',
  13: '[<</Subtype/Link/Rect[0 0 9 9]/A 9 0 R/Dest[5 0 R/Fit]>> 15 0 R]',
  14: stream('<secret/>'),
  15: '<</Type/Annot/Subtype/Stamp/Rect[0 0 9 9]/P 4 0 R/A 9 0 R/AP<</N 7 0 R>>>>',
};

const textOf = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('latin1');

describe('a page cut out of a file', () => {
  it('is a PDF of that page alone, with what it inherits', async () => {
    const cut = await cutPage(bufferSource(writePdf({ objects })), 1);
    expect(cut?.pageCount).toBe(2);
    const document = await openDocument(bufferSource(cut?.bytes ?? new Uint8Array()));
    const page = await findPage(document, 1);
    expect(await codeOf(() => findPage(document, 2))).toBe('page-not-found');
    expect(await viewPage(document, page)).toMatchObject({ rotation: 90, visible: { x1: 200, y1: 100 } });
    const contents = page.dict.get('Contents');
    expect(isArray(contents) && contents.length).toBe(2);
    const resources = page.dict.get('Resources');
    const fonts = isDict(resources) ? resources.get('Font') : undefined;
    const font = await document.resolve(isDict(fonts) ? fonts.get('A') : undefined);
    expect(isDict(font) && font.get('BaseFont')).toEqual({ kind: 'name', value: 'Helvetica' });
    expect(textOf(cut?.bytes)).toContain('(one) Tj');
    expect(textOf(cut?.bytes)).toContain('/OCG');
  });

  it('has the look of its annotations and neither actions, scripts, destinations nor metadata', async () => {
    const cut = await cutPage(bufferSource(writePdf({ objects })), 1);
    expect(textOf(cut?.bytes)).toContain('/Stamp');
    for (const left of ['JavaScript', '/AA', '/Link', '/Dest', 'secret', '/StructParents', '/OpenAction']) {
      expect(textOf(cut?.bytes)).not.toContain(left);
    }
  });

  it('is decrypted', async () => {
    const file = readFileSync(new URL('../../vectors/encrypted/aes-256-contents.pdf', import.meta.url));
    const cut = await cutPage(bufferSource(file), 1);
    const document = await openDocument(bufferSource(cut?.bytes ?? new Uint8Array()));
    expect(document.encryption).toBeUndefined();
    const contents = await document.resolve((await findPage(document, 1)).dict.get('Contents'));
    const [first] = isArray(contents) ? contents : [contents];
    const content = await document.resolve(first);
    if (!isStream(content)) throw new Error('the page has no content');
    const raw = await document.reader.bytes(content.dataOffset, Number(content.dict.get('Length')));
    expect(textOf(content.dict.has('Filter') ? inflateSync(raw) : raw)).toContain('(inside) Tj');
  });

  it('is read from a file of many objects without reading the file', async () => {
    const many = { ...objects };
    for (let num = 20; num < 2_020; num++) many[num] = `<</N ${'0'.repeat(900)}>>`;
    const source = countingSource(writePdf({ objects: many }));
    await cutPage(source, 1);
    expect(source.readBytes).toBeLessThan(source.size / 4);
  });

  it.each<[string, Record<number, string>]>([
    ['a page of more than 8 MB', { 11: stream('x'.repeat(9 * 1024 * 1024)) }],
    [
      'a page that is 5,000 objects deep',
      { ...Object.fromEntries(Array.from({ length: 6_000 }, (_, i) => [100 + i, `[${101 + i} 0 R]`])), 6: '[100 0 R]' },
    ],
  ])('is refused for %s', async (_, more) => {
    expect(await cutPage(bufferSource(writePdf({ objects: { ...objects, ...more } })), 1)).toBeUndefined();
  });

  it('refuses a stream that leaves the file', async () => {
    const broken = { ...objects, 11: '<</Length 99999999>>\nstream\nx\nendstream' };
    expect(await codeOf(() => cutPage(bufferSource(writePdf({ objects: broken })), 1))).toBe('damaged');
  });
});
