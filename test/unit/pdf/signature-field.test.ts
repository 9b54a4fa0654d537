import { describe, expect, it } from 'vitest';
import { dictAt, openDocument, type PdfDocument } from '../../../main/pdf/document.ts';
import { findSignatures } from '../../../main/pdf/embedded-signatures.ts';
import { type FormField, formFields } from '../../../main/pdf/form-fields.ts';
import { isArray, isRef, isStream, isString, nameOf, type PdfDict } from '../../../main/pdf/objects.ts';
import { findPage } from '../../../main/pdf/page-tree.ts';
import { type FieldTarget, placeSignature } from '../../../main/pdf/signature-field.ts';
import { bufferSource } from '../../../main/pdf/source.ts';
import { codeOf, pageObjects, sampleKinds, startxrefOf, writePdf, writeRevision } from './sample-pdfs.ts';

const invisible: FieldTarget = { kind: 'new-invisible' };
const visible: FieldTarget = { kind: 'new-visible', box: { page: 1, x: 10, y: 10, width: 40, height: 20 } };
const existing = (name: string): FieldTarget => ({ kind: 'existing', name });

async function signed(base: Uint8Array, target: FieldTarget) {
  const placed = await placeSignature(await openDocument(bufferSource(base)), {
    target,
    contentsBytes: 100,
    lines: ['Anna Ozola'],
    entries: { subFilter: 'ETSI.CAdES.detached', signedAt: 0, name: 'Anna', reason: 'Ī', location: undefined },
  });
  const bytes = Buffer.concat([base, placed.increment]);
  const document = await openDocument(bufferSource(bytes));
  const fields: FormField[] = [];
  for (const field of await formFields(document)) fields.push(field);
  const field = fields.find((one) => one.fullName === placed.fieldName);
  if (!field) throw new Error('the field is not in the form');
  return { placed, bytes, document, fields, field };
}

const pdf = (more: Readonly<Record<number, string>>) => writePdf({ objects: pageObjects(more) });
const catalog = (more: string) => `<</Type/Catalog/Pages 2 0 R${more}>>`;
const page = (more: string) => `<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 300]${more}>>`;

async function annotationsOf(document: PdfDocument): Promise<number[]> {
  const annotations = await document.resolve((await findPage(document, 1)).dict.get('Annots'));
  return isArray(annotations) ? annotations.map((item) => (isRef(item) ? item.num : -1)) : [];
}

async function appearanceOf(document: PdfDocument, widget: PdfDict | undefined): Promise<PdfDict | undefined> {
  const stream = await document.resolve((await dictAt(document, widget?.get('AP')))?.get('N'));
  return isStream(stream) ? stream.dict : undefined;
}

describe.each(Object.entries(sampleKinds))('signing a file with %s', (kind, make) => {
  it.each([
    ['an invisible', invisible],
    ['a visible', visible],
  ])('adds %s field, twice', async (_, target) => {
    const first = await signed(make(), target);
    const second = await signed(first.bytes, target);
    expect(second.fields.map((field) => field.fullName)).toEqual(['Signature1', 'Signature2']);
    expect(await annotationsOf(second.document)).toEqual(second.fields.map((field) => field.ref?.num));
    const newest = second.document.chain.newest;
    expect(newest.kind).toBe(kind.includes('stream') ? 'stream' : 'table');
    expect(newest.trailer.has('XRefStm')).toBe(false);
    expect(newest.trailer.get('Prev')).toBe(startxrefOf(first.bytes));
    expect(second.document.nextNumber).toBe(newest.trailer.get('Size'));
  });
});

describe('the signature dictionary', () => {
  it('leaves out of its byte range the gap alone', async () => {
    const { placed, bytes } = await signed(pdf({}), invisible);
    const [zero, before, after, rest] = placed.byteRange;
    const base = bytes.length - placed.increment.length;
    expect([zero, before, after, after + rest]).toEqual([
      0,
      base + placed.gap.offset - 1,
      base + placed.gap.offset + placed.gap.length + 1,
      bytes.length,
    ]);
    expect(bytes.subarray(before, after).toString('latin1')).toBe(`<${'0'.repeat(200)}>`);
    const [found] = await findSignatures(bufferSource(bytes));
    expect(found).toMatchObject({
      byteRange: placed.byteRange,
      subFilter: 'ETSI.CAdES.detached',
      type: 'Sig',
      reason: 'Ī',
    });
  });

  it('stands in the field, with the flags of a form that is signed', async () => {
    const { document, field } = await signed(pdf({}), visible);
    const form = await dictAt(document, document.catalog.get('AcroForm'));
    expect(form?.get('SigFlags')).toBe(3);
    expect(field.dict.get('F')).toBe(132);
    const value = await dictAt(document, field.value);
    expect(nameOf(value?.get('Filter'))).toBe('Adobe.PPKLite');
    expect(value?.has('Location')).toBe(false);
    expect(await appearanceOf(document, field.dict)).toBeDefined();
  });

  it('has no appearance where the field has no area', async () => {
    const none: FieldTarget = { kind: 'new-visible', box: { page: 1, x: 1, y: 1, width: 0, height: 5 } };
    for (const target of [invisible, none]) {
      const { field } = await signed(pdf({}), target);
      expect(field.dict.get('Rect')).toEqual([0, 0, 0, 0]);
      expect(field.dict.has('AP')).toBe(false);
    }
  });
});

describe('the trailer of the increment', () => {
  it.each(['table', 'stream'] as const)('carries what belongs to the document (%s)', async (kind) => {
    const trailer = '/Info 5 0 R/ID[<0102><0304>]/Private(x)';
    const { document } = await signed(writePdf({ objects: pageObjects(), kind, trailer }), invisible);
    const [first, second] = document.trailer.get('ID') as never as { bytes: Uint8Array }[];
    expect(Buffer.from(first?.bytes ?? []).toString('hex')).toBe('0102');
    expect(second?.bytes).toHaveLength(16);
    expect(document.trailer.get('Info')).toMatchObject({ num: 5 });
    expect(isString(document.trailer.get('Private'))).toBe(true);
  });

  it('invents no /ID', async () => {
    expect((await signed(pdf({}), invisible)).document.trailer.has('ID')).toBe(false);
  });

  it('gives new objects numbers no revision has used', async () => {
    const first = pdf({});
    const second = writeRevision(first, { objects: { 40: 'null' }, trailer: '' }, startxrefOf(first));
    const lying = Buffer.from(second.toString('latin1').replaceAll('/Size 41', '/Size 07'), 'latin1');
    const { field } = await signed(lying, invisible);
    expect(field.ref?.num).toBeGreaterThan(40);
  });

  const sized = (size: number, kind: 'table' | 'stream') => {
    const bytes = writePdf({ objects: pageObjects(), kind });
    return Buffer.from(bytes.toString('latin1').replace(/\/Size \d+/, `/Size ${size}`), 'latin1');
  };
  it.each(['table', 'stream'] as const)('is refused by its reason where no number is left (%s)', async (kind) => {
    expect(await codeOf(() => signed(sized(8_388_608, kind), invisible))).toBe('limit');
    // Two objects and, where it is one, the stream of references.
    const last = 8_388_608 - (kind === 'stream' ? 3 : 2);
    expect((await signed(sized(last - 1, kind), invisible)).field.ref?.num).toBe(last);
    expect(await codeOf(() => signed(sized(last + 1, kind), invisible))).toBe('limit');
  });

  it('passes over a /Size that no file can have', async () => {
    expect((await signed(sized(99_999_999, 'table'), invisible)).field.ref?.num).toBeLessThan(20);
  });

  it('begins on a line of its own', async () => {
    const cut = pdf({}).subarray(0, -1);
    const { placed } = await signed(cut, invisible);
    expect(placed.increment[0]).toBe(0x0a);
  });
});

describe('an interactive form that is there already', () => {
  const text = '<</FT/Tx/T(Name)/Subtype/Widget/Rect[0 0 9 9]>>';
  it.each<[string, Readonly<Record<number, string>>]>([
    ['inline', { 1: catalog('/AcroForm<</Fields[20 0 R]/DA(/F 0 Tf)>>') }],
    ['an object', { 1: catalog('/AcroForm 10 0 R'), 10: '<</Fields[20 0 R]/SigFlags 1/DA(/F 0 Tf)>>' }],
    [
      'with fields of their own',
      { 1: catalog('/AcroForm 10 0 R'), 10: '<</Fields 11 0 R/DA(/F 0 Tf)>>', 11: '[20 0 R]' },
    ],
    ['inline with fields of their own', { 1: catalog('/AcroForm<</Fields 11 0 R/DA(/F 0 Tf)>>'), 11: '[20 0 R]' }],
  ])('%s is kept and grows', async (_, more) => {
    const { document, fields } = await signed(pdf({ ...more, 20: text }), invisible);
    expect(fields.map((field) => field.fullName)).toEqual(['Name', 'Signature1']);
    const form = await dictAt(document, document.catalog.get('AcroForm'));
    expect(form?.get('SigFlags')).toBe(3);
    expect(isString(form?.get('DA'))).toBe(true);
  });

  it.each<[string, Readonly<Record<number, string>>]>([
    ['no form object behind the reference', { 1: catalog('/AcroForm 10 0 R') }],
    ['a form of the wrong kind', { 1: catalog('/AcroForm 7') }],
    ['fields of the wrong kind', { 1: catalog('/AcroForm<</Fields(x)>>') }],
  ])('%s is made good', async (_, more) => {
    expect((await signed(pdf(more), invisible)).fields).toHaveLength(1);
  });

  it.each<[string, Readonly<Record<number, string>>]>([
    ['inline', { 3: page('/Annots[20 0 R]') }],
    ['an object', { 3: page('/Annots 21 0 R'), 21: '[20 0 R]' }],
  ])('annotations %s are kept', async (_, more) => {
    const { document, field } = await signed(pdf({ ...more, 20: '<</Type/Annot>>' }), visible);
    expect(await annotationsOf(document)).toEqual([20, field.ref?.num]);
  });

  it('lends no name that is taken', async () => {
    const fields = { 20: '<</FT/Tx/T(Signature1)>>', 21: '<</FT/Tx/T<feff005300690067006e006100740075007200650032>>>' };
    const more = { 1: catalog('/AcroForm<</Fields[20 0 R 21 0 R]>>'), ...fields };
    expect((await signed(pdf(more), invisible)).placed.fieldName).toBe('Signature3');
  });

  it('lends no name that a kid of a field without a name has', async () => {
    const more = {
      1: catalog('/AcroForm<</Fields[20 0 R 22 0 R]>>'),
      20: '<</Kids[21 0 R]>>',
      21: '<</FT/Tx/T(Signature1)/Parent 20 0 R>>',
      22: '<</Kids[23 0 R]>>',
      23: '<</T(Signature2)/Parent 22 0 R/Kids[24 0 R]>>',
      24: '<</FT/Tx/T(a)/Parent 23 0 R>>',
    };
    expect((await signed(pdf(more), invisible)).placed.fieldName).toBe('Signature3');
  });
});

describe('an existing field', () => {
  const withField = (fields: Readonly<Record<number, string>>) =>
    pdf({ 1: catalog('/AcroForm<</Fields[20 0 R]>>'), 3: page('/Rotate 90/Annots[20 0 R 22 0 R]'), ...fields });

  it('is signed where its widget is', async () => {
    const base = withField({ 20: '<</FT/Sig/T(Buyer)/Subtype/Widget/F 64/Rect[10 20 110 60]/P 3 0 R/MK<</R 90>>>>' });
    const { document, field, placed } = await signed(base, existing('Buyer'));
    expect(placed.fieldName).toBe('Buyer');
    expect(field.ref?.num).toBe(20);
    expect(field.dict.get('F')).toBe(64 | 132);
    expect(field.dict.get('Rect')).toEqual([10, 20, 110, 60]);
    expect(field.dict.has('MK')).toBe(true);
    expect((await appearanceOf(document, field.dict))?.get('BBox')).toEqual([0, 0, 40, 100]);
    expect(await annotationsOf(document)).toEqual([20, 22]);
  });

  it('knows the turn of its page from the page that lists it', async () => {
    const base = withField({ 20: '<</FT/Sig/T(Buyer)/Subtype/Widget/Rect[10 20 110 60]>>' });
    const { document, field } = await signed(base, existing('Buyer'));
    expect((await appearanceOf(document, field.dict))?.get('BBox')).toEqual([0, 0, 40, 100]);
  });

  it('inherits its kind and keeps its widgets apart', async () => {
    const base = withField({
      20: '<</FT/Sig/T(form)/Kids[21 0 R]>>',
      21: '<</T(sig)/Parent 20 0 R/Kids[22 0 R 23 0 R]>>',
      22: '<</Subtype/Widget/Parent 21 0 R/Rect[0 0 50 20]/P 3 0 R>>',
      23: '<</Subtype/Widget/Parent 21 0 R/Rect[0 0 0 0]/P 3 0 R>>',
    });
    const { document, field } = await signed(base, existing('form.sig'));
    expect(field.ref?.num).toBe(21);
    expect(isRef(field.value)).toBe(true);
    const [drawn, bare] = field.widgets;
    expect(await appearanceOf(document, drawn?.dict)).toBeDefined();
    expect(bare?.dict.has('AP')).toBe(false);
    expect([drawn?.dict.has('V'), bare?.dict.get('F')]).toEqual([false, 132]);
  });

  it('may have no widget at all, and a value that is null', async () => {
    const { field } = await signed(withField({ 20: '<</FT/Sig/T(Buyer)/V 77 0 R>>' }), existing('Buyer'));
    expect(isRef(field.value)).toBe(true);
  });

  it('is the empty one of two that share a name', async () => {
    const base = pdf({
      1: catalog('/AcroForm<</Fields[20 0 R 21 0 R]>>'),
      20: '<</FT/Sig/T(Buyer)/V<</Type/Sig>>>>',
      21: '<</FT/Sig/T(Buyer)>>',
    });
    expect((await signed(base, existing('Buyer'))).fields[1]?.value).toMatchObject({ kind: 'ref' });
  });

  it.each<[string, string, string]>([
    ['is refused where it is signed', '<</FT/Sig/T(Buyer)/V<</Type/Sig>>>>', 'field-already-signed'],
    ['is refused where it is no signature field', '<</FT/Tx/T(Buyer)>>', 'field-not-found'],
    ['is not found by another name', '<</FT/Sig/T(buyer)>>', 'field-not-found'],
    ['is not found by part of its name', '<</FT/Sig/T(a)/Kids[<</T(Buyer)/FT/Sig>>]>>', 'field-not-found'],
  ])('%s', async (_, field, code) => {
    expect(await codeOf(() => signed(withField({ 20: field }), existing('Buyer')))).toBe(code);
  });

  it('written inside an array gets a number of its own, and its page lists it', async () => {
    const widget = '/Subtype/Widget/Rect[10 10 110 60]/P 3 0 R';
    for (const fields of ['[<</FT/Sig/T(Buyer)%>>]', '[20 0 R]', '[22 0 R]']) {
      const base = pdf({
        1: catalog(`/AcroForm<</Fields${fields.replace('%', widget)}>>`),
        20: `<</T(Deal)/Kids[<</FT/Sig/T(Buyer)${widget}>>]>>`,
        22: '<</T(Deal)/Kids 23 0 R>>',
        23: `[<</FT/Sig/T(Buyer)${widget}>>]`,
      });
      const name = fields.includes('%') ? 'Buyer' : 'Deal.Buyer';
      const { document, field, fields: all } = await signed(base, existing(name));
      expect(all).toHaveLength(1);
      expect(field.ref).toBeDefined();
      expect(await annotationsOf(document)).toEqual([field.ref?.num]);
      expect(await appearanceOf(document, field.dict)).toBeDefined();
    }
  });
});

describe('a field tree that does not end', () => {
  it('is walked once where it leads back to itself', async () => {
    const more = {
      1: catalog('/AcroForm<</Fields[20 0 R 20 0 R]>>'),
      20: '<</T(a)/Kids[20 0 R 21 0 R]>>',
      21: '<</T(b)/Kids[20 0 R]>>',
    };
    const { fields } = await signed(pdf(more), invisible);
    expect(fields.map((field) => field.fullName)).toEqual(['a.b', 'Signature1']);
  });

  it('is refused where it is too deep', async () => {
    const more: Record<number, string> = { 1: catalog('/AcroForm<</Fields[20 0 R]>>') };
    for (let num = 20; num < 400; num++) more[num] = `<</T(x)/Kids[${num + 1} 0 R]>>`;
    expect(await codeOf(() => signed(pdf(more), invisible))).toBe('limit');
  });
});

describe('a certified document', () => {
  const reference = (parms: string) =>
    `<</Type/Sig/Reference[<</TransformMethod/DocMDP/TransformParams<<${parms}>>>>]>>`;
  const certified = (parms: string) => ({
    1: catalog('/Perms<</DocMDP 21 0 R>>/AcroForm<</Fields[20 0 R]>>'),
    20: '<</FT/Sig/T(C)/V 21 0 R>>',
    21: reference(parms),
  });

  it.each<[string, Readonly<Record<number, string>>, string]>([
    ['is not signed where it allows no change', certified('/P 1'), 'changes-not-permitted'],
    [
      'is not signed where only its signature says so',
      { ...certified('/P 1'), 1: catalog('/AcroForm<</Fields[20 0 R]>>') },
      'changes-not-permitted',
    ],
    ['is signed where it allows forms', certified('/P 2'), 'none'],
    ['is signed where it allows notes', certified('/P 3'), 'none'],
    ['is signed where it leaves the default', certified(''), 'none'],
  ])('%s', async (_, more, code) => {
    expect(await codeOf(() => signed(pdf(more), invisible))).toBe(code);
  });
});

describe('a page that is not there', () => {
  it('is refused by name', async () => {
    const target: FieldTarget = { kind: 'new-visible', box: { page: 2, x: 0, y: 0, width: 10, height: 10 } };
    expect(await codeOf(() => signed(pdf({}), target))).toBe('page-not-found');
  });
});
