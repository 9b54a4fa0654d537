import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Filter, toFilter, toListQuery } from '../../../../main/providers/signing-today/query.ts';
import { parseFilter } from '../../../sandbox/signing-today/filter.ts';

describe('list parameters', () => {
  it('are those of the documents', () => {
    expect(
      toListQuery({
        top: 32,
        skip: 64,
        count: true,
        orderBy: { field: 'updatedAt', direction: 'desc' },
        filter: {
          any: [
            { field: 'name', operator: '==', value: 'Milk' },
            { field: 'surname', operator: '==', value: 'Bread' },
          ],
        },
      }),
    ).toEqual([
      ['$top', '32'],
      ['$skip', '64'],
      ['$count', 'true'],
      ['$orderBy', 'updatedAt,desc'],
      ['$filter', 'name == "Milk" or surname == "Bread"'],
    ]);
  });

  it('groups within groups stand in parentheses', () => {
    const filter: Filter = {
      all: [
        { field: 'urgent', operator: '==', value: true },
        {
          any: [
            { field: 'size', operator: '>=', value: 3 },
            { field: 'title', operator: '!=', value: null },
          ],
        },
      ],
    };
    expect(toFilter(filter)).toBe('urgent == true and (size >= 3 or title != null)');
  });

  it('a value never ends its quotes: it comes out of the parser as it went in', () => {
    const fields = { name: { type: 'string', read: (item: { name: string }) => item.name } } as const;
    const printable = fc.string({ unit: 'binary' }).filter((text) => !/\p{Cc}/u.test(text));
    fc.assert(
      fc.property(printable, printable, (wanted, found) => {
        const test = parseFilter(toFilter({ field: 'name', operator: '==', value: wanted }), fields);
        expect(test({ name: wanted })).toBe(true);
        expect(test({ name: found })).toBe(found === wanted);
      }),
      {
        seed: 2,
        numRuns: 300,
        examples: [
          ['" or name != "', 'x'],
          ['\\', 'x'],
          ['\\"', 'x'],
        ],
      },
    );
  });

  it.each([
    [{ field: 'name == "x" or id', operator: '==', value: 'y' }],
    [{ field: '', operator: '==', value: 'y' }],
    [{ field: 'size', operator: '==', value: Number.NaN }],
    [{ field: 'name', operator: '==', value: 'line\nbreak' }],
    [{ any: [] }],
  ] as [Filter][])('refuses %j', (filter) => {
    expect(() => toFilter(filter)).toThrow(TypeError);
  });
});
