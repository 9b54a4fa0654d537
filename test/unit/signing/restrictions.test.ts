/** The sender's restrictions on the certificate, over certificates of the sandbox's PKI. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type UnmetRestriction, unmetRestriction } from '../../../main/signing/restrictions.ts';
import { createPki, issueSigner } from '../../sandbox/pki/index.ts';

let certificate: Uint8Array;
let serial: string;
let encryptionOnly: Uint8Array;

beforeAll(async () => {
  const pki = await createPki({ now: Date.now() });
  const signer = await issueSigner(pki, {
    name: 'mario',
    commonName: 'Mario Rossi',
    keyType: 'p-256',
    country: 'IT',
    organization: 'Studio Rossi, Bianchi',
    email: 'Mario.Rossi@Example.it',
    personalCode: 'TINIT-RSSMRA80A01H501U',
  });
  ({ certificate } = signer);
  serial = signer.serialNumber;
  const other = { name: 'e', commonName: 'E', keyType: 'p-256', keyUsage: 'encryption-only' } as const;
  encryptionOnly = (await issueSigner(pki, other)).certificate;
});

const why = (rule: string, operator: string, value: string, of = certificate): UnmetRestriction['why'] | undefined =>
  unmetRestriction(of, [{ rule, operator, value }])?.why;

describe('a certificate meets', () => {
  it.each([
    ['issuer', 'contains', 'sandbox'],
    ['issuer', 'equals', 'countersign sandbox'],
    ['Issuer_DN', 'contains', 'C=LV'],
    ['subject', 'contains', 'CN=Mario  Rossi'],
    ['subject', 'equals', 'Studio Rossi, Bianchi'],
    ['subject', 'in', 'Studio Verdi; Studio Rossi, Bianchi'],
    ['fiscalCode', 'equals', 'rssmra80a01h501u'],
    ['fiscal_code', 'equals', 'TINIT-RSSMRA80A01H501U'],
    ['codiceFiscale', 'in', 'AAAAAA00A00A000A, RSSMRA80A01H501U'],
    ['e-mail', 'equals', 'mario.rossi@example.it'],
    ['email', 'contains', '@example.it'],
    ['keyUsage', 'equals', 'nonRepudiation'],
    ['key usage', 'contains', 'content commitment'],
    ['keyUsage', 'in', 'keyAgreement,digital_signature'],
    ['qualified', 'equals', 'false'],
    ['qualified', 'IS', 'No'],
  ])('%s %s %s', (rule, operator, value) => {
    expect(why(rule, operator, value)).toBeUndefined();
  });

  it('its own serial number, however it is written', () => {
    const spaced = serial.toUpperCase().replace(/../g, '$&:').slice(0, -1);
    for (const value of [serial, spaced, `00${serial}`, BigInt(`0x${serial}`).toString()]) {
      expect(why('serialNumber', 'equals', value)).toBeUndefined();
    }
    expect(why('serial number', 'in', `01, ${serial}`)).toBeUndefined();
  });

  it('no restrictions at all, unread', () => {
    expect(unmetRestriction(undefined, [])).toBeUndefined();
  });
});

describe('a certificate does not meet', () => {
  it.each([
    ['issuer', 'equals', 'sandbox'],
    ['subject', 'equals', 'Mario Ross'],
    ['fiscalCode', 'equals', 'VRDLGI80A01H501X'],
    ['fiscalCode', 'in', ''],
    ['email', 'equals', 'anna.rossi@example.it'],
    ['email', 'contains', ''],
    ['email', 'contains', '   '],
    ['keyUsage', 'equals', 'keyCertSign'],
    ['qualified', 'equals', 'true'],
    ['qualified', 'in', 'qscd;esign'],
    ['serialNumber', 'equals', '1'],
  ])('%s %s %j', (rule, operator, value) => {
    expect(why(rule, operator, value)).toBe('not-met');
  });

  it('a usage it does not have', () => {
    expect(why('keyUsage', 'equals', 'nonRepudiation', encryptionOnly)).toBe('not-met');
  });

  it.each([
    ['policy', 'equals', 'x', 'unknown-rule'],
    ['__proto__', 'equals', 'x', 'unknown-rule'],
    ['', '', '', 'unknown-rule'],
    ['issuer', 'matches', '.*', 'unknown-operator'],
    ['issuer', 'notEquals', 'x', 'unknown-operator'],
    ['issuer', 'constructor', 'x', 'unknown-operator'],
  ])('what is not understood: %s %s %s', (rule, operator, value, reason) => {
    expect(unmetRestriction(certificate, [{ rule, operator, value }])).toEqual({ rule, operator, value, why: reason });
  });

  it('anything where it cannot be read, or is not known', () => {
    const restriction = { rule: 'qualified', operator: 'equals', value: 'false' };
    expect(unmetRestriction(undefined, [restriction])?.why).toBe('unreadable-certificate');
    expect(unmetRestriction(new Uint8Array([0x30, 0]), [restriction])?.why).toBe('unreadable-certificate');
  });

  it('the first of several that it fails, and only if it fails one', () => {
    const met = { rule: 'email', operator: 'contains', value: 'example' };
    const failed = { rule: 'issuer', operator: 'equals', value: 'Somebody' };
    expect(unmetRestriction(certificate, [met, failed, { ...failed, value: 'x' }])).toEqual({
      ...failed,
      why: 'not-met',
    });
    expect(unmetRestriction(certificate, [met, met])).toBeUndefined();
  });
});
