import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openDocument } from '../../../main/pdf/document.ts';
import { isDict, nameOf, ref } from '../../../main/pdf/objects.ts';
import { findPage } from '../../../main/pdf/page-tree.ts';
import { placeSignature } from '../../../main/pdf/signature-field.ts';
import { bufferSource } from '../../../main/pdf/source.ts';
import { codeOf, pageObjects, sampleKinds, startxrefOf, writePdf, writeRevision } from './sample-pdfs.ts';

const repair = (bytes: Uint8Array) => openDocument(bufferSource(bytes), { repair: true });
const misled = (bytes: Buffer) =>
  Buffer.from(bytes.toString('latin1').replace(/startxref\s+\d+/, 'startxref\n7'), 'latin1');

describe('a file whose startxref is wrong', () => {
  it.each(Object.entries(sampleKinds))('is read all the same: %s', async (_, make) => {
    const bytes = misled(make());
    expect(await codeOf(() => openDocument(bufferSource(bytes)))).toBe('damaged');
    const document = await repair(bytes);
    expect(document.repaired).toBe(true);
    expect((await findPage(document, 1)).ref.num).toBe(3);
    const font = await document.load(ref(5));
    expect(isDict(font) && nameOf(font.get('BaseFont'))).toBe('Helvetica');
  });

  it.each(['table', 'stream'] as const)('shows its newest revision (%s)', async (kind) => {
    const first = writePdf({ objects: pageObjects(), kind, packed: kind === 'stream' ? [5] : [] });
    const more = { 5: '<</Type/Font/Subtype/Type1/BaseFont/Courier>>' };
    for (const packed of kind === 'stream' ? [[], [5]] : [[]]) {
      const second = writeRevision(first, { objects: more, kind, packed }, startxrefOf(first));
      const font = await (await repair(second.subarray(0, second.length - 9))).load(ref(5));
      expect(isDict(font) && nameOf(font.get('BaseFont'))).toBe('Courier');
    }
  });

  it('is not signed', async () => {
    const document = await repair(misled(writePdf({ objects: pageObjects() })));
    const request = {
      target: { kind: 'new-invisible' },
      contentsBytes: 10,
      lines: [],
      entries: { subFilter: 'x', signedAt: 0, name: undefined, reason: undefined, location: undefined },
    } as const;
    expect(await codeOf(() => placeSignature(document, request))).toBe('damaged');
  });
});

describe('repair', () => {
  it('is not done where nothing is wrong', async () => {
    for (const make of Object.values(sampleKinds)) expect((await repair(make())).repaired).toBe(false);
  });

  it('finds objects whose offsets are wrong', async () => {
    const text = writePdf({ objects: pageObjects() }).toString('latin1');
    const document = await repair(Buffer.from(text.replace(/\n5 1\n(\d{10})/, '\n5 1\n0000000017'), 'latin1'));
    expect(document.repaired).toBe(true);
    expect(isDict(await document.load(ref(5)))).toBe(true);
  });

  it('passes over an object whose generation cannot be, also in an encrypted file', async () => {
    const file = readFileSync(new URL('../../vectors/encrypted/aes-128-object-streams.pdf', import.meta.url)).toString(
      'latin1',
    );
    const broken = file
      .replace(/ 0 obj(?=\s*<<\s*\/Type\s*\/ObjStm)/g, ' 65536 obj')
      .replace(/startxref\s+\d+/, 'startxref 7');
    expect(await codeOf(() => repair(Buffer.from(broken, 'latin1')))).toBe('none');
  });

  it('finds the catalog of a file that lost its trailer', async () => {
    const text = writePdf({ objects: pageObjects() }).toString('latin1');
    const document = await repair(Buffer.from(text.slice(0, text.indexOf('xref')), 'latin1'));
    expect(nameOf(document.catalog.get('Type'))).toBe('Catalog');
  });

  it.each([
    ['a header alone', '%PDF-1.7\n'],
    ['objects without a catalog', '%PDF-1.7\n1 0 obj\n<</Type/Page>>\nendobj\n'],
    ['a trailer that leads nowhere', '%PDF-1.7\ntrailer<</Root 7 0 R>>\nstartxref\n3\n%%EOF'],
    [
      'an object stream that is its own length',
      '%PDF-1.7\n1 0 obj<</Type/ObjStm/N 1/First 4/Length 1 0 R>>stream\n1 0 endstream',
    ],
  ])('gives up on %s', async (_, text) => {
    expect(await codeOf(() => repair(Buffer.from(text)))).toBe('damaged');
  });
});
