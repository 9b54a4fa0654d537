import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inflate, undoPredictor } from '../../../main/pdf/filters.ts';
import { openPurse } from '../../../main/pdf/limits.ts';
import { dict } from '../../../main/pdf/objects.ts';
import { codeOf } from './sample-pdfs.ts';

const predictors: Readonly<Record<number, (left: number, up: number, corner: number) => number>> = {
  0: () => 0,
  1: (left) => left,
  2: (_, up) => up,
  3: (left, up) => Math.floor((left + up) / 2),
  4: (left, up, corner) => {
    const sum = left + up - corner;
    return [left, up, corner].reduce((best, value) => (Math.abs(sum - value) < Math.abs(sum - best) ? value : best));
  },
};

/** PNG filtering as the standard describes it, row by row. */
function filterRows(rows: readonly Uint8Array[], types: readonly number[], pixel: number): Buffer {
  return Buffer.concat(
    rows.map((row, r) => {
      const type = types[r % types.length] ?? 0;
      const above = rows[r - 1];
      const out = row.map((value, i) => {
        const predicted = predictors[type]?.(row[i - pixel] ?? 0, above?.[i] ?? 0, above?.[i - pixel] ?? 0) ?? 0;
        return value - predicted;
      });
      return Buffer.from([type, ...out]);
    }),
  );
}

describe('predictors', () => {
  it('come undone, whatever each row chose', () => {
    const rows = fc.integer({ min: 1, max: 9 }).chain((width) =>
      fc.record({
        rows: fc.array(fc.uint8Array({ minLength: width * 3, maxLength: width * 3 }), { minLength: 1, maxLength: 8 }),
        types: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 8 }),
        columns: fc.constant(width),
      }),
    );
    fc.assert(
      fc.property(rows, (sample) => {
        const parms = dict([
          ['Predictor', 15],
          ['Colors', 3],
          ['Columns', sample.columns],
        ]);
        const decoded = undoPredictor(filterRows(sample.rows, sample.types, 3), parms);
        expect(Buffer.from(decoded)).toEqual(Buffer.concat(sample.rows));
      }),
      { seed: 11, numRuns: 200 },
    );
  });

  it('leave bytes alone where there is none', () => {
    const data = Uint8Array.of(1, 2, 3);
    expect(undoPredictor(data, dict([['Predictor', 1]]))).toBe(data);
  });

  it.each([
    dict([['Predictor', 2]]),
    dict([['Predictor', 16]]),
    dict([
      ['Predictor', 12],
      ['Columns', 1e12],
    ]),
    dict([
      ['Predictor', 12],
      ['Columns', 0],
    ]),
  ])('are refused where they cannot be meant: %j', async (parms) => {
    expect(await codeOf(async () => undoPredictor(Uint8Array.of(1, 2), parms))).toBe('damaged');
  });
});

describe('inflating', () => {
  it('stops a stream that grows past its limit', async () => {
    const bomb = deflateSync(Buffer.alloc(40 * 1024 * 1024));
    expect(await codeOf(async () => inflate(bomb, openPurse().spend))).toBe('limit');
  });

  it('stops many streams that grow past their limit together', async () => {
    const data = deflateSync(Buffer.alloc(30 * 1024 * 1024));
    const { spend } = openPurse();
    const all = async () => {
      for (let i = 0; i < 4; i++) inflate(data, spend);
    };
    expect(await codeOf(all)).toBe('limit');
  });

  it.each([[Buffer.from('not zlib')], [deflateSync(Buffer.alloc(500)).subarray(0, 6)]])('refuses %j', async (data) => {
    expect(await codeOf(async () => inflate(data, openPurse().spend))).toBe('damaged');
  });
});
