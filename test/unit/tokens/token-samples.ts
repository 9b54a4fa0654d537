/** Tokens and identities as the window shows them, to be changed by a test. */
import type { SigningIdentity, TokenView } from '../../../preload/model.ts';

export function sampleIdentity(change: Partial<SigningIdentity> = {}): SigningIdentity {
  return {
    id: '77/01',
    subject: 'CN=Anna',
    commonName: 'Anna',
    issuer: 'CN=CA',
    certificateSerial: '0a',
    notBefore: 0,
    notAfter: 1,
    keyType: 'rsa',
    keySizeBits: 2048,
    providerIdentities: [],
    ...change,
  };
}

export function sampleToken(change: Partial<TokenView> = {}): TokenView {
  return {
    id: 'Maker/77',
    label: 'card',
    manufacturer: 'Maker',
    model: 'm1',
    serialNumber: '77',
    modulePath: '/usr/lib/opensc-pkcs11.so',
    slotDescription: 'Reader A',
    pin: {
      protectedAuthenticationPath: false,
      countLow: false,
      finalTry: false,
      locked: false,
      minLength: 4,
      maxLength: 8,
    },
    identities: [sampleIdentity()],
    ...change,
  };
}
