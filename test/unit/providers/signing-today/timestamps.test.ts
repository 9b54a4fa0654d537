import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTimestamp, toTimestamp } from '../../../../main/providers/signing-today/timestamps.ts';

const at = Date.UTC(2021, 9, 17, 7, 26);

describe('timestamps', () => {
  it.each([
    // The three forms of the vendor's documents.
    ['2018-12-19 09:26:03.478039', Date.UTC(2018, 11, 19, 9, 26, 3, 478)],
    ['2021-10-17T07:26Z', at],
    ['2022-12-13T23:59:59Z', Date.UTC(2022, 11, 13, 23, 59, 59)],
    // Their neighbours.
    ['2021-10-17 07:26', at],
    ['2021-10-17t07:26:00z', at],
    ['2021-10-17T09:26:00+02:00', at],
    ['2021-10-17T01:56:00-0530', at],
    ['2021-10-17T07:26:00.5Z', at + 500],
    ['2021-10-17T07:26:00.1239999Z', at + 123],
    ['2021-10-17T07:26:00,25Z', at + 250],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['2016-12-31T23:59:60Z', Date.UTC(2017, 0, 1)],
    ['0001-01-01T00:00:00Z', -62_135_596_800_000],
  ])('reads %s', (text, expected) => {
    expect(parseTimestamp(text)).toBe(expected);
  });

  it.each([
    '',
    'yesterday',
    '2021-10-17',
    '2021-10-17T07Z',
    '2021-13-01T00:00Z',
    '2021-00-01T00:00Z',
    '2021-02-29T00:00Z',
    '2021-04-31T00:00Z',
    '2021-01-00T00:00Z',
    '2021-10-17T24:00Z',
    '2021-10-17T07:60Z',
    '2021-10-17T07:26:61Z',
    '2021-10-17T07:26:00+24:00',
    '2021-10-17T07:26:00+02:60',
    '2021-10-17T07:26:00.Z',
    ' 2021-10-17T07:26Z',
    '2021-10-17T07:26Z\n',
    '2021-10-17T07:26ZZ',
    '12021-10-17T07:26Z',
    '1634455560',
  ])('refuses %j', (text) => {
    expect(parseTimestamp(text)).toBeUndefined();
  });

  it('reads back every time it writes', () => {
    const years1To9999 = fc.integer({ min: -62_135_596_800_000, max: Date.UTC(9999, 11, 31) });
    fc.assert(
      fc.property(years1To9999, (time) => {
        expect(parseTimestamp(toTimestamp(time))).toBe(time);
      }),
      { seed: 1 },
    );
  });
});
