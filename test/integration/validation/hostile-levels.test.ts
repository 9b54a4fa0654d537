/** Files of the highest level, mutated: the validator answers or refuses by code, and no signed byte changes unseen. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bufferSource } from '../../../main/pades/index.ts';
import { ValidationError, validatePdf } from '../../../main/validation/index.ts';
import { pageObjects, writePdf } from '../../unit/pdf/sample-pdfs.ts';
import { type LevelsBench, openLevelsBench } from '../pades/levels-setup.ts';

let bench: LevelsBench;
const files: Buffer[] = [];
beforeAll(async () => {
  bench = await openLevelsBench();
  for (const kind of ['table', 'stream'] as const) {
    const base = writePdf({ objects: pageObjects(), kind });
    files.push(await bench.raise(await bench.raise(await bench.sign(base), 'B-LT'), 'B-LTA'));
  }
});
afterAll(() => bench.close());

async function judge(file: Uint8Array): Promise<{ valid: boolean; levels: string[] } | string> {
  try {
    const options = { anchors: [bench.pki.root.certificate], at: Date.now() };
    const { valid, signatures } = await validatePdf(bufferSource(file), options);
    return { valid, levels: signatures.map(({ level }) => level) };
  } catch (error) {
    if (error instanceof ValidationError) return error.code;
    throw error;
  }
}

const file = fc.integer({ min: 0, max: 1 }).map((index) => files[index] ?? Buffer.alloc(0));

describe('a B-LTA file', () => {
  it('is what it says before anything is changed', async () => {
    for (const one of files) expect(await judge(one)).toEqual({ valid: true, levels: ['B-LTA', 'none'] });
  });

  it('is answered or refused by code with any byte changed, and never with every signature sound', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1_000_000), fc.nat(1), fc.integer({ min: 1, max: 255 }), async (place, index, bits) => {
        const mutant = Buffer.from(files[index] ?? Buffer.alloc(0));
        const at = place % mutant.length;
        mutant[at] = (mutant[at] ?? 0) ^ bits;
        const found = await judge(mutant);
        // Everything but the padding of the last gap, and the case of hex digits, is signed by the last timestamp.
        if (typeof found !== 'string' && found.valid)
          expect(/^[0-9a-fA-F]$/.test(String.fromCharCode(mutant[at] ?? 0))).toBe(true);
      }),
      { seed: 319142, numRuns: 150 },
    );
  });

  it('is answered or refused by code when cut anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(file, fc.double({ min: 0, max: 0.999, noNaN: true }), async (one, part) => {
        const found = await judge(one.subarray(0, Math.floor(one.length * part)));
        expect(typeof found === 'string' || found.levels[0] !== 'B-LTA').toBe(true);
      }),
      { seed: 7, numRuns: 60 },
    );
  });

  it('is answered or refused by code with runs of it moved, doubled or zeroed', async () => {
    const numbers = fc.tuple(
      fc.nat(1_000_000),
      fc.nat(1_000_000),
      fc.nat(400),
      fc.constantFrom('copy', 'zero', 'double'),
    );
    await fc.assert(
      fc.asyncProperty(file, numbers, async (one, [a, b, length, how]) => {
        const [from, to] = [a % (one.length - length), b % (one.length - length)];
        const run = one.subarray(from, from + length);
        const mutant =
          how === 'double' ? Buffer.concat([one.subarray(0, to), run, one.subarray(to)]) : Buffer.from(one);
        if (how === 'copy') mutant.set(run, to);
        if (how === 'zero') mutant.fill(0, from, from + length);
        if (mutant.equals(one)) return;
        await expect(judge(mutant)).resolves.toBeDefined();
      }),
      { seed: 11, numRuns: 150 },
    );
  });
});
