import { describe, expect, it } from 'vitest';
import type { CertificateFacts } from '../../../main/pki/port.ts';
import { bestScheme, toKnownToken, type ViewContext } from '../../../main/tokens/token-view.ts';
import type { TokenKey, TokenSnapshot } from '../../../native/token-port.ts';
import { tokenView } from '../../../preload/model.ts';

const now = Date.UTC(2026, 5, 1);
const day = 86_400_000;
const facts: CertificateFacts = {
  subject: 'CN=Anna',
  issuer: 'CN=CA',
  commonName: 'Anna',
  serialNumber: '0a',
  notBefore: now - day,
  notAfter: now + day,
  keyType: 'rsa',
  keySizeBits: 2048,
  keyUsage: { digitalSignature: true, nonRepudiation: true },
  isCa: false,
  publicKey: new Uint8Array(),
  sha256: '',
};
const key: TokenKey = {
  keyId: '01',
  label: 'anna',
  certificate: new Uint8Array([0]),
  keyType: 'rsa',
  privateKeySeen: true,
};
const snapshot: TokenSnapshot = {
  manufacturerId: 'Maker',
  serialNumber: '77',
  label: 'card',
  model: 'm1',
  slotDescription: 'Reader',
  pin: {
    protectedAuthenticationPath: false,
    countLow: false,
    finalTry: true,
    locked: false,
    toBeChanged: false,
    soCountLow: false,
    soFinalTry: false,
    soLocked: false,
    loginRequired: true,
    minLength: 4,
    maxLength: 8,
  },
  mechanisms: [0x40, 0x1041],
  keys: [key],
  otherCertificates: [],
};

/** Certificates are one byte here: the index of their facts. */
function view(
  certificates: readonly Partial<CertificateFacts>[],
  token: Partial<TokenSnapshot> = {},
  atrOf: ViewContext['atrOf'] = () => undefined,
) {
  const context: ViewContext = {
    now,
    identities: [],
    atrOf,
    parseCertificate(der) {
      const found = certificates[der[0] ?? 0];
      if (!found) throw new Error('no certificate');
      return { ...facts, ...found };
    },
  };
  return toKnownToken('/module.so', { ...snapshot, ...token }, context);
}

const keysOf = (count: number, changes: Partial<TokenKey> = {}) =>
  Array.from({ length: count }, (_, index) => ({
    ...key,
    keyId: `0${index}`,
    certificate: new Uint8Array([index]),
    ...changes,
  }));

describe('a token in the window', () => {
  it('has the ids of the model', () => {
    const { view: shown } = view([{}]);
    expect(tokenView.parse(shown)).toEqual(shown);
    expect(shown).toMatchObject({ id: 'Maker/77', modulePath: '/module.so', pin: { finalTry: true, maxLength: 8 } });
    expect(shown.identities).toMatchObject([{ id: '77/01', commonName: 'Anna', keyType: 'rsa', keySizeBits: 2048 }]);
    expect(shown.identities[0]?.disabledReason).toBeUndefined();
  });

  it.each<[string, Partial<CertificateFacts>, Partial<TokenSnapshot>, string | undefined]>([
    ['an expired certificate', { notAfter: now - 1 }, {}, 'expired'],
    ['a certificate valid up to now', { notAfter: now, notBefore: now }, {}, undefined],
    ['a certificate of tomorrow', { notBefore: now + 1 }, {}, 'not-yet-valid'],
    ['a key for encryption', { keyUsage: { digitalSignature: false, nonRepudiation: false } }, {}, 'key-usage'],
    ['a key for signing in', { keyUsage: { digitalSignature: true, nonRepudiation: false } }, {}, undefined],
    ['a key for documents', { keyUsage: { digitalSignature: false, nonRepudiation: true } }, {}, undefined],
    ['a certificate without key usage', { keyUsage: undefined }, {}, undefined],
    ['a key of another algorithm', { keyType: 'other' }, {}, 'unsupported-key'],
    ['a token that cannot sign with it', {}, { mechanisms: [0x1041] }, 'unsupported-key'],
    ['a locked token', {}, { pin: { ...snapshot.pin, locked: true } }, 'token-locked'],
    ['a key still behind the PIN', {}, { keys: [{ ...key, privateKeySeen: false }] }, undefined],
    [
      'a certificate alone on a token that shows everything',
      {},
      { keys: [{ ...key, privateKeySeen: false }], pin: { ...snapshot.pin, loginRequired: false } },
      'no-private-key',
    ],
  ])('lists %s, and whether it can sign', (_, certificate, token, reason) => {
    expect(view([certificate], token).view.identities.map((identity) => identity.disabledReason)).toEqual([reason]);
  });

  it('says what the certificate states of itself, and which card it is on', () => {
    const qualified = { compliant: true, onQscd: true, types: ['esign'], legislations: [] } as const;
    const uses = { keyUsageNames: ['nonRepudiation'], extendedKeyUsage: ['1.3.6.1.5.5.7.3.4'], qualified };
    const { identities, atr } = view([uses], {}, () => '3b00').view;
    expect(identities[0]).toMatchObject({
      keyUsage: ['nonRepudiation'],
      extendedKeyUsage: ['1.3.6.1.5.5.7.3.4'],
      qualified,
    });
    expect(atr).toBe('3b00');
    expect(view([{}]).view.identities[0]).not.toHaveProperty('qualified');
  });

  it('puts first what can sign, and there what is made for documents', () => {
    const signIn = { digitalSignature: true, nonRepudiation: false };
    const certificates = [
      { commonName: 'expired', notAfter: now - 1 },
      { commonName: 'sign-in', keyUsage: signIn },
      { commonName: 'expired sign-in', keyUsage: signIn, notAfter: now - 1 },
      { commonName: 'documents' },
    ];
    const { identities } = view(certificates, { keys: keysOf(4) }).view;
    expect(identities.map(({ commonName }) => commonName)).toEqual([
      'documents',
      'sign-in',
      'expired',
      'expired sign-in',
    ]);
  });

  it('keeps two certificates of one key apart, the usable one under the plain id', () => {
    const keys = keysOf(2, { keyId: '01' });
    const { identities } = view([{ notAfter: now - 1, serialNumber: '0a' }, { serialNumber: '0b' }], { keys }).view;
    expect(identities.map(({ id, certificateSerial }) => [id, certificateSerial])).toEqual([
      ['77/01', '0b'],
      ['77/01/0a', '0a'],
    ]);
  });

  it('leaves out a certificate that cannot be read, and nothing else', () => {
    expect(view([{}], { keys: keysOf(2) }).view.identities.map(({ id }) => id)).toEqual(['77/00']);
  });
});

describe('the scheme for a key', () => {
  it.each([
    ['rsa', 2048, [0x40], 'rsa-pkcs1-sha256'],
    ['rsa', 4096, [0x01], 'rsa-pkcs1-sha256'],
    ['rsa', 3072, [0x0d], 'rsa-pss-sha256'],
    ['rsa', 3072, [0x42], 'rsa-pkcs1-sha512'],
    ['rsa', 2048, [0x1041], undefined],
    ['ec', 256, [0x1041], 'ecdsa-sha256'],
    ['ec', 384, [0x1041], 'ecdsa-sha384'],
    ['ec', 521, [0x1041], 'ecdsa-sha512'],
    ['ec', 384, [0x1044], undefined],
    ['other', 256, [0x40, 0x1041], undefined],
  ] as const)('of type %s with %i bits on a token with %j is %s', (keyType, keySizeBits, mechanisms, scheme) => {
    expect(bestScheme({ keyType, keySizeBits }, mechanisms)).toBe(scheme);
  });
});
