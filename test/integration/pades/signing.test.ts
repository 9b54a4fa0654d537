import { createHash } from 'node:crypto';
import * as asn1js from 'asn1js';
import { degrees, PDFDocument, StandardFonts } from 'pdf-lib';
import * as pkijs from 'pkijs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readElement, readElements } from '../../../main/pades/der.ts';
import {
  assembleCms,
  type EmbeddedSignature,
  type FieldChoice,
  fillGap,
  listSignatures,
  prepareSignature,
} from '../../../main/pades/index.ts';
import { bufferSource } from '../../../main/pdf/source.ts';
import type { SignatureScheme } from '../../../native/token-port.ts';
import { algorithm, integer, nullValue, octetString, sequence, tlv } from '../../sandbox/pki/der.ts';
import { createPki } from '../../sandbox/pki/index.ts';
import { grant, parseTimestampQuery } from '../../sandbox/pki/timestamp-response.ts';
import { type Credential, issue, type KeyKind, kindsOf, schemes, signWith } from '../../unit/pades/credentials.ts';
import { pageObjects, sampleKinds, writePdf } from '../../unit/pdf/sample-pdfs.ts';
import { type Judges, openJudges } from './judges.ts';

const kinds: readonly KeyKind[] = ['rsa-2048', 'rsa-3072', 'p-256', 'p-384', 'p-521'];
const signers = new Map<KeyKind, Credential>();
let root: Credential;
let judges: Judges;

beforeAll(async () => {
  const now = Date.now();
  root = issue({ kind: 'rsa-2048', name: 'Judges Root', serial: 1, now });
  kinds.forEach((kind, i) => {
    const issuer = { ...root, name: 'Judges Root' };
    signers.set(kind, issue({ kind, name: `Anna ${kind}`, serial: 100 + i, now, issuer }));
  });
  judges = await openJudges(root.certificate);
});
afterAll(() => judges.close());

interface Options {
  readonly field?: FieldChoice;
  readonly kind?: KeyKind;
  readonly scheme?: SignatureScheme;
  readonly stamp?: (signature: Uint8Array) => Uint8Array;
}

async function sign(base: Uint8Array, options: Options = {}): Promise<Buffer> {
  const { field = { kind: 'new-invisible' }, kind = 'p-256', scheme = 'ecdsa-sha256' } = options;
  const signer = signers.get(kind);
  if (!signer) throw new Error(kind);
  const { certificate, key } = signer;
  const prepared = await prepareSignature(bufferSource(base), {
    certificate,
    chain: [],
    scheme,
    signedAt: Date.now(),
    reason: 'I agree (fully)',
    location: 'Rīga',
    field,
    appearanceLines: ['Ārija Bērziņa', 'Signed 2026-01-02 10:00 +02:00', 'I agree'],
    timestampReserveBytes: options.stamp ? 6000 : 0,
  });
  const signature = signWith(key, scheme, prepared.signedAttributes);
  const parts = { signedAttributes: prepared.signedAttributes, signature, scheme, certificate, chain: [] };
  const cms = assembleCms(options.stamp ? { ...parts, timestampToken: options.stamp(signature) } : parts);
  return Buffer.concat([base, fillGap(prepared.increment, prepared.gap, cms)]);
}

function covered(pdf: Uint8Array, { byteRange }: EmbeddedSignature): Buffer {
  const [start = 0, length = 0, after = 0, rest = 0] = byteRange;
  return Buffer.concat([pdf.subarray(start, start + length), pdf.subarray(after, after + rest)]);
}

/** Every judge content, every signature valid, the last one over the whole document. */
async function expectAccepted(pdf: Buffer, count: number): Promise<void> {
  expect(await judges.qpdfAccepts(pdf)).toBe(true);
  const found = await listSignatures(bufferSource(pdf));
  expect(found).toHaveLength(count);
  for (const one of found) expect(await judges.opensslAccepts(one.contents, covered(pdf, one))).toBe(true);
  const verdicts = await judges.pdfsig(pdf);
  expect(verdicts.map(({ valid }) => valid)).toEqual(found.map(() => true));
  expect(verdicts.map(({ subFilter }) => subFilter)).toEqual(found.map(() => 'ETSI.CAdES.detached'));
  expect(verdicts.filter(({ wholeDocument }) => wholeDocument)).toHaveLength(1);
}

async function pdfLibFile(useObjectStreams: boolean): Promise<Buffer> {
  const document = await PDFDocument.create();
  const font = await document.embedFont(StandardFonts.TimesRoman);
  for (let number = 1; number <= 30; number++) {
    document.addPage([595.28, 841.89]).drawText(`Page ${number}`, { x: 50, y: 700, size: 24, font });
  }
  document.getForm().createTextField('name').addToPage(document.getPage(0), { x: 50, y: 500, width: 200, height: 20 });
  return Buffer.from(await document.save({ useObjectStreams }));
}

const withField = () =>
  writePdf({
    objects: pageObjects({
      1: '<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[20 0 R]/SigFlags 1>>>>',
      3: '<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 300]/Annots[21 0 R]/Resources<<>>>>',
      20: '<</FT/Sig/T(contract)/Kids[21 0 R]>>',
      21: '<</T(buyer)/Parent 20 0 R/Type/Annot/Subtype/Widget/Rect[50 50 250 110]/P 3 0 R/F 4>>',
    }),
  });

const files: Readonly<Record<string, () => Buffer | Promise<Buffer>>> = {
  ...Object.fromEntries(Object.entries(sampleKinds).filter(([kind]) => kind !== 'bytes before the header')),
  'pdf-lib, classic': () => pdfLibFile(false),
  'pdf-lib, object streams': () => pdfLibFile(true),
};
const box = { page: 1, x: 55, y: 60, width: 40, height: 20 };

describe('a signed file', () => {
  it.each(Object.entries(files))('made of %s satisfies every judge, signed once and twice', async (_, make) => {
    const base = await make();
    const once = await sign(base);
    await expectAccepted(once, 1);
    const twice = await sign(once, {
      field: { kind: 'new-visible', box },
      kind: 'rsa-2048',
      scheme: 'rsa-pkcs1-sha256',
    });
    await expectAccepted(twice, 2);
    expect(twice.subarray(0, once.length).equals(once) && once.subarray(0, base.length).equals(base)).toBe(true);
    expect((await judges.pdfsig(twice)).every(({ trusted }) => trusted)).toBe(true);
    const found = await listSignatures(bufferSource(twice));
    expect(found.map(({ revisionEnd }) => revisionEnd)).toEqual([once.length, twice.length]);
  });

  it('keeps an existing field in its place', async () => {
    const pdf = await sign(withField(), { field: { kind: 'existing', name: 'contract.buyer' } });
    await expectAccepted(pdf, 1);
    expect((await judges.pdfsig(pdf))[0]?.fieldName).toBe('contract.buyer');
  });

  it('holds five signers', async () => {
    let pdf: Buffer = await pdfLibFile(true);
    for (const kind of kinds) {
      const scheme = kind.startsWith('rsa') ? 'rsa-pkcs1-sha256' : 'ecdsa-sha256';
      pdf = await sign(pdf, {
        kind,
        scheme,
        field: { kind: 'new-visible', box: { ...box, page: 1 + kinds.indexOf(kind) } },
      });
    }
    await expectAccepted(pdf, 5);
  });

  it('with bytes before its header is verified, and read by those who count from the header', async () => {
    const pdf = await sign(sampleKinds['bytes before the header']?.() ?? Buffer.alloc(0));
    expect(await judges.qpdfAccepts(pdf)).toBe(true);
    const [found] = await listSignatures(bufferSource(pdf));
    expect(found && (await judges.opensslAccepts(found.contents, covered(pdf, found)))).toBe(true);
  });
});

const combinations = schemes.flatMap((scheme) => kindsOf(scheme).map((kind) => [scheme, kind] as const));

describe('a signature by each algorithm', () => {
  it.each(combinations)('%s with %s', async (scheme, kind) => {
    const pdf = await sign(writePdf({ objects: pageObjects() }), { scheme, kind });
    const [found] = await listSignatures(bufferSource(pdf));
    expect(found && (await judges.opensslAccepts(found.contents, covered(pdf, found)))).toBe(true);
    expect((await judges.pdfsig(pdf))[0]).toMatchObject({ valid: true, trusted: true, wholeDocument: true });
  });
});

function tokenOf(cms: Uint8Array): Uint8Array {
  const { content } = new pkijs.ContentInfo({ schema: asn1js.fromBER(cms).result });
  const [info] = new pkijs.SignedData({ schema: content }).signerInfos;
  const attribute = info?.unsignedAttrs?.attributes.find(({ type }) => type === '1.2.840.113549.1.9.16.2.14');
  return new Uint8Array(attribute?.values[0]?.toBER() ?? new ArrayBuffer(0));
}

describe('a signature with a timestamp', () => {
  it('carries a token over its value, and stays valid', async () => {
    const pki = await createPki({ now: Date.now() });
    let value = new Uint8Array(0);
    const stamp = (signature: Uint8Array) => {
      value = new Uint8Array(signature);
      const imprint = createHash('sha256').update(signature).digest();
      const request = sequence(
        integer(1),
        sequence(algorithm('2.16.840.1.101.3.4.2.1', nullValue), octetString(imprint)),
        tlv(0x01, Uint8Array.of(0xff)),
      );
      const query = parseTimestampQuery(request);
      if (typeof query === 'string') throw new Error(query);
      const chain = [pki.issuing.certificate];
      const reply = readElement(grant({ query, authority: pki.timestamp, chain, at: Date.now() }));
      return readElements(reply?.contents ?? new Uint8Array(0))?.[1]?.raw ?? new Uint8Array(0);
    };
    const pdf = await sign(await pdfLibFile(true), { stamp });
    await expectAccepted(pdf, 1);
    const [found] = await listSignatures(bufferSource(pdf));
    const token = tokenOf(found?.contents ?? new Uint8Array(0));
    expect(await judges.opensslTimestampAccepts(token, value, pki.root.certificate)).toBe(true);
    expect(await judges.opensslTimestampAccepts(token, value.subarray(1), pki.root.certificate)).toBe(false);
    expect(await judges.opensslTimestampAccepts(token, value, pki.otherRoot.certificate)).toBe(false);
  });
});

describe('the judges', () => {
  it('refuse a byte changed inside the range', async () => {
    const pdf = await sign(await pdfLibFile(false), { kind: 'rsa-2048', scheme: 'rsa-pkcs1-sha256' });
    const mutant = Buffer.from(pdf);
    const at = mutant.indexOf('%PDF-1.7') + 7;
    mutant[at] = (mutant[at] ?? 0) ^ 1;
    const [found] = await listSignatures(bufferSource(mutant));
    expect(found && (await judges.opensslAccepts(found.contents, covered(mutant, found)))).toBe(false);
    expect((await judges.pdfsig(mutant))[0]).toMatchObject({ valid: false });
  });

  it('refuse a signer of another root', async () => {
    const stranger = await openJudges(
      issue({ kind: 'p-256', name: 'Judges Root', serial: 1, now: Date.now() }).certificate,
    );
    try {
      const pdf = await sign(writePdf({ objects: pageObjects() }));
      const [found] = await listSignatures(bufferSource(pdf));
      expect(found && (await stranger.opensslAccepts(found.contents, covered(pdf, found)))).toBe(false);
      expect((await stranger.pdfsig(pdf))[0]).toMatchObject({ trusted: false });
    } finally {
      await stranger.close();
    }
  });

  it('refuse an increment whose table is wrong', async () => {
    const pdf = await sign(writePdf({ objects: pageObjects() }));
    const text = pdf.toString('latin1');
    const at = text.lastIndexOf('startxref\n') + 'startxref\n'.length;
    expect(await judges.qpdfAccepts(Buffer.from(`${text.slice(0, at)}1${text.slice(at + 1)}`, 'latin1'))).toBe(false);
  });
});

/** The pixels of the mark's blue bar. */
const isBar = ([red, green, blue]: readonly [number, number, number]) =>
  Math.abs(red - 51) < 30 && Math.abs(green - 92) < 30 && Math.abs(blue - 153) < 30;

describe('the mark on the displayed page', () => {
  const turns = [0, 90, 180, 270];
  const crops: readonly (readonly [number, number, number, number] | undefined)[] = [undefined, [50, 40, 300, 220]];

  it.each(turns.flatMap((turn) => crops.map((crop) => [turn, crop] as const)))(
    'stands upright where it was asked for: turned by %i, cropped to %j',
    async (turn, crop) => {
      const document = await PDFDocument.create();
      const page = document.addPage([400, 300]);
      page.setRotation(degrees(turn));
      if (crop) page.setCropBox(...crop);
      const pdf = await sign(await document.save(), { field: { kind: 'new-visible', box } });
      const shown = await judges.render(pdf);
      const turned = turn % 180 !== 0;
      const [width, height] = crop ? [300, 220] : [400, 300];
      expect([shown.width, shown.height]).toEqual(turned ? [height, width] : [width, height]);
      const xs: number[] = [];
      const ys: number[] = [];
      for (let y = 0; y < shown.height; y++) {
        for (let x = 0; x < shown.width; x++) {
          if (!isBar(shown.at(x, y))) continue;
          xs.push(x);
          ys.push(y);
        }
      }
      const near = (value: number, expected: number) => expect(Math.abs(value - expected)).toBeLessThanOrEqual(2);
      near(Math.min(...xs), shown.width * 0.55);
      near(Math.max(...xs), shown.width * 0.55 + 2.5);
      near(Math.min(...ys), shown.height * 0.6);
      near(Math.max(...ys), shown.height * 0.8);
    },
  );
});
