import { describe, expect, it } from 'vitest';
import { openDocument } from '../../../main/pdf/document.ts';
import { ref } from '../../../main/pdf/objects.ts';
import { findPage, findPageOf, viewPage, viewPageAt } from '../../../main/pdf/page-tree.ts';
import { bufferSource } from '../../../main/pdf/source.ts';
import { codeOf, countingSource, writePdf } from './sample-pdfs.ts';

const catalog = '<</Type/Catalog/Pages 2 0 R>>';
const page = (parent: number, more = '') => `<</Type/Page/Parent ${parent} 0 R${more}>>`;
const open = (objects: Readonly<Record<number, string>>) => openDocument(bufferSource(writePdf({ objects })));

/** Pages 10, 11 under 3; 12 under 4 under 5; 13 at the top. */
const tree = (counts: readonly [number, number, number, number]) => ({
  1: catalog,
  2: `<</Type/Pages/Kids[3 0 R 5 0 R 13 0 R]/Count ${counts[0]}/MediaBox[0 0 200 100]>>`,
  3: `<</Type/Pages/Parent 2 0 R/Kids[10 0 R 11 0 R]/Count ${counts[1]}/Rotate 90/CropBox[10 10 110 60]>>`,
  4: `<</Type/Pages/Parent 5 0 R/Kids[12 0 R]/Count ${counts[2]}>>`,
  5: `<</Type/Pages/Parent 2 0 R/Kids[4 0 R]/Count ${counts[3]}>>`,
  10: page(3),
  11: page(3, '/Rotate -180/UserUnit 2/CropBox[90 50 -500 900]'),
  12: page(4, '/MediaBox[300 400 100 100]'),
  13: page(2, '/MediaBox[0 0 0 0]/CropBox[1 2]/Rotate 37/UserUnit -1/Annots[20 0 R]'),
  20: '<</Type/Annot>>',
});

describe('pages by number', () => {
  it.each<[string, readonly [number, number, number, number]]>([
    ['with right counts', [4, 2, 1, 1]],
    ['with counts too large', [9, 9, 9, 9]],
    ['with counts too small', [1, 0, 0, 0]],
  ])('are found in a nested tree %s', async (_, counts) => {
    const document = await open(tree(counts));
    const found: number[] = [];
    for (let number = 1; number <= 4; number++) found.push((await findPage(document, number)).ref.num);
    expect(found.toSorted()).toEqual([10, 11, 12, 13]);
    for (const number of [0, -1, 5, 1000]) {
      expect(await codeOf(() => findPage(document, number))).toBe('page-not-found');
    }
  });

  it('are found far inside a long flat tree without reading the others', async () => {
    const objects: Record<number, string> = { 1: catalog };
    const kids: string[] = [];
    for (let num = 10; num < 10_010; num++) {
      objects[num] = page(2, `/Contents ${'0'.repeat(400)}`);
      kids.push(`${num} 0 R`);
    }
    objects[2] = `<</Type/Pages/Count ${kids.length}/Kids[${kids.join(' ')}]>>`;
    const source = countingSource(writePdf({ objects }));
    const document = await openDocument(source);
    const before = source.readBytes;
    expect((await findPage(document, 9_000)).ref.num).toBe(9_009);
    expect(source.readBytes - before).toBeLessThan(512 * 1024);
  });

  it.each<[string, Readonly<Record<number, string>>]>([
    ['a tree that leads back to itself', { 2: '<</Kids[3 0 R]>>', 3: '<</Kids[2 0 R 3 0 R]>>' }],
    ['kids that are no references', { 2: '<</Kids[<</Type/Page>> 5 (x)]/Count 3>>' }],
    ['kids that are no array', { 2: '<</Kids 7/Count 1>>' }],
    ['no tree', { 2: 'null' }],
  ])('are not found in %s', async (_, objects) => {
    expect(await codeOf(async () => findPage(await open({ 1: catalog, ...objects }), 1))).toBe('page-not-found');
  });

  it('stop at a tree too deep', async () => {
    const objects: Record<number, string> = { 1: catalog };
    for (let num = 2; num < 400; num++) objects[num] = `<</Kids[${num + 1} 0 R]>>`;
    expect(await codeOf(async () => findPage(await open(objects), 1))).toBe('limit');
  });
});

describe('what of a page is displayed', () => {
  const views = [
    { rotation: 90, visible: { x0: 10, y0: 10, x1: 110, y1: 60 }, userUnit: 1 },
    { rotation: 180, visible: { x0: 0, y0: 50, x1: 90, y1: 100 }, userUnit: 2 },
    { rotation: 0, visible: { x0: 100, y0: 100, x1: 300, y1: 400 }, userUnit: 1 },
    { rotation: 0, visible: { x0: 0, y0: 0, x1: 612, y1: 792 }, userUnit: 1 },
  ];

  it('comes from the page, from above, or by default', async () => {
    const document = await open(tree([4, 2, 1, 1]));
    for (const [index, expected] of views.entries()) {
      const found = await findPage(document, index + 1);
      expect(await viewPage(document, found)).toEqual(expected);
      expect(await viewPageAt(document, found.ref)).toEqual(expected);
    }
  });

  it('is known from an annotation on it', async () => {
    const document = await open(tree([4, 2, 1, 1]));
    expect(await findPageOf(document, ref(20))).toEqual(views[3]);
    expect(await findPageOf(document, ref(21))).toBeUndefined();
    expect(await viewPageAt(document, null)).toBeUndefined();
  });

  it('stops where parents go in a circle', async () => {
    const document = await open({ 1: catalog, 2: '<</Kids[3 0 R]/Parent 3 0 R>>', 3: page(2) });
    expect(await codeOf(() => viewPageAt(document, ref(3)))).toBe('limit');
  });
});
