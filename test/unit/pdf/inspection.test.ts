import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openDocument } from '../../../main/pdf/document.ts';
import { inspectPdf } from '../../../main/pdf/inspection.ts';
import { placeSignature } from '../../../main/pdf/signature-field.ts';
import { bufferSource } from '../../../main/pdf/source.ts';
import { pageObjects, sampleKinds, writePdf } from './sample-pdfs.ts';

const inspect = (bytes: Uint8Array, password?: string) => inspectPdf(bufferSource(bytes), { password });

describe('looking at a file', () => {
  it.each(Object.entries(sampleKinds))('tells its kind: %s', async (kind, make) => {
    const bytes = make();
    const seen = await inspect(bytes);
    expect(seen).toMatchObject({ version: '1.7', repaired: false, linearized: false, pageCount: 1, fields: [] });
    const expected = kind.includes('stream') ? 'stream' : kind === 'hybrid' ? 'hybrid' : 'table';
    expect(seen.sections.map((section) => section.kind)).toEqual([expected]);
    expect(seen.revisionEnds).toEqual([bytes.length - 1]);
    expect(seen.bytesBeforeHeader).toBe(kind.includes('before') ? 19 : 0);
    expect(seen.pages).toEqual([
      expect.objectContaining({ page: 1, rotation: 0, userUnit: 1, media: { x0: 0, y0: 0, x1: 400, y1: 300 } }),
    ]);
  });

  it('tells its fields, signatures, certification and later version', async () => {
    const base = writePdf({
      objects: pageObjects({
        1: '<</Type/Catalog/Version/2.0/Pages 2 0 R/AcroForm<</XFA 5 0 R/Fields[20 0 R 21 0 R 22 0 R]>>>>',
        20: '<</FT/Tx/T(Name)/V(Anna)>>',
        21: '<</FT/Sig/T(Buyer)/SV<<>>/Lock<</Action/Include/Fields[(Name)]>>>>',
        22: '<</FT/Tx/T(Empty)/V()>>',
      }),
    });
    const { increment } = await placeSignature(await openDocument(bufferSource(base)), {
      target: { kind: 'new-invisible' },
      contentsBytes: 20,
      lines: [],
      certify: 2,
      entries: { subFilter: 'ETSI.CAdES.detached', signedAt: 0, name: 'Anna', reason: 'x', location: undefined },
    });
    const seen = await inspect(Buffer.concat([base, increment]));
    expect(seen.version).toBe('2.0');
    expect(
      seen.fields.map(({ name, type, filled, hasSeedValue, lock }) => [name, type, filled, hasSeedValue, lock?.action]),
    ).toEqual([
      ['Name', 'Tx', true, false, undefined],
      ['Buyer', 'Sig', false, true, 'Include'],
      ['Empty', 'Tx', false, false, undefined],
      ['Signature1', 'Sig', true, false, undefined],
    ]);
    expect(seen.signatures).toMatchObject([{ fieldName: 'Signature1', subFilter: 'ETSI.CAdES.detached', signedAt: 0 }]);
    expect(seen).toMatchObject({ certifiedLevel: 2, warnings: ['xfa'] });
    expect(seen.sections).toHaveLength(2);
    expect(seen.revisionEnds).toHaveLength(2);
  });

  it('tells how it is encrypted and who opened it', async () => {
    const bytes = readFileSync(new URL('../../vectors/encrypted/aes-256-object-streams.pdf', import.meta.url));
    expect((await inspect(bytes)).encryption).toMatchObject({
      revision: 6,
      strings: 'aes-256',
      streams: 'aes-256',
      keyBits: 256,
      openedBy: 'user',
    });
    expect((await inspect(bytes, 'owner')).encryption?.openedBy).toBe('owner');
  });

  it('shows a damaged file, and says so', async () => {
    const bytes = writePdf({ objects: pageObjects() });
    const seen = await inspect(bytes.subarray(0, bytes.length - 20));
    expect(seen).toMatchObject({ repaired: true, sections: [], pageCount: 1 });
  });
});
