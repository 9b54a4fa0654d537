import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { string } from '../../../main/pdf/objects.ts';
import { dateText, decodeText, encodeText, parseDate } from '../../../main/pdf/text-string.ts';

const hex = (text: string) => Buffer.from(encodeText(text).bytes).toString('hex');

describe('text strings', () => {
  it.each([
    ['Riga (LV)', '52696761202 84c5629'.replace(' ', '')],
    ['Mönch', '4df66e6368'],
    ['Rīga', 'feff0052012b00670061'],
    ['€', 'feff20ac'],
    ['þÿ', 'feff00fe00ff'],
    ['soft\u00adhyphen', `feff${Buffer.from('soft\u00adhyphen', 'utf16le').swap16().toString('hex')}`],
    ['', ''],
  ])('writes %j', (text, expected) => {
    expect(hex(text)).toBe(expected);
  });

  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (text) => {
        expect(decodeText(encodeText(text))).toBe(text);
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  it.each([
    ['fffe52002b01', 'Rī'],
    ['efbbbf52c4ab', 'Rī'],
    ['80848d9295a0', '•—“™Ł€'],
    ['181b1f', '˘˙˜'],
    ['7f9fad', '\ufffd\ufffd\ufffd'],
  ])('reads %s', (bytes, expected) => {
    expect(decodeText(string(Buffer.from(bytes, 'hex')))).toBe(expected);
  });
});

describe('dates', () => {
  it.each([
    ["D:20260102030405+02'00'", Date.UTC(2026, 0, 2, 1, 4, 5)],
    ["D:20260102030405-05'30", Date.UTC(2026, 0, 2, 8, 34, 5)],
    ['D:20260102030405Z', Date.UTC(2026, 0, 2, 3, 4, 5)],
    ["D:20260102030405Z00'00'", Date.UTC(2026, 0, 2, 3, 4, 5)],
    ['20260102', Date.UTC(2026, 0, 2)],
    ['D:2026', Date.UTC(2026, 0, 1)],
    ['D:20261302', undefined],
    ['D:20260102256000', undefined],
    ['yesterday', undefined],
    ['', undefined],
  ])('reads %j', (text, expected) => {
    expect(parseDate(text)).toBe(expected);
  });

  it('writes what it reads', () => {
    const at = Date.UTC(2026, 10, 23, 19, 8, 7);
    expect(dateText(at)).toBe('D:20261123190807Z');
    expect(parseDate(dateText(at))).toBe(at);
  });
});
