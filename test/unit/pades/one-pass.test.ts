import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bufferSource, concatSources, onePassSource, sha256Of, type WantedRange } from '../../../main/pades/index.ts';
import { countingSource } from '../pdf/sample-pdfs.ts';

const SIZE = 700_000;
const base = Buffer.alloc(SIZE, 'countersign ');
const more = Buffer.from('an increment behind it');
const digest = (algorithm: string, ...parts: readonly Uint8Array[]) => {
  const hash = createHash(algorithm);
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};

function open(ranges: readonly WantedRange[]) {
  const source = countingSource(base);
  const written: Buffer[] = [];
  const sink = { write: async (bytes: Uint8Array) => void written.push(Buffer.from(bytes)) };
  return { source, written, once: onePassSource(source, { sink, ranges: async () => ranges }) };
}

describe('one pass over a source', () => {
  it('copies, hashes and digests, and reads each byte once', async () => {
    const ranges: WantedRange[] = [
      { gapStart: 100, gapEnd: 300, end: 1000, algorithm: 'sha256' },
      { gapStart: 262_144, gapEnd: 262_145, end: 524_288, algorithm: 'sha512' },
      { gapStart: 500_000, gapEnd: 500_001, end: SIZE, algorithm: 'sha256' },
    ];
    const { source, written, once } = open(ranges);
    const states = await once.digests?.atEnd(['sha256', 'sha384']);
    expect(states?.get('sha384')?.copy().digest('hex')).toBe(digest('sha384', base));
    expect(await sha256Of(once)).toBe(digest('sha256', base));
    expect(Buffer.concat(written).equals(base)).toBe(true);
    for (const range of ranges) {
      const { gapStart, gapEnd, end, algorithm } = range;
      const made = await once.digests?.of({ gapStart, gapEnd, end }, algorithm);
      expect(Buffer.from(made ?? []).toString('hex')).toBe(
        digest(algorithm, base.subarray(0, gapStart), base.subarray(gapEnd, end)),
      );
    }
    expect(source.readBytes).toBe(SIZE);
    expect(await once.digests?.of({ gapStart: 1, gapEnd: 2, end: 3 }, 'sha256')).toBeUndefined();
  });

  it('goes on over what is appended', async () => {
    const { source, once } = open([]);
    const whole = concatSources(once, bufferSource(more));
    expect(await sha256Of(whole)).toBe(digest('sha256', base, more));
    const range = { gapStart: SIZE + 5, gapEnd: SIZE + 9, end: SIZE + more.length };
    const made = await whole.digests?.of(range, 'sha256');
    expect(Buffer.from(made ?? []).toString('hex')).toBe(digest('sha256', base, more.subarray(0, 5), more.subarray(9)));
    expect(await whole.digests?.of({ ...range, gapStart: 5 }, 'sha256')).toBeUndefined();
    expect(source.readBytes).toBe(SIZE);
  });

  it('makes any range as it is read plainly', async () => {
    const place = fc.nat(SIZE - 1).map((at) => at + 1);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(place, place, place), { maxLength: 5 }), async (given) => {
        const ranges = given
          .map((three) => three.toSorted((a, b) => a - b))
          .map(([gapStart = 0, gapEnd = 0, end = 0]) => ({ gapStart, gapEnd, end, algorithm: 'sha256' }))
          .filter(({ gapStart, gapEnd, end }) => gapStart < gapEnd && gapEnd < end);
        const { once } = open(ranges);
        await sha256Of(once);
        for (const range of ranges) {
          const made = await once.digests?.of(range, 'sha256');
          expect(Buffer.from(made ?? []).toString('hex')).toBe(
            digest('sha256', base.subarray(0, range.gapStart), base.subarray(range.gapEnd, range.end)),
          );
        }
      }),
      { seed: 3, numRuns: 30 },
    );
  });

  it('fails with what fails to be written', async () => {
    const sink = { write: () => Promise.reject(new Error('disk full')) };
    const once = onePassSource(bufferSource(base), { sink, ranges: async () => [] });
    await expect(sha256Of(once)).rejects.toThrow('disk full');
  });
});
