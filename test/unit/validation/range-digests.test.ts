import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bufferSource } from '../../../main/pdf/source.ts';
import { digestRanges, type RangeToDigest } from '../../../main/validation/range-digests.ts';

const file = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 31 + (i >> 5)) % 256));

const directly = ({ algorithm, gapStart, gapEnd, end }: RangeToDigest, bytes = file) =>
  createHash(algorithm).update(bytes.subarray(0, gapStart)).update(bytes.subarray(gapEnd, end)).digest('hex');
const hex = (digests: Map<RangeToDigest, Uint8Array>, range: RangeToDigest) =>
  Buffer.from(digests.get(range) ?? []).toString('hex');

const range = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 1, max: file.length }), { minLength: 3, maxLength: 3 }),
    fc.constantFrom('sha256', 'sha384', 'sha512'),
  )
  .map(([cuts, algorithm]): RangeToDigest => {
    const [gapStart = 0, gapEnd = 0, end = 0] = cuts.sort((a, b) => a - b);
    return { gapStart, gapEnd, end, algorithm: algorithm as RangeToDigest['algorithm'] };
  });

describe('digestRanges', () => {
  it('gives each range the digest it has by itself, however they lie', async () => {
    const property = fc.asyncProperty(fc.array(range, { maxLength: 12 }), async (ranges) => {
      const digests = await digestRanges(bufferSource(file), ranges);
      for (const one of ranges) expect(hex(digests, one)).toBe(directly(one));
    });
    await fc.assert(property, { seed: 256, numRuns: 500 });
  });

  it('goes over chunks and chunk borders', async () => {
    const large = Buffer.alloc(3 * 512 * 1024 + 17);
    for (let at = 0; at < large.length; at += 4099) large[at] = at % 251;
    const cuts = [512 * 1024 - 1, 512 * 1024, 512 * 1024 + 1, 1024 * 1024, large.length];
    const ranges = cuts.slice(0, 3).map((gapStart): RangeToDigest => {
      return { gapStart, gapEnd: 1024 * 1024, end: large.length, algorithm: 'sha256' };
    });
    const digests = await digestRanges(bufferSource(large), ranges);
    for (const one of ranges) expect(hex(digests, one)).toBe(directly(one, large));
  });

  it('reads no byte twice, and none where nothing is to be hashed', async () => {
    const read = new Uint8Array(file.length);
    const source = {
      size: file.length,
      async read(offset: number, length: number) {
        for (let at = offset; at < offset + length; at++) read[at] = (read[at] ?? 0) + 1;
        return file.subarray(offset, offset + length);
      },
    };
    const ranges: RangeToDigest[] = [
      { gapStart: 100, gapEnd: 200, end: 300, algorithm: 'sha256' },
      { gapStart: 1000, gapEnd: 1100, end: 1300, algorithm: 'sha256' },
      { gapStart: 1000, gapEnd: 1200, end: 1300, algorithm: 'sha512' },
    ];
    await digestRanges(source, ranges);
    const times = (from: number, to: number) => [...new Set(read.subarray(from, to))];
    expect(times(0, 1000)).toEqual([1]);
    expect(times(1000, 1100)).toEqual([0]);
    expect(times(1100, 1300)).toEqual([1]);
    expect(times(1300, file.length)).toEqual([0]);
  });

  it('refuses a thousand ranges that each want the whole file again', async () => {
    const size = 10 * 1024 * 1024 * 1024;
    const source = { size, read: () => Promise.reject(new Error('read')) };
    const ranges = Array.from({ length: 1000 }, (_, i): RangeToDigest => {
      return { gapStart: 10 + i, gapEnd: 2000, end: size, algorithm: 'sha256' };
    });
    await expect(digestRanges(source, ranges)).rejects.toThrow(
      expect.objectContaining({ name: 'ValidationError', code: 'limit' }),
    );
  });

  it('passes a failed read on, wherever it happens', async () => {
    const failure = new Error('gone');
    for (const failing of [1, 2, 3]) {
      let reads = 0;
      const source = {
        size: 3 * 512 * 1024,
        read: async (_: number, length: number) => {
          if (++reads === failing) throw failure;
          return new Uint8Array(length);
        },
      };
      const one: RangeToDigest = {
        gapStart: 512 * 1024 * 2,
        gapEnd: 512 * 1024 * 2 + 1,
        end: source.size,
        algorithm: 'sha256',
      };
      await expect(digestRanges(source, [one])).rejects.toBe(failure);
    }
  });
});
