import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseWire, toWire } from '../../../preload/wire.ts';

describe('bridge values as text', () => {
  it('brings back every JSON value with bytes anywhere in it', () => {
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.uint8Array(),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(
          fc.string().filter((key) => key !== '$bytes' && key !== '__proto__'),
          tie('value'),
          { maxKeys: 4 },
        ),
      ),
    }));
    fc.assert(
      fc.property(value, (given) => {
        const back = parseWire(toWire(given));
        expect(JSON.stringify(back)).toBe(JSON.stringify(given));
        expect(back instanceof Uint8Array).toBe(given instanceof Uint8Array);
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  it('carries a Buffer as bytes', () => {
    expect(parseWire(toWire({ b: Buffer.from('abc') }))).toEqual({ b: new Uint8Array([97, 98, 99]) });
  });

  it.each(['{"$bytes":5}', '{"$bytes":"!!"}', '{"$bytes":"YQ==","more":1}', '{', ''])('refuses %s', (text) => {
    expect(() => parseWire(text)).toThrow(SyntaxError);
  });
});
