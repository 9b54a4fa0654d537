import { createHash, X509Certificate } from 'node:crypto';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { beforeAll, describe, expect, it } from 'vitest';
import { certificateParts } from '../../../main/pades/certificate-parts.ts';
import { element, sequence } from '../../../main/pades/der.ts';
import { assembleCms, estimateCmsBytes } from '../../../main/pades/index.ts';
import { PadesError, type SignatureSpec } from '../../../main/pades/prepared-signature.ts';
import { signedAttributesOf } from '../../../main/pades/signed-attributes.ts';
import { codeOf } from '../pdf/sample-pdfs.ts';
import { type Credential, issue, type KeyKind, kindsOf, schemes, signWith } from './credentials.ts';

const now = Date.UTC(2026, 0, 2);
const kinds: readonly KeyKind[] = ['rsa-2048', 'rsa-3072', 'p-256', 'p-384', 'p-521'];
const signers = new Map<KeyKind, Credential>();
let root: Credential;

beforeAll(() => {
  root = issue({ kind: 'p-256', name: 'Root', serial: 1, now });
  kinds.forEach((kind, i) => {
    signers.set(kind, issue({ kind, name: `Ārija ${kind}`, serial: 200 + i, now, issuer: { ...root, name: 'Root' } }));
  });
});

function signer(kind: KeyKind): Credential {
  const found = signers.get(kind);
  if (!found) throw new Error(kind);
  return found;
}

function specOf(certificate: Uint8Array, more: Partial<SignatureSpec> = {}): SignatureSpec {
  return {
    certificate,
    chain: [root.certificate],
    scheme: 'rsa-pkcs1-sha256',
    signedAt: now,
    reason: undefined,
    location: undefined,
    field: { kind: 'new-invisible' },
    appearanceLines: [],
    timestampReserveBytes: 0,
    ...more,
  };
}

function parse(cms: Uint8Array): pkijs.SignedData {
  const parsed = asn1js.fromBER(cms);
  expect(parsed.offset).toBe(cms.length);
  return new pkijs.SignedData({ schema: new pkijs.ContentInfo({ schema: parsed.result }).content });
}

const cases = schemes.flatMap((scheme) => kindsOf(scheme).map((kind) => [scheme, kind] as const));

describe.each(cases)('a CMS with %s by %s', (scheme, kind) => {
  const content = Buffer.from('signed bytes');
  const make = (timestampToken?: Uint8Array) => {
    const { certificate, key } = signer(kind);
    const digest = createHash(scheme.slice(-6)).update(content).digest();
    const signedAttributes = signedAttributesOf(digest, certificate);
    const signature = signWith(key, scheme, signedAttributes);
    const parts = { signedAttributes, signature, scheme, certificate, chain: [root.certificate] };
    return { certificate, signature, cms: assembleCms(timestampToken ? { ...parts, timestampToken } : parts) };
  };

  it('is what another library verifies', async () => {
    const { cms } = make();
    const signedData = parse(cms);
    const verify = (data: Uint8Array) => signedData.verify({ signer: 0, data: new Uint8Array(data).buffer });
    expect(await verify(content)).toBe(true);
    expect(await verify(Buffer.from('signed bytez')).catch(() => false)).toBe(false);
    expect(signedData.certificates).toHaveLength(2);
    expect(signedData.encapContentInfo.eContent).toBeUndefined();
  });

  it('fits its estimate, and not by much less', () => {
    const token = sequence(new Uint8Array(3000));
    const { certificate } = make();
    for (const [cms, reserve] of [[make().cms, 0] as const, [make(token).cms, token.length] as const]) {
      const estimate = estimateCmsBytes(specOf(certificate, { scheme, timestampReserveBytes: reserve }));
      expect(cms.length).toBeLessThanOrEqual(estimate);
      expect(cms.length).toBeGreaterThan(estimate - 128);
    }
  });
});

describe('the signer info', () => {
  it('has the three signed attributes of PAdES, in the order of DER, and no signing time', () => {
    const { certificate, key } = signer('p-256');
    const signedAttributes = signedAttributesOf(new Uint8Array(32), certificate);
    const signature = signWith(key, 'ecdsa-sha256', signedAttributes);
    const [info] = parse(
      assembleCms({ signedAttributes, signature, scheme: 'ecdsa-sha256', certificate, chain: [] }),
    ).signerInfos;
    expect(info?.signedAttrs?.attributes.map(({ type }) => type)).toEqual([
      '1.2.840.113549.1.9.3',
      '1.2.840.113549.1.9.4',
      '1.2.840.113549.1.9.16.2.47',
    ]);
    expect(info?.unsignedAttrs).toBeUndefined();
    const encoded = info?.signedAttrs?.attributes.map((attribute) =>
      Buffer.from(attribute.toSchema().toBER()).toString('hex'),
    );
    expect(encoded).toEqual(encoded?.toSorted());
    // ESSCertIDv2 over SHA-256, its default left out.
    const hash = createHash('sha256').update(certificate).digest('hex');
    expect(Buffer.from(signedAttributes).toString('hex')).toContain(`30263024302204 20${hash}`.replace(' ', ''));
  });

  it('carries a timestamp token as it came', () => {
    const { certificate } = signer('p-256');
    const signedAttributes = signedAttributesOf(new Uint8Array(32), certificate);
    const timestampToken = sequence(element(0x04, Uint8Array.of(1, 2, 3)));
    const parts = {
      signedAttributes,
      signature: new Uint8Array(70),
      scheme: 'ecdsa-sha256',
      certificate,
      chain: [],
    } as const;
    const [info] = parse(assembleCms({ ...parts, timestampToken })).signerInfos;
    const [attribute] = info?.unsignedAttrs?.attributes ?? [];
    expect(attribute?.type).toBe('1.2.840.113549.1.9.16.2.14');
    expect(Buffer.from(attribute?.values[0]?.toBER() ?? new ArrayBuffer(0))).toEqual(Buffer.from(timestampToken));
  });

  it('lists a certificate once, and all of them in the order of DER', () => {
    const { certificate } = signer('rsa-2048');
    const signedAttributes = signedAttributesOf(new Uint8Array(32), certificate);
    const chain = [root.certificate, certificate, root.certificate];
    const cms = assembleCms({
      signedAttributes,
      signature: new Uint8Array(256),
      scheme: 'rsa-pkcs1-sha256',
      certificate,
      chain,
    });
    const found = (parse(cms).certificates ?? []).map((one) => Buffer.from(one.toSchema().toBER()).toString('hex'));
    expect(found).toHaveLength(2);
    expect(found).toEqual(found.toSorted());
  });

  it('is not made of signed attributes that are no set', () => {
    const { certificate } = signer('p-256');
    const parts = { signature: new Uint8Array(70), scheme: 'ecdsa-sha256', certificate, chain: [] } as const;
    expect(() => assembleCms({ ...parts, signedAttributes: sequence() })).toThrow(RangeError);
  });
});

describe('the parts of a certificate', () => {
  it.each(kinds)('are read of %s', (kind) => {
    const { certificate } = signer(kind);
    const parts = certificateParts(certificate);
    const judge = new X509Certificate(certificate);
    expect(parts.commonName).toBe(`Ārija ${kind}`);
    expect(Buffer.from(parts.serialNumber.subarray(2)).toString('hex').replace(/^00/, '').toUpperCase()).toBe(
      judge.serialNumber,
    );
    expect(parts.keyType).toBe(kind.slice(0, 3) === 'rsa' ? 'rsa' : 'ec');
  });

  it.each<[string, (der: Uint8Array) => Uint8Array]>([
    ['nothing', () => new Uint8Array(0)],
    ['noise', () => Buffer.from('-----BEGIN CERTIFICATE-----')],
    ['a certificate cut short', (der) => der.subarray(0, -1)],
    ['a certificate with more behind it', (der) => Buffer.concat([der, der])],
    ['an empty sequence', () => sequence()],
    ['sequences without anything in them', () => sequence(sequence(), sequence())],
  ])('are not read of %s', async (_, spoil) => {
    const certificate = spoil(signer('rsa-2048').certificate);
    expect(await codeOf(async () => certificateParts(certificate))).toBe('bad-certificate');
    expect(await codeOf(async () => estimateCmsBytes(specOf(certificate)))).toBe('bad-certificate');
  });

  it('never fail otherwise, whatever byte is wrong', () => {
    const { certificate } = signer('p-256');
    for (let at = 0; at < certificate.length; at++) {
      const wrong = new Uint8Array(certificate);
      wrong[at] = (wrong[at] ?? 0) ^ 0x55;
      try {
        certificateParts(wrong);
      } catch (error) {
        expect(error).toBeInstanceOf(PadesError);
      }
    }
  });
});

describe('a scheme that does not go with the key', () => {
  it.each([
    ['rsa-pss-sha256', 'p-256'],
    ['ecdsa-sha256', 'rsa-2048'],
    ['rsa-pkcs1-md5', 'rsa-2048'],
    ['toString', 'rsa-2048'],
  ])('is refused: %s, %s', async (scheme, kind) => {
    const spec = specOf(signer(kind as KeyKind).certificate, { scheme: scheme as 'ecdsa-sha256' });
    expect(await codeOf(async () => estimateCmsBytes(spec))).toBe('scheme-unsupported');
  });
});
