import { describe, expect, it } from 'vitest';
import { rc4 } from '../../../main/pdf/rc4.ts';

/** Vectors of RFC 6229 (key streams, so of zeros) and of the cipher's first publication. */
describe('RC4', () => {
  it.each([
    ['0102030405', '00'.repeat(16), 'b2396305f03dc027ccc3524a0a1118a8'],
    ['0102030405060708090a0b0c0d0e0f10', '00'.repeat(16), '9ac7cc9a609d1ef7b2932899cde41b97'],
    [Buffer.from('Key').toString('hex'), Buffer.from('Plaintext').toString('hex'), 'bbf316e8d940af0ad3'],
  ])('under %s makes of %s %s', (key, data, expected) => {
    const encrypted = rc4(Buffer.from(key, 'hex'), Buffer.from(data, 'hex'));
    expect(Buffer.from(encrypted).toString('hex')).toBe(expected);
    expect(Buffer.from(rc4(Buffer.from(key, 'hex'), encrypted)).toString('hex')).toBe(data);
  });
});
