/** What a form and its earlier signatures ask of the next signature: seed values, locks, certification. */
import { describe, expect, it } from 'vitest';
import { dictAt, openDocument } from '../../../main/pdf/document.ts';
import { readLock, referencesOf } from '../../../main/pdf/field-lock.ts';
import { type FormField, formFields } from '../../../main/pdf/form-fields.ts';
import { isRef } from '../../../main/pdf/objects.ts';
import { placeSignature, type SignatureRequest } from '../../../main/pdf/signature-field.ts';
import { bufferSource } from '../../../main/pdf/source.ts';
import { codeOf, pageObjects, writePdf } from './sample-pdfs.ts';

type Change = Partial<Omit<SignatureRequest, 'entries' | 'offer'>> & {
  readonly reason?: string;
  readonly offer?: Partial<SignatureRequest['offer']>;
};

const certificate = Buffer.from('30030201aa', 'hex');
const issuer = Buffer.from('30030201bb', 'hex');

async function sign(base: Uint8Array, change: Change = {}) {
  const { reason, offer, ...rest } = change;
  const placed = await placeSignature(await openDocument(bufferSource(base)), {
    target: { kind: 'existing', name: 'Buyer' },
    contentsBytes: 40,
    lines: [],
    entries: { subFilter: 'ETSI.CAdES.detached', signedAt: 0, name: undefined, reason, location: undefined },
    offer: { digestMethod: 'sha256', hasTimestamp: false, certificates: [certificate, issuer], ...offer },
    ...rest,
  });
  const bytes = Buffer.concat([base, placed.increment]);
  const document = await openDocument(bufferSource(bytes));
  const fields: FormField[] = [];
  for (const field of await formFields(document)) fields.push(field);
  const value = fields.find((field) => field.fullName === placed.fieldName)?.value;
  return { bytes, document, placed, value, references: await referencesOf(document, value) };
}

const withField = (entries: string, form = '', catalog = '') =>
  writePdf({
    objects: pageObjects({
      1: `<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[20 0 R 21 0 R]${form}>>${catalog}>>`,
      20: `<</FT/Sig/T(Buyer)/Subtype/Widget/Rect[0 0 0 0]/P 3 0 R${entries}>>`,
      21: '<</FT/Sig/T(Seller)/Subtype/Widget/Rect[0 0 0 0]/P 3 0 R>>',
    }),
  });
const seeded = (seed: string) => withField(`/SV<</Type/SV${seed}>>`);
const visible = { kind: 'new-visible', box: { page: 1, x: 10, y: 10, width: 40, height: 20 } } as const;

describe('a seed value', () => {
  it.each<[string, string, Change]>([
    ['another filter', '/Ff 1/Filter/Other.Handler', {}],
    ['another SubFilter', '/Ff 2/SubFilter[/adbe.pkcs7.detached]', {}],
    ['a later version', '/Ff 4/V 9', {}],
    ['one of its reasons', '/Ff 8/Reasons[(I approve)(I agree)]', { reason: 'Other' }],
    ['one of its reasons, where none is given', '/Ff 8/Reasons[(I approve)]', {}],
    ['no reason', '/Ff 8/Reasons[(.)]', { reason: 'Mine' }],
    ['no reason by an empty list', '/Ff 8', { reason: 'Mine' }],
    ['revocation data of Adobe', '/Ff 32/AddRevInfo true', {}],
    ['another digest', '/Ff 64/DigestMethod[(SHA384)(SHA512)]', {}],
    ['a lock of the document', '/Ff 128/LockDocument/true', {}],
    ['a timestamp', '/TimeStamp<</URL(http://tsa)/Ff 1>>', {}],
    ['an approval', '/MDP<</P 0>>', { certify: 2 }],
    ['another certification', '/MDP<</P 2>>', { certify: 3 }],
    ['another signer', '/Cert<</Ff 1/Subject[<30030201cc>]>>', {}],
    ['another issuer', '/Cert<</Ff 2/Issuer[<30030201aa>]>>', {}],
    ['something else of the certificate', '/Cert<</Ff 4/OID[(1.2.3)]>>', {}],
  ])('that requires %s is not signed against', async (_, seed, change) => {
    expect(await codeOf(() => sign(seeded(seed), change))).toBe('seed-value');
  });

  it.each<[string, string, Change]>([
    ['the filter', '/Ff 1/Filter/Adobe.PPKLite', {}],
    ['one of its SubFilters', '/Ff 2/SubFilter[/adbe.pkcs7.detached/ETSI.CAdES.detached]', {}],
    ['the version', '/Ff 4/V 2', {}],
    ['the reason', '/Ff 8/Reasons[(I approve)(I agree)]', { reason: 'I agree' }],
    ['no reason', '/Ff 8/Reasons[(.)]', {}],
    ['the digest', '/Ff 64/DigestMethod[(SHA1)(SHA256)]', {}],
    ['the timestamp', '/TimeStamp<</URL(http://tsa)/Ff 1>>', { offer: { hasTimestamp: true } }],
    ['the signer', '/Cert<</Ff 1/Subject[<30030201aa>]>>', {}],
    ['the issuer', '/Cert<</Ff 2/Issuer[<30030201bb>]>>', {}],
    [
      'what is only preferred',
      '/Ff 0/SubFilter[/adbe.pkcs7.detached]/DigestMethod[(SHA1)]/Reasons[(x)]/AddRevInfo true',
      {},
    ],
    ['an approval', '/MDP<</P 0>>', {}],
  ])('is met: %s', async (_, seed, change) => {
    expect((await sign(seeded(seed), change)).placed.fieldName).toBe('Buyer');
  });

  it('that asks for a certification gets it, on a file without signatures', async () => {
    const { document, value, references } = await sign(seeded('/MDP<</P 3>>'));
    expect(references.map(({ method }) => method)).toEqual(['DocMDP']);
    expect((await dictAt(document, references[0]?.parameters))?.get('P')).toBe(3);
    expect((await dictAt(document, document.catalog.get('Perms')))?.get('DocMDP')).toEqual(value);
    const once = await sign(seeded('/MDP<</P 3>>'), { target: { kind: 'existing', name: 'Seller' } });
    expect(await codeOf(() => sign(once.bytes))).toBe('seed-value');
  });
});

describe('a certification', () => {
  it.each([1, 2, 3] as const)('allows afterwards what level %i says', async (certify) => {
    for (const target of [{ kind: 'new-invisible' }, visible] as const) {
      const { bytes, document, value } = await sign(withField(''), { target, certify });
      expect(isRef(value)).toBe(true);
      expect((await dictAt(document, document.catalog.get('Perms')))?.get('DocMDP')).toEqual(value);
      const next = await codeOf(() => sign(bytes));
      expect(next).toBe(certify === 1 ? 'changes-not-permitted' : 'none');
      expect(await codeOf(() => sign(bytes, { certify: 3 }))).toBe(
        certify === 1 ? 'changes-not-permitted' : 'already-signed',
      );
    }
  });

  it('warns before a new visible field, and before no other', async () => {
    const { bytes } = await sign(withField(''), { target: { kind: 'new-invisible' }, certify: 2 });
    expect((await sign(bytes, { target: visible })).placed.warnings).toEqual(['certified-new-visible-field']);
    expect((await sign(bytes)).placed.warnings).toEqual([]);
    expect((await sign(bytes, { target: { kind: 'new-invisible' } })).placed.warnings).toEqual([]);
  });

  it('lets a document timestamp follow, whatever it says', async () => {
    const { bytes } = await sign(withField(''), { target: { kind: 'new-invisible' }, certify: 1 });
    const placed = await placeSignature(await openDocument(bufferSource(bytes)), {
      target: { kind: 'new-invisible' },
      contentsBytes: 40,
      lines: [],
      entries: {
        type: 'DocTimeStamp',
        subFilter: 'ETSI.RFC3161',
        signedAt: undefined,
        name: undefined,
        reason: undefined,
        location: undefined,
      },
    });
    const text = Buffer.from(placed.increment).toString('latin1');
    expect(text).toContain('/Type /DocTimeStamp');
    expect(text).not.toContain('/M ');
  });

  it('keeps the other permissions of the catalog', async () => {
    for (const perms of ['/Perms<</UR3 5 0 R>>', '/Perms 22 0 R']) {
      const objects = pageObjects({ 1: `<</Type/Catalog/Pages 2 0 R${perms}>>`, 22: '<</UR3 5 0 R>>' });
      const { document } = await sign(writePdf({ objects }), { target: { kind: 'new-invisible' }, certify: 2 });
      const found = await dictAt(document, document.catalog.get('Perms'));
      expect([...(found?.keys() ?? [])]).toEqual(['UR3', 'DocMDP']);
    }
  });
});

describe('a lock', () => {
  it.each([
    ['/Action/All', 'All', []],
    ['/Action/Include/Fields[(Seller)(Price)]', 'Include', ['Seller', 'Price']],
    ['/Action/Exclude/Fields[(Seller)]', 'Exclude', ['Seller']],
  ])('%s becomes a FieldMDP of the signature', async (lock, action, names) => {
    const { document, references } = await sign(withField(`/Lock<</Type/SigFieldLock${lock}>>`));
    expect(references.map(({ method }) => method)).toEqual(['FieldMDP']);
    expect(await readLock(document, references[0]?.parameters)).toEqual({ action, fields: names, level: undefined });
  });

  it('may restrict the whole document', async () => {
    const { bytes, references } = await sign(withField('/Lock<</Action/Include/Fields[(Price)]/P 1>>'));
    expect(references.map(({ method }) => method)).toEqual(['FieldMDP', 'DocMDP']);
    expect(await codeOf(() => sign(bytes, { target: { kind: 'existing', name: 'Seller' } }))).toBe(
      'changes-not-permitted',
    );
  });

  it.each([
    ['/Action/All', 'changes-not-permitted', 'changes-not-permitted'],
    ['/Action/Include/Fields[(Seller)]', 'changes-not-permitted', 'none'],
    ['/Action/Include/Fields[(Sel)]', 'none', 'none'],
    ['/Action/Exclude/Fields[(Seller)]', 'none', 'changes-not-permitted'],
  ])('%s is obeyed by the next signature', async (lock, inSeller, inNew) => {
    const { bytes } = await sign(withField(`/Lock<</Action/All${lock}>>`));
    expect(await codeOf(() => sign(bytes, { target: { kind: 'existing', name: 'Seller' } }))).toBe(inSeller);
    expect(await codeOf(() => sign(bytes, { target: { kind: 'new-invisible' } }))).toBe(inNew);
  });
});

describe('a form', () => {
  it.each([
    ['/NeedAppearances true', ['need-appearances']],
    ['/XFA 5 0 R', ['xfa']],
    ['/NeedAppearances false', []],
  ])('with %s is signed with the warnings %j', async (form, warnings) => {
    expect((await sign(withField('', form))).placed.warnings).toEqual(warnings);
  });
});
