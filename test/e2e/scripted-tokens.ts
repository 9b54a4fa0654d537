/** Cards for the scripted desk. */
import type { SigningIdentity, TokenView } from '../../preload/model.ts';

const YEAR_MS = 365 * 86_400_000;

function identity(facts: Partial<SigningIdentity> & Pick<SigningIdentity, 'id'>): SigningIdentity {
  return {
    subject: 'CN=Marta Kalniņa,C=LV',
    commonName: 'Marta Kalniņa',
    issuer: 'Sandbox Issuing CA',
    certificateSerial: '01',
    notBefore: Date.now() - YEAR_MS,
    notAfter: Date.now() + YEAR_MS,
    keyType: 'rsa',
    keySizeBits: 2048,
    providerIdentities: ['account-1/identity-1'],
    ...facts,
  };
}

function card(facts: Partial<TokenView> & Pick<TokenView, 'id' | 'label' | 'identities'>): TokenView {
  return {
    manufacturer: 'SoftHSM project',
    model: 'SoftHSM v2',
    serialNumber: '4f1c22a09be31d77',
    modulePath: '/usr/lib/softhsm/libsofthsm2.so',
    slotDescription: 'Reader 0',
    ...facts,
    pin: {
      protectedAuthenticationPath: false,
      countLow: false,
      finalTry: false,
      locked: false,
      minLength: 4,
      maxLength: 16,
      ...facts.pin,
    },
  };
}

const pinState = {
  protectedAuthenticationPath: false,
  countLow: false,
  finalTry: false,
  locked: false,
  minLength: 4,
  maxLength: 16,
};

export const goodCard = card({
  id: 'softhsm/1',
  label: 'Demo card',
  identities: [
    identity({
      id: '1/01',
      keyUsage: ['nonRepudiation'],
      qualified: { compliant: true, onQscd: true, types: ['esign'], legislations: [] },
    }),
    identity({ id: '1/02', keyType: 'ec', keySizeBits: 256, providerIdentities: [] }),
    identity({ id: '1/03', notAfter: Date.now() - 30 * 86_400_000, disabledReason: 'expired' }),
    identity({ id: '1/04', commonName: 'Marta Kalniņa (log-in)', disabledReason: 'key-usage', providerIdentities: [] }),
  ],
});

export const lastTryCard = card({
  id: 'softhsm/2',
  label: 'Card of the office of the municipality of Lower Saltmarsh',
  pin: { ...pinState, countLow: true, finalTry: true },
  identities: [identity({ id: '2/01' })],
});

export const lockedCard = card({
  id: 'softhsm/3',
  label: 'Old card',
  pin: { ...pinState, locked: true },
  identities: [identity({ id: '3/01' })],
});
