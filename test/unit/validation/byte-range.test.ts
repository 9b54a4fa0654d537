import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EmbeddedSignature } from '../../../main/pades/index.ts';
import { bufferSource } from '../../../main/pdf/source.ts';
import { checkByteRange } from '../../../main/validation/byte-range.ts';

const text = 'head /Contents <3003020101000000> tail%%EOF later';
const start = text.indexOf('<');
const end = text.indexOf('>') + 1;
const revisionEnd = text.indexOf(' later');
const place = { offset: start, length: end - start };

const signature = (more: Partial<EmbeddedSignature> = {}): EmbeddedSignature => ({
  fieldName: 'one',
  subFilter: 'ETSI.CAdES.detached',
  byteRange: [0, start, end, revisionEnd - end],
  contents: Buffer.from('3003020101', 'hex'),
  contentsPlace: place,
  revisionEnd,
  signedAt: undefined,
  reason: undefined,
  type: 'Sig',
  ...more,
});
const check = (more: Partial<EmbeddedSignature> = {}, file = text) =>
  checkByteRange(bufferSource(Buffer.from(file, 'latin1')), signature(more));

describe('checkByteRange', () => {
  it('accepts the range around the own contents to the end of its revision or of the file', async () => {
    expect(await check()).toEqual({ gapStart: start, gapEnd: end, end: revisionEnd });
    const whole = [0, start, end, text.length - end];
    expect(await check({ byteRange: whole })).toEqual({ gapStart: start, gapEnd: end, end: text.length });
  });

  it.each<[string, string, number[]]>([
    ['byte-range-shape', 'nothing', []],
    ['byte-range-shape', 'three numbers', [0, start, end]],
    ['byte-range-shape', 'two gaps', [0, 5, 6, 7, end, revisionEnd - end]],
    ['byte-range-shape', 'a start that is not 0', [1, start - 1, end, revisionEnd - end]],
    ['byte-range-shape', 'a negative length', [0, start, end, -1]],
    ['byte-range-shape', 'a fraction', [0, start + 0.5, end, revisionEnd - end]],
    ['byte-range-shape', 'what is not a number', [0, Number.NaN, end, 1]],
    ['byte-range-shape', 'no first part', [0, 0, end, revisionEnd - end]],
    ['byte-range-shape', 'no second part', [0, start, end, 0]],
    ['byte-range-shape', 'no gap', [0, end, end, revisionEnd - end]],
    ['byte-range-shape', 'parts that overlap', [0, end, start, revisionEnd - start]],
    ['byte-range-past-end', 'a length past the file', [0, start, end, text.length - end + 1]],
    ['byte-range-past-end', 'a length beyond reason', [0, start, end, Number.MAX_SAFE_INTEGER - end]],
    ['byte-range-gap', 'a gap that begins early', [0, start - 1, end, revisionEnd - end]],
    ['byte-range-gap', 'a gap that begins late', [0, start + 1, end, revisionEnd - end]],
    ['byte-range-gap', 'a gap that ends late', [0, start, end + 1, revisionEnd - end - 1]],
    ['byte-range-gap', 'a gap that ends early', [0, start, end - 1, revisionEnd - end + 1]],
    ['byte-range-ends-early', 'an end inside the revision', [0, start, end, revisionEnd - end - 1]],
    ['byte-range-ends-early', 'an end inside a later one', [0, start, end, revisionEnd - end + 1]],
  ])('answers %s to %s', async (problem, _, byteRange) => {
    expect(await check({ byteRange })).toBe(problem);
  });

  it('refuses contents that are nowhere in the file as they are', async () => {
    expect(await check({ contentsPlace: undefined })).toBe('byte-range-gap');
    expect(await check({ contents: Buffer.from('3003020102', 'hex') })).toBe('contents-mismatch');
  });

  it.each([
    ['a string that is no hex string', '(3003020101000000)'],
    ['a letter', '<300302010100000g>'],
    ['an end inside', '<300302010100000>>'],
    ['a second string', '<3003020101><0000>'],
    ['padding that is not zero', '<3003020101000001>'],
  ])('refuses %s in the gap', async (_, gap) => {
    expect(gap).toHaveLength(end - start);
    expect(await check({}, text.slice(0, start) + gap + text.slice(end))).toBe('contents-mismatch');
  });

  it.each([
    ['upper and lower case', '<30030201aB000000>', '30030201ab'],
    ['white space', '<3003 0201 01\n000>', '3003020101'],
    ['an odd number of digits', '<300302010100000 >', '3003020101'],
  ])('reads %s in the gap', async (_, gap, contents) => {
    const file = text.slice(0, start) + gap + text.slice(end);
    expect(await check({ contents: Buffer.from(contents, 'hex') }, file)).toMatchObject({ gapStart: start });
  });

  it('reads nothing outside the gap', async () => {
    const bytes = Buffer.from(text);
    const reads: number[][] = [];
    const source = {
      size: bytes.length,
      async read(offset: number, length: number) {
        reads.push([offset, length]);
        return bytes.subarray(offset, offset + length);
      },
    };
    await checkByteRange(source, signature());
    expect(reads).toEqual([[start, end - start]]);
  });

  it('accepts no other four numbers', async () => {
    const number = fc.oneof(
      fc.integer({ min: -2, max: text.length + 2 }),
      fc.constantFrom(0, start, end, revisionEnd - end),
    );
    const property = fc.asyncProperty(fc.tuple(number, number, number, number), async (byteRange) => {
      const [from, a, b, length] = byteRange;
      const right = from === 0 && a === start && b === end && [revisionEnd, text.length].includes(b + length);
      expect(typeof (await check({ byteRange }))).toBe(right ? 'object' : 'string');
    });
    await fc.assert(property, { seed: 12, numRuns: 2000 });
  });
});
