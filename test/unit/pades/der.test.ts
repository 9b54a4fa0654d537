import * as asn1js from 'asn1js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  element,
  integer,
  objectIdentifier,
  octetString,
  readElement,
  readElements,
  sequence,
  setOf,
} from '../../../main/pades/der.ts';

const hex = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('hex');
const bytes = fc.uint8Array({ maxLength: 300 });

describe('writing DER', () => {
  it.each<[string, Uint8Array, string]>([
    ['zero', integer(0), '020100'],
    ['127', integer(127), '02017f'],
    ['128', integer(128), '02020080'],
    ['65537', integer(65_537), '0203010001'],
    ['an object identifier', objectIdentifier('1.2.840.113549.1.7.2'), '06092a864886f70d010702'],
    ['an object identifier under 2', objectIdentifier('2.16.840.1.101.3.4.2.1'), '0609608648016503040201'],
    ['an empty sequence', sequence(), '3000'],
    ['127 bytes', octetString(new Uint8Array(127)).subarray(0, 2), '047f'],
    ['128 bytes', octetString(new Uint8Array(128)).subarray(0, 3), '048180'],
    ['256 bytes', octetString(new Uint8Array(256)).subarray(0, 4), '04820100'],
    ['65536 bytes', octetString(new Uint8Array(65_536)).subarray(0, 5), '0483010000'],
    [
      'a set in order',
      setOf([octetString(Uint8Array.of(2)), integer(5), octetString(Uint8Array.of(1))]),
      '3109020105040101040102',
    ],
  ])('%s', (_, written, expected) => {
    expect(hex(written)).toBe(expected);
  });

  it('is read alike by another library', () => {
    const member = fc.oneof(fc.integer({ min: 0, max: 2 ** 31 - 1 }).map(integer), bytes.map(octetString));
    fc.assert(
      fc.property(fc.array(member, { maxLength: 6 }), (members) => {
        const parsed = asn1js.fromBER(sequence(...members));
        expect(parsed.offset).not.toBe(-1);
        const inner = (parsed.result as asn1js.Sequence).valueBlock.value;
        expect(inner.map((one) => hex(new Uint8Array(one.toBER())))).toEqual(members.map(hex));
      }),
      { seed: 13, numRuns: 200 },
    );
  });
});

describe('reading DER', () => {
  it('gives back what was written, wherever it begins', () => {
    fc.assert(
      fc.property(fc.array(bytes.map(octetString), { maxLength: 5 }), bytes, (members, before) => {
        const whole = sequence(...members);
        const found = readElement(Buffer.concat([before, whole, before]), before.length);
        expect(hex(found?.raw)).toBe(hex(whole));
        expect(readElements(found?.contents ?? new Uint8Array(1))?.map(({ raw }) => hex(raw))).toEqual(
          members.map(hex),
        );
      }),
      { seed: 17, numRuns: 200 },
    );
  });

  it.each(['', '30', '3001', '3081', '308201', '30800000', '3f0100', '3087010203040506', '30847fffffff'])(
    'finds nothing whole in %j',
    (text) => {
      expect(readElement(Buffer.from(text, 'hex'))).toBeUndefined();
    },
  );

  it('finds nothing past the end, and no elements that leave bytes over', () => {
    expect(readElement(Uint8Array.of(5, 0), 2)).toBeUndefined();
    expect(readElements(Uint8Array.of(5, 0, 5))).toBeUndefined();
  });

  it('does not fall over any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (noise) => {
        const found = readElement(noise);
        if (found) expect(hex(element(found.tag, found.contents)).length).toBeGreaterThan(3);
      }),
      { seed: 19, numRuns: 500 },
    );
  });
});
