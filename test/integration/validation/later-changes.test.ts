import { PDFDocument } from 'pdf-lib';
import { beforeAll, describe, expect, it } from 'vitest';
import { addValidationData, bufferSource, listChangesAfter, type SignatureSpec } from '../../../main/pades/index.ts';
import { validatePdf } from '../../../main/validation/index.ts';
import { createPki, issueSigner, type Pki, type Signer } from '../../sandbox/pki/index.ts';
import { pageObjects, startxrefOf, writePdf, writeRevision } from '../../unit/pdf/sample-pdfs.ts';
import { signPdf, timestampPdf } from './signed-pdfs.ts';

let pki: Pki;
let signer: Signer;
beforeAll(async () => {
  pki = await createPki({ now: Date.UTC(2026, 5, 1) });
  signer = await issueSigner(pki, { name: 'a', commonName: 'Anna', keyType: 'p-256' });
});

/** A text field 20 with its widget on page 3, and an empty signature field 21. */
const objects = pageObjects({
  1: '<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[20 0 R 21 0 R]/SigFlags 1>>>>',
  3: '<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 300]/Contents 4 0 R/Annots[20 0 R 21 0 R]/Resources<</Font<</F 5 0 R>>>>>>',
  20: '<</FT/Tx/T(town)/Type/Annot/Subtype/Widget/Rect[10 10 90 30]/P 3 0 R/F 4>>',
  21: '<</FT/Sig/T(lock)/Type/Annot/Subtype/Widget/Rect[0 0 0 0]/P 3 0 R/F 4/Lock<</Type/SigFieldLock/Action/Include/Fields[(town)]>>>>',
});
const filledField =
  '<</FT/Tx/T(town)/Type/Annot/Subtype/Widget/Rect[10 10 90 30]/P 3 0 R/F 4/V(Riga)/AP<</N 60 0 R>>>>';
const form = '<</Length 0/Type/XObject/Subtype/Form/BBox[0 0 80 20]>>\nstream\n\nendstream';

const sign = (base: Uint8Array, more: Partial<SignatureSpec> = {}) => signPdf(base, pki, signer, more);
/** The file with one more revision of these objects. */
const update = (file: Uint8Array, changed: Record<number, string>) =>
  writeRevision(file, { objects: changed, trailer: '' }, startxrefOf(file));

async function first(file: Uint8Array) {
  const { valid, signatures } = await validatePdf(bufferSource(file), { anchors: [pki.root.certificate], at: pki.now });
  const [report] = signatures;
  return { valid, kinds: [...(report?.laterChanges ?? [])].sort(), problems: report?.problems };
}

const content = '<</Length 7>>\nstream\n0 0 m S\nendstream';
const note = '<</Type/Annot/Subtype/Text/Rect[5 5 9 9]/Contents(no)>>';
/** The object's newest text, `from` replaced in it. */
function edited(file: Buffer, num: number, from: string, to: string): Record<number, string> {
  const text = file.toString('latin1');
  const at = text.lastIndexOf(`\n${num} 0 obj\n`) + `\n${num} 0 obj\n`.length;
  const found = text.slice(at, text.indexOf('\nendobj', at));
  if (!found.includes(from)) throw new Error(found);
  return { [num]: found.replace(from, to) };
}

const changes: readonly [string, (file: Buffer) => Buffer | Promise<Buffer>, string[]][] = [
  ['nothing', (file) => file, []],
  ['a filled field', (file) => update(file, { 20: filledField, 60: form }), ['form-fill']],
  ['another page content', (file) => update(file, { 4: content }), ['other']],
  [
    'another font behind the same name',
    (file) => update(file, { 5: '<</Type/Font/Subtype/Type1/BaseFont/Courier>>' }),
    ['other'],
  ],
  ['another size of the page', (file) => update(file, edited(file, 3, '400 300', '200 300')), ['other']],
  [
    'a field moved over the text',
    (file) => update(file, { 20: filledField.replace('[10 10 90 30]', '[0 0 400 300]') }),
    ['form-fill', 'other'],
  ],
  ['a note', (file) => update(file, { ...edited(file, 3, '21 0 R', '21 0 R 61 0 R'), 61: note }), ['annotation']],
  ['a field taken away', (file) => update(file, edited(file, 1, '[20 0 R 21 0 R', '[21 0 R')), ['other']],
  [
    'a script on opening',
    (file) => update(file, edited(file, 1, '/Type', '/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>/Type')),
    ['other'],
  ],
  ['another signature', (file) => sign(file), ['signature-field']],
  ['a document timestamp', (file) => timestampPdf(file, pki), ['document-timestamp']],
  [
    'validation data',
    async (file) => {
      const data = { certificates: [pki.issuing.certificate], ocsps: [], lists: [] };
      return Buffer.concat([file, (await addValidationData(bufferSource(file), data)) ?? Buffer.alloc(0)]);
    },
    ['validation-data'],
  ],
  ['an object the signed revision named and did not have', (file) => update(file, { 99: content }), ['other']],
];

/** The file with nothing more than another way into it. */
const entered = (file: Buffer, offset: number) => Buffer.concat([file, Buffer.from(`startxref\n${offset}\n%%EOF\n`)]);

describe('a file whose end leads elsewhere', () => {
  it('was changed, though no object was added: back to a revision before', async () => {
    const filled = update(writePdf({ objects }), { 20: filledField, 60: form });
    const first = startxrefOf(writePdf({ objects }));
    const signed = await sign(filled, { field: { kind: 'existing', name: 'lock' } });
    const kinds = await listChangesAfter(bufferSource(entered(signed, first)), signed.length);
    expect(kinds).toEqual({ kinds: ['other'], forbidden: false });
  });

  it('was changed: to a section that lay dormant in what was signed', async () => {
    const plain = writePdf({ objects });
    const dormant = update(plain, { 4: content });
    // The way in is the first revision's again: the second one sleeps.
    const signed = await sign(entered(dormant, startxrefOf(plain)));
    const woken = entered(signed, startxrefOf(dormant));
    expect((await listChangesAfter(bufferSource(woken), signed.length)).kinds).toEqual(['other']);
    expect((await listChangesAfter(bufferSource(signed), signed.length)).kinds).toEqual([]);
  });
});

describe('what came after a signature', () => {
  it.each(changes)('%s', async (_what, change, kinds) => {
    const signed = await sign(writePdf({ objects }));
    expect((await first(await change(signed))).kinds).toEqual(kinds);
  });

  it.each([
    [1, ['nothing', 'validation data', 'a document timestamp']],
    [2, ['nothing', 'validation data', 'a document timestamp', 'a filled field', 'another signature']],
    [3, ['nothing', 'validation data', 'a document timestamp', 'a filled field', 'another signature', 'a note']],
  ] as const)('is forbidden by a certification of level %i unless it is one of %j', async (certify, allowed) => {
    const certified = await sign(writePdf({ objects }), { certify });
    for (const [what, change] of changes) {
      // Against P=1 the signing itself is refused.
      if (certify === 1 && what === 'another signature') continue;
      const { valid, problems } = await first(await change(certified));
      const fine = (allowed as readonly string[]).includes(what);
      expect([what, valid, problems]).toEqual([what, fine, fine ? [] : ['changes-forbidden']]);
    }
  });

  it('is forbidden where a signature locked the field', async () => {
    const signed = await sign(writePdf({ objects }), { field: { kind: 'existing', name: 'lock' } });
    const { kinds, problems } = await first(update(signed, { 20: filledField, 60: form }));
    expect([kinds, problems]).toEqual([['form-fill'], ['changes-forbidden']]);
    expect((await first(await sign(signed))).problems).toEqual([]);
  });

  it('is told apart in a file of another maker with object streams', async () => {
    const document = await PDFDocument.create();
    const page = document.addPage([400, 300]);
    document.getForm().createTextField('town').addToPage(page, { x: 10, y: 10, width: 80, height: 20 });
    const signed = await sign(await document.save({ useObjectStreams: true }));
    expect((await first(await sign(signed))).kinds).toEqual(['signature-field']);
  });
});
