import { describe, expect, it } from 'vitest';
import { type KeyObject, matchPrivateKey, readCertificate } from '../../../native/token-objects.ts';
import { createPki, issueSigner } from '../../sandbox/pki/index.ts';

const point = `04${'ab'.repeat(64)}`;
const otherPoint = `04${'cd'.repeat(64)}`;
const key = (id: string, keyType: KeyObject['keyType'], material?: string): KeyObject => ({
  handle: Buffer.from(`${id} ${keyType} ${material}`),
  id,
  keyType,
  material,
});

describe('the private key of a certificate', () => {
  it.each([
    ['has its CKA_ID', { id: '01', keyType: 'rsa', material: 'c0de' }, [key('01', 'rsa', 'c0de')], [], 0],
    ['has its CKA_ID and shows no modulus', { id: '01', keyType: 'rsa', material: 'c0de' }, [key('01', 'rsa')], [], 0],
    [
      'is not the one of another type with the same CKA_ID',
      { id: '01', keyType: 'ec', material: point },
      [key('01', 'rsa', 'c0de'), key('01', 'ec')],
      [],
      1,
    ],
    [
      'is not one with the same CKA_ID and another modulus',
      { id: '01', keyType: 'rsa', material: 'c0de' },
      [key('01', 'rsa', 'beef')],
      [],
      undefined,
    ],
    [
      'has its modulus where the CKA_ID differs',
      { id: '01', keyType: 'rsa', material: 'c0de' },
      [key('02', 'rsa', 'beef'), key('03', 'rsa', 'c0de')],
      [],
      1,
    ],
    [
      'belongs to the public key object with its point, wrapped in an OCTET STRING',
      { id: '01', keyType: 'ec', material: point },
      [key('02', 'ec'), key('03', 'ec')],
      [key('02', 'ec', `0441${otherPoint}`), key('03', 'ec', `0441${point}`)],
      1,
    ],
    [
      'belongs to the public key object with its point, bare',
      { id: '', keyType: 'ec', material: point },
      [key('02', 'ec')],
      [key('02', 'ec', point)],
      0,
    ],
    ['is not found by an empty CKA_ID', { id: '', keyType: 'ec', material: point }, [key('', 'ec')], [], undefined],
    [
      'is not found by a longer value that ends alike',
      { id: '01', keyType: 'rsa', material: 'c0de' },
      [key('02', 'rsa', '11c0de')],
      [],
      undefined,
    ],
    ['is none where there is none', { id: '01', keyType: 'rsa', material: 'c0de' }, [], [], undefined],
  ] as const)('%s', (_, certificate, privateKeys, publicKeys, expected) => {
    const found = matchPrivateKey(certificate, privateKeys, publicKeys);
    expect(found).toBe(expected === undefined ? undefined : privateKeys[expected]);
  });
});

describe('a certificate on a token', () => {
  it('shows its public key and whether it is an authority', async () => {
    const pki = await createPki({ now: Date.UTC(2026, 0, 1) });
    const ec = await issueSigner(pki, { name: 'ben', commonName: 'Ben', keyType: 'p-256' });
    expect(readCertificate(pki.issuing.certificate)).toMatchObject({ isCa: true, keyType: 'rsa' });
    expect(readCertificate(pki.issuing.certificate)?.material).toMatch(/^[89a-f][0-9a-f]{511}$/);
    expect(readCertificate(ec.certificate)).toMatchObject({ isCa: false, keyType: 'ec' });
    expect(readCertificate(ec.certificate)?.material).toMatch(/^04[0-9a-f]{128}$/);
  });

  it.each([
    ['nothing', new Uint8Array()],
    ['garbage', new Uint8Array(200).fill(0x30)],
  ])('is none where it is %s', (_, der) => {
    expect(readCertificate(der)).toBeUndefined();
  });
});
