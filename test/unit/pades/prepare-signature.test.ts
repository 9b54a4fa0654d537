import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  fillGap,
  listSignatures,
  type PreparedSignature,
  prepareSignature,
  type SignatureSpec,
} from '../../../main/pades/index.ts';
import { signedAttributesOf } from '../../../main/pades/signed-attributes.ts';
import { bufferSource, type Source } from '../../../main/pdf/source.ts';
import { codeOf, pageObjects, writePdf } from '../pdf/sample-pdfs.ts';
import { type Credential, issue } from './credentials.ts';

let signer: Credential;
let spec: SignatureSpec;
const base = writePdf({ objects: pageObjects() });
/** Several chunks long. */
const large = writePdf({
  objects: pageObjects({ 6: `<</Length 3000000>>\nstream\n${'x'.repeat(3_000_000)}\nendstream` }),
});

beforeAll(() => {
  signer = issue({ kind: 'p-256', name: 'Anna Ozola', serial: 5, now: Date.UTC(2026, 0, 2) });
  spec = {
    certificate: signer.certificate,
    chain: [],
    scheme: 'ecdsa-sha256',
    signedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
    reason: 'I agree',
    location: 'Rīga',
    field: { kind: 'new-invisible' },
    appearanceLines: ['Anna Ozola'],
    timestampReserveBytes: 0,
  };
});

function coveredBytes(source: Uint8Array, { increment, byteRange }: PreparedSignature): Buffer {
  const whole = Buffer.concat([source, increment]);
  const [, before, after, rest] = byteRange;
  return Buffer.concat([whole.subarray(0, before), whole.subarray(after, after + rest)]);
}

describe('a prepared signature', () => {
  it.each(['ecdsa-sha256', 'ecdsa-sha384', 'ecdsa-sha512'] as const)(
    'signs the digest of its byte range (%s)',
    async (scheme) => {
      for (const source of [base, large]) {
        const prepared = await prepareSignature(bufferSource(source), { ...spec, scheme });
        const digest = createHash(scheme.slice(-6)).update(coveredBytes(source, prepared)).digest();
        expect(prepared.signedAttributes).toEqual(signedAttributesOf(digest, signer.certificate));
        expect(prepared.baseSha256).toBe(createHash('sha256').update(source).digest('hex'));
        expect(prepared.baseSize).toBe(source.length);
      }
    },
  );

  it('comes out the same for the same input', async () => {
    const [first, second] = await Promise.all([1, 2].map(() => prepareSignature(bufferSource(base), spec)));
    expect(first).toEqual(second);
  });

  it('reads the base once, in pieces, beyond the little the reader needs', async () => {
    const reads: number[] = [];
    const inner = bufferSource(large);
    const source: Source = {
      size: inner.size,
      read(offset, length) {
        reads.push(length);
        return inner.read(offset, length);
      },
    };
    await prepareSignature(source, spec);
    expect(Math.max(...reads)).toBeLessThanOrEqual(512 * 1024);
    expect(reads.reduce((sum, length) => sum + length, 0)).toBeLessThan(large.length + 64 * 1024);
  });

  it('says in the dictionary what was asked for', async () => {
    const { increment } = await prepareSignature(bufferSource(base), spec);
    const [found] = await listSignatures(bufferSource(Buffer.concat([base, increment])));
    expect(found).toMatchObject({ reason: 'I agree', signedAt: spec.signedAt, type: 'Sig', fieldName: 'Signature1' });
    const text = Buffer.from(increment).toString('latin1');
    expect(text).toContain('/Name (Anna Ozola)');
    expect(text).toContain('/Location <feff0052012b00670061>');
    expect(text).toContain('/M (D:20260102030405Z)');
  });

  it('passes on what its source fails with', async () => {
    const failure = new Error('disk');
    const broken = (from: number): Source => ({
      size: large.length,
      read: (offset, length) => (offset < from ? bufferSource(large).read(offset, length) : Promise.reject(failure)),
    });
    expect(await codeOf(() => prepareSignature(broken(0), spec))).toBe(failure);
    let reads = 0;
    const later: Source = {
      size: large.length,
      read: (offset, length) =>
        length > 100_000 && ++reads > 2 ? Promise.reject(failure) : bufferSource(large).read(offset, length),
    };
    expect(await codeOf(() => prepareSignature(later, spec))).toBe(failure);
  });

  it.each<[string, Uint8Array, string]>([
    ['a text', Buffer.from('hello'), 'not-a-pdf'],
    ['half a file', base.subarray(0, base.length / 2), 'damaged'],
    ['an encrypted file', writePdf({ objects: pageObjects(), trailer: '/Encrypt<<>>' }), 'encrypted'],
  ])('is not made of %s', async (_, bytes, code) => {
    expect(await codeOf(() => prepareSignature(bufferSource(bytes), spec))).toBe(code);
    expect(await codeOf(() => listSignatures(bufferSource(bytes)))).toBe(code);
  });

  it('is not made for a field that is not there', async () => {
    const field = { kind: 'existing', name: 'Buyer' } as const;
    expect(await codeOf(() => prepareSignature(bufferSource(base), { ...spec, field }))).toBe('field-not-found');
  });
});

describe('filling the gap', () => {
  const increment = Buffer.from('/Contents <00000000> >>');
  const gap = { offset: 11, length: 8 };

  it('patches a copy and pads with zeros', () => {
    const filled = fillGap(increment, gap, Uint8Array.of(0x30, 0xab));
    expect(Buffer.from(filled).toString()).toBe('/Contents <30ab0000> >>');
    expect(increment.toString()).toBe('/Contents <00000000> >>');
    expect(Buffer.from(fillGap(filled, gap, Uint8Array.of(1))).toString()).toBe('/Contents <01000000> >>');
  });

  it('takes what fits exactly and refuses one byte more', async () => {
    expect(Buffer.from(fillGap(increment, gap, Uint8Array.of(1, 2, 3, 4))).toString()).toContain('<01020304>');
    expect(await codeOf(async () => fillGap(increment, gap, new Uint8Array(5)))).toBe('contents-too-small');
  });

  it.each([
    { offset: 10, length: 8 },
    { offset: 11, length: 6 },
    { offset: 11, length: 800 },
    { offset: 0, length: 0 },
  ])('refuses %j, which is no gap', (wrong) => {
    expect(() => fillGap(increment, wrong, Uint8Array.of(1))).toThrow(RangeError);
  });

  it('lists the contents without their padding', async () => {
    const prepared = await prepareSignature(bufferSource(base), spec);
    const filled = fillGap(prepared.increment, prepared.gap, Uint8Array.of(0x30, 3, 2, 1, 5));
    const [found] = await listSignatures(bufferSource(Buffer.concat([base, filled])));
    expect(found?.contents).toEqual(Uint8Array.of(0x30, 3, 2, 1, 5));
    expect(found?.contentsPlace?.offset).toBe(prepared.byteRange[1]);
    expect((found?.contentsPlace?.offset ?? 0) + (found?.contentsPlace?.length ?? 0)).toBe(prepared.byteRange[2]);
  });

  it('lists contents that are no DER as they are', async () => {
    const prepared = await prepareSignature(bufferSource(base), spec);
    const filled = fillGap(prepared.increment, prepared.gap, Uint8Array.of(0x30, 0x84, 0xff, 0xff, 0xff, 0xff));
    const [found] = await listSignatures(bufferSource(Buffer.concat([base, filled])));
    expect(found?.contents).toHaveLength(prepared.gap.length / 2);
  });
});

describe('a document timestamp', () => {
  it.each(['/Type/DocTimeStamp', '/SubFilter/ETSI.RFC3161'])('is told by %s', async (entry) => {
    const objects = pageObjects({
      1: '<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[20 0 R]>>>>',
      20: `<</FT/Sig/T(a)/V<<${entry}/Contents<3000>>>>>`,
    });
    expect(await listSignatures(bufferSource(writePdf({ objects })))).toMatchObject([{ type: 'DocTimeStamp' }]);
  });
});
