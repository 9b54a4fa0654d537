/** The filter parser on any text: it answers with a test or a coded refusal, and escaped strings come through. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../../sandbox/signing-today/errors.ts';
import { type Fields, parseFilter } from '../../sandbox/signing-today/filter.ts';

interface Item {
  name: string;
  size: number;
}
const fields: Fields<Item> = {
  name: { type: 'string', read: ({ name }) => name },
  size: { type: 'number', read: ({ size }) => size },
};
const settings = { seed: 20260302, numRuns: 500 };

describe('the filter parser', () => {
  it('refuses with a code or gives a test, whatever the text', () => {
    const pieces = fc.constantFrom(
      'name',
      'size',
      '==',
      '<',
      '(',
      ')',
      'and',
      'or',
      '"a"',
      '1',
      'null',
      ' ',
      '"',
      '\\',
    );
    const texts = fc.oneof(
      fc.string(),
      fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(' ')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        try {
          expect(typeof parseFilter(text, fields)({ name: 'a', size: 1 })).toBe('boolean');
        } catch (error) {
          expect(error).toBeInstanceOf(ApiError);
          expect(error).toMatchObject({ status: 400, errors: [{ code: 'bad-filter' }] });
        }
      }),
      settings,
    );
  });

  it('finds any name by its escaped string', () => {
    const names = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(names, names, (name, other) => {
        const test = parseFilter(`name == "${name.replace(/["\\]/g, '\\$&')}"`, fields);
        expect(test({ name, size: 0 })).toBe(true);
        expect(test({ name: other, size: 0 })).toBe(name === other);
      }),
      settings,
    );
  });

  it('compares numbers as numbers do', () => {
    const numbers = fc.integer({ min: -1000, max: 1000 });
    fc.assert(
      fc.property(numbers, numbers, (size, bound) => {
        const holds = (operator: string) => parseFilter(`size ${operator} ${bound}`, fields)({ name: '', size });
        expect([holds('=='), holds('!='), holds('<'), holds('<='), holds('>'), holds('>=')]).toEqual([
          size === bound,
          size !== bound,
          size < bound,
          size <= bound,
          size > bound,
          size >= bound,
        ]);
      }),
      settings,
    );
  });
});
