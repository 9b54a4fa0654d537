import { createHash } from 'node:crypto';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { describe, expect, it } from 'vitest';
import {
  assembleCms,
  bufferSource,
  cadesAttributesOf,
  commitments,
  estimateCmsBytes,
  isObjectIdentifier,
  prepareSignature,
  type SignerStatements,
} from '../../../main/pades/index.ts';
import type { SignatureSpec } from '../../../main/pades/prepared-signature.ts';
import { signedAttributesOf } from '../../../main/pades/signed-attributes.ts';
import { codeOf, pageObjects, writePdf } from '../pdf/sample-pdfs.ts';
import { issue, signWith } from './credentials.ts';

const now = Date.UTC(2026, 0, 2);
const { certificate, key } = issue({ kind: 'p-256', name: 'Anna Ozola', serial: 7, now });
const hash = createHash('sha256').update('the policy').digest();
const policy = { id: '1.3.6.1.4.1.99999.1', hash: { algorithm: 'sha256', value: hash } } as const;
const location = { country: 'LV', locality: 'Rīga', postalAddress: ['Brīvības iela 1', 'LV-1010'] };

type Outline = string | readonly [string, ...Outline[]];

/** Another library's reading: tag and value of each element. */
function outline(block: asn1js.AsnType): Outline {
  const { tagClass, tagNumber } = block.idBlock;
  if (block instanceof asn1js.ObjectIdentifier) return block.getValue();
  if (block instanceof asn1js.Utf8String) return `utf8 ${block.getValue()}`;
  if (block instanceof asn1js.IA5String) return `ia5 ${block.getValue()}`;
  if (block instanceof asn1js.OctetString) return Buffer.from(block.getValue()).toString('hex');
  if (!(block instanceof asn1js.Constructed)) return `${tagClass}/${tagNumber}`;
  const name = tagClass === 3 ? `[${tagNumber}]` : block instanceof asn1js.Set ? 'set' : 'sequence';
  return [name, ...block.valueBlock.value.map((child) => outline(child as asn1js.AsnType))];
}

function attributesOf(set: Uint8Array): Map<string, Outline> {
  const { result } = asn1js.fromBER(set);
  const found = result instanceof asn1js.Set ? result.valueBlock.value : [];
  const attributes = found.map((one) => new pkijs.Attribute({ schema: one }));
  return new Map(attributes.map(({ type, values }) => [type, values.map((value) => outline(value))[0] ?? '']));
}

const stated = (statements: SignerStatements) =>
  attributesOf(signedAttributesOf(new Uint8Array(32), certificate, statements));

const required = ['1.2.840.113549.1.9.3', '1.2.840.113549.1.9.4', '1.2.840.113549.1.9.16.2.47'];

describe('the statements of a signer', () => {
  it('are absent unless made', () => {
    expect([...stated({}).keys()]).toEqual(required);
    expect([...stated({ commitment: undefined, location: undefined, policy: undefined }).keys()]).toEqual(required);
  });

  it.each(Object.entries(commitments))('name the commitment: %s', (_, commitment) => {
    expect(stated({ commitment }).get('1.2.840.113549.1.9.16.2.16')).toEqual(['sequence', commitment]);
  });

  it.each<[string, SignerStatements['location'], Outline]>([
    [
      'in full',
      location,
      [
        'sequence',
        ['[0]', 'utf8 LV'],
        ['[1]', 'utf8 Rīga'],
        ['[2]', ['sequence', 'utf8 Brīvības iela 1', 'utf8 LV-1010']],
      ],
    ],
    ['by locality alone', { locality: 'Rīga' }, ['sequence', ['[1]', 'utf8 Rīga']]],
    ['by address alone', { postalAddress: ['PO Box 1'] }, ['sequence', ['[2]', ['sequence', 'utf8 PO Box 1']]]],
  ])('give the location %s, tagged explicitly', (_, given, expected) => {
    expect(stated({ location: given }).get('1.2.840.113549.1.9.16.2.17')).toEqual(expected);
  });

  it('name the policy by its identifier and hash, and where it is to be had', () => {
    const type = '1.2.840.113549.1.9.16.2.15';
    const digest: Outline = ['sequence', ['sequence', '2.16.840.1.101.3.4.2.1'], hash.toString('hex')];
    expect(stated({ policy }).get(type)).toEqual(['sequence', policy.id, digest]);
    const uri = 'https://policies.example/1';
    const qualifier: Outline = ['sequence', '1.2.840.113549.1.9.16.5.1', `ia5 ${uri}`];
    expect(stated({ policy: { ...policy, uri } }).get(type)).toEqual([
      'sequence',
      policy.id,
      digest,
      ['sequence', qualifier],
    ]);
  });

  it('stand in the order of DER, in CAdES beside the signing time', () => {
    const set = cadesAttributesOf(new Uint8Array(32), certificate, now, {
      commitment: commitments.receipt,
      location,
      policy,
    });
    const { result } = asn1js.fromBER(set);
    const encoded = (result instanceof asn1js.Set ? result.valueBlock.value : []).map((one) =>
      Buffer.from(one.toBER()).toString('hex'),
    );
    expect(encoded).toHaveLength(7);
    expect(encoded).toEqual(encoded.toSorted());
  });

  it.each<[string, SignerStatements]>([
    ['a commitment without an identifier', { commitment: 'approval' }],
    ['a policy without an identifier', { policy: { ...policy, id: '3.1' } }],
    ['a location without anything in it', { location: {} }],
    ['an address of seven lines', { location: { postalAddress: Array.from({ length: 7 }, () => 'line') } }],
  ])('are refused: %s', (_, statements) => {
    expect(() => signedAttributesOf(new Uint8Array(32), certificate, statements)).toThrow(RangeError);
  });

  it.each([
    ['1.2.840', true],
    ['2.999.1', true],
    ['0.39', true],
    ['1.40', false],
    ['1', false],
    ['1.2.', false],
    ['1.02', false],
    ['2.25.340282366920938463463374607431768211455', false],
    ['', false],
  ])('%s is an object identifier that can be written: %s', (dotted, is) => {
    expect(isObjectIdentifier(dotted)).toBe(is);
  });
});

describe('a PDF signature with statements', () => {
  const base = writePdf({ objects: pageObjects({}) });
  const specOf = (more: Partial<SignatureSpec>): SignatureSpec => ({
    certificate,
    chain: [],
    scheme: 'ecdsa-sha256',
    signedAt: now,
    reason: undefined,
    location: undefined,
    field: { kind: 'new-invisible' },
    appearanceLines: [],
    timestampReserveBytes: 0,
    ...more,
  });
  const prepare = (more: Partial<SignatureSpec>) => prepareSignature(bufferSource(base), specOf(more));

  it.each<[string, SignerStatements]>([
    ['a commitment', { commitment: commitments.approval }],
    ['a policy', { policy }],
  ])('has no reason beside %s', async (_, statements) => {
    expect(await codeOf(() => prepare({ statements, reason: 'I agree' }))).toBe('reason-excluded');
    expect(await codeOf(() => prepare({ statements, reason: '' }))).toBe('none');
    expect(await codeOf(() => prepare({ statements }))).toBe('none');
  });

  it('may have a reason beside the location', async () => {
    expect(await codeOf(() => prepare({ statements: { location }, reason: 'I agree' }))).toBe('none');
  });

  it('has room for them', async () => {
    const statements = { commitment: commitments.approval, location, policy };
    const { signedAttributes } = await prepare({ statements });
    const signature = signWith(key, 'ecdsa-sha256', signedAttributes);
    const cms = assembleCms({ signedAttributes, signature, scheme: 'ecdsa-sha256', certificate, chain: [] });
    const estimate = estimateCmsBytes(specOf({ statements }));
    expect(cms.length).toBeLessThanOrEqual(estimate);
    expect(cms.length).toBeGreaterThan(estimate - 128);
  });
});
