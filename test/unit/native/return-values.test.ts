import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { describeReturnValue, returnValueOf, TokenHostError, toTokenHostError } from '../../../native/return-values.ts';

describe('CKR return values', () => {
  const standard: { name: string; value: number }[] = [];

  beforeAll(async () => {
    const header = new URL('../../../node_modules/pkcs11js/includes/pkcs11/pkcs11t.h', import.meta.url);
    const text = await readFile(header, 'utf8');
    for (const [, name = '', value = ''] of text.matchAll(/^#define (CKR_\w+)\s+(0x[0-9A-F]{8})UL/gm)) {
      if (name !== 'CKR_OK' && name !== 'CKR_VENDOR_DEFINED') standard.push({ name, value: Number(value) });
    }
  });

  it('knows every value of the standard by its name', () => {
    expect(standard.length).toBeGreaterThan(85);
    expect(standard.map(({ value }) => describeReturnValue(value).ckr)).toEqual(standard.map(({ name }) => name));
  });

  it('takes nothing for a wrong PIN but what the standard calls one', () => {
    const wrongPin = standard.filter(({ value }) => describeReturnValue(value).code === 'pin-incorrect');
    expect(wrongPin.map(({ name }) => name)).toEqual(['CKR_PIN_INCORRECT', 'CKR_PIN_INVALID', 'CKR_NEXT_OTP']);
  });

  it.each([
    [0x005, 'function-failed'],
    [0x006, 'function-failed'],
    [0x030, 'device-error'],
    [0x032, 'token-removed'],
    [0x0a0, 'pin-incorrect'],
    [0x0a2, 'pin-length'],
    [0x0a3, 'pin-expired'],
    [0x0a4, 'pin-locked'],
    [0x0b3, 'token-removed'],
    [0x0e0, 'token-absent'],
    [0x101, 'login-required'],
    [0x200, 'pin-cancelled'],
  ])('means by 0x%s what a person can act on', (value, code) => {
    expect(describeReturnValue(value).code).toBe(code);
  });

  it.each([
    [0x80000123, 'CKR_VENDOR_DEFINED(0x80000123)'],
    [0x7777, 'CKR(0x00007777)'],
  ])('keeps the number of %s, which no table knows', (value, ckr) => {
    expect(describeReturnValue(value)).toEqual({ ckr, code: 'function-failed' });
  });

  it.each([
    ['an error with a code', Object.assign(new Error('CKR_PIN_LOCKED'), { code: 0xa4 }), 0xa4],
    ['C_FindObjects with its number in the message only', new Error('CKR_SESSION_HANDLE_INVALID:179'), 179],
    ['a native error without a number', Object.assign(new Error('Cannot load library'), { code: 0 }), undefined],
    ['something that is no error', 'CKR_PIN_LOCKED:164', undefined],
    ['nothing', undefined, undefined],
  ])('reads %s', (_, thrown, value) => {
    expect(returnValueOf(thrown)).toBe(value);
  });

  it('uses the fallback only where no return value is in the error', () => {
    expect(toTokenHostError(new Error('dlopen failed'), 'module-failed')).toMatchObject({ code: 'module-failed' });
    const found = toTokenHostError(new Error('CKR_DEVICE_REMOVED:50'), 'module-failed');
    expect(found).toMatchObject({ code: 'token-removed', ckr: 'CKR_DEVICE_REMOVED' });
    const own = new TokenHostError('key-absent');
    expect(toTokenHostError(own, 'module-failed')).toBe(own);
  });
});
