import { constants, generateKeyPairSync, publicDecrypt, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planSigning, type SigningPlan, toEcdsaSigValue, toSignature, toSignInput } from '../../../native/mechanism.ts';
import type { SignatureScheme } from '../../../native/token-port.ts';

const message = Buffer.from('signed attributes');

function planFor(scheme: SignatureScheme, mechanisms: number[]): SigningPlan {
  const plan = planSigning(scheme, mechanisms);
  if (!plan) throw new Error(`no plan for ${scheme}`);
  return plan;
}

describe('the plan for a signature', () => {
  it.each<[SignatureScheme, number[], number, SigningPlan['input']]>([
    ['rsa-pkcs1-sha256', [0x01, 0x40], 0x40, 'message'],
    ['rsa-pkcs1-sha256', [0x01], 0x01, 'digest-info'],
    ['rsa-pkcs1-sha384', [0x41], 0x41, 'message'],
    ['rsa-pkcs1-sha512', [0x42], 0x42, 'message'],
    ['rsa-pss-sha256', [0x0d, 0x43], 0x43, 'message'],
    ['rsa-pss-sha384', [0x0d], 0x0d, 'digest'],
    ['ecdsa-sha256', [0x1041, 0x1044], 0x1041, 'digest'],
    ['ecdsa-sha384', [0x1045], 0x1045, 'message'],
    ['ecdsa-sha512', [0x1041], 0x1041, 'digest'],
  ])('for %s on a token with %j takes mechanism %i over the %s', (scheme, mechanisms, mechanism, input) => {
    expect(planSigning(scheme, mechanisms)).toMatchObject({ mechanism, input });
  });

  it.each<[SignatureScheme, number[]]>([
    ['rsa-pkcs1-sha256', []],
    ['rsa-pkcs1-sha256', [0x41, 0x0d, 0x1041]],
    ['rsa-pss-sha512', [0x01, 0x43]],
    ['ecdsa-sha256', [0x1045, 0x40]],
  ])('is none for %s on a token with %j', (scheme, mechanisms) => {
    expect(planSigning(scheme, mechanisms)).toBeUndefined();
  });

  it.each<[SignatureScheme, number, number, number]>([
    ['rsa-pss-sha256', 0x250, 2, 32],
    ['rsa-pss-sha384', 0x260, 3, 48],
    ['rsa-pss-sha512', 0x270, 4, 64],
  ])('gives %s its hash, mask and a salt as long as the hash', (scheme, hashAlgorithm, mgf, saltBytes) => {
    expect(planFor(scheme, [0x0d]).pss).toEqual({ hashAlgorithm, mgf, saltBytes });
  });
});

describe('what the token signs', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

  it.each(['sha256', 'sha384', 'sha512'] as const)(
    'is the DigestInfo of %s as another implementation makes it',
    (hash) => {
      const signature = sign(hash, message, privateKey);
      const padded = { key: publicKey, padding: constants.RSA_PKCS1_PADDING };
      expect(toSignInput(planFor(`rsa-pkcs1-${hash}`, [0x01]), message)).toEqual(publicDecrypt(padded, signature));
    },
  );

  it('is the message where the token hashes', () => {
    expect(toSignInput(planFor('rsa-pkcs1-sha256', [0x40]), message)).toEqual(message);
  });

  it('is the view into a larger buffer, no more', () => {
    const view = new Uint8Array(Buffer.from('xxsigned attributesyy').buffer.slice(0)).subarray(0, 0);
    expect(toSignInput(planFor('rsa-pkcs1-sha256', [0x40]), view)).toHaveLength(0);
    const larger = new Uint8Array([9, 9, ...message, 9]);
    expect(toSignInput(planFor('rsa-pkcs1-sha256', [0x40]), larger.subarray(2, 2 + message.length))).toEqual(message);
  });
});

describe('ECDSA-Sig-Value', () => {
  it.each(['P-256', 'P-384', 'P-521'])('on %s verifies as DER wherever r||s does', (namedCurve) => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
    for (let round = 0; round < 40; round++) {
      const raw = sign('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' });
      const der = toSignature(planFor('ecdsa-sha256', [0x1041]), raw);
      expect(verify('sha256', message, { key: publicKey, dsaEncoding: 'der' }, der)).toBe(true);
    }
  });

  it('encodes each number in as few bytes as DER demands', () => {
    const number = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const sparse = number.map((bytes) => bytes.fill(0, 0, (bytes[31] ?? 0) % 32));
    const anyNumber = fc.oneof(number, sparse);
    fc.assert(
      fc.property(anyNumber, anyNumber, (r, s) => {
        const der = toEcdsaSigValue(new Uint8Array([...r, ...s]));
        const [sequence, length, ...body] = der;
        expect([sequence, length]).toEqual([0x30, body.length]);
        let at = 0;
        for (const expected of [r, s]) {
          const size = body[at + 1] ?? 0;
          const digits = body.slice(at + 2, at + 2 + size);
          expect([body[at], digits.length]).toEqual([0x02, size]);
          expect((digits[0] ?? 0) < 0x80).toBe(true);
          if (digits.length > 1) expect(digits[0] !== 0 || (digits[1] ?? 0) >= 0x80).toBe(true);
          expect(BigInt(`0x${Buffer.from(digits).toString('hex')}`)).toBe(
            BigInt(`0x${Buffer.from(expected).toString('hex')}`),
          );
          at += 2 + size;
        }
        expect(at).toBe(body.length);
      }),
      { seed: 186, numRuns: 300 },
    );
  });

  it.each([0, 1, 63, 65, 134])('refuses %i bytes, which are no pair of numbers', (length) => {
    expect(() => toEcdsaSigValue(new Uint8Array(length).fill(1))).toThrow(
      expect.objectContaining({ code: 'function-failed' }),
    );
  });
});
