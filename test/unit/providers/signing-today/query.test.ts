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

  it('groups within groups mean on the server what they mean here', () => {
    type Item = { readonly name: string; readonly size: number };
    const fields = {
      name: { type: 'string', read: (item: Item) => item.name },
      size: { type: 'number', read: (item: Item) => item.size },
    } as const;
    const names = ['a', 'b', 'a"b', '\\', ' or '];
    const leaf = fc.oneof(
      fc.record({
        field: fc.constant('name'),
        operator: fc.constantFrom('==' as const, '!=' as const),
        value: fc.constantFrom(...names),
      }),
      fc.record({
        field: fc.constant('size'),
        operator: fc.constantFrom('<' as const, '<=' as const, '>' as const, '>=' as const),
        value: fc.integer({ min: 0, max: 3 }),
      }),
    );
    const { tree } = fc.letrec<{ tree: Filter }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 3 },
        leaf,
        fc.record({ all: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) }),
        fc.record({ any: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) }),
      ),
    }));
    const holds = (filter: Filter, item: Item): boolean => {
      if ('all' in filter) return filter.all.every((part) => holds(part, item));
      if ('any' in filter) return filter.any.some((part) => holds(part, item));
      const value = filter.field === 'name' ? item.name : item.size;
      const wanted = filter.value ?? '';
      if (filter.operator === '==') return value === wanted;
      if (filter.operator === '!=') return value !== wanted;
      if (filter.operator === '<') return value < wanted;
      if (filter.operator === '<=') return value <= wanted;
      return filter.operator === '>' ? value > wanted : value >= wanted;
    };
    const item = fc.record({ name: fc.constantFrom(...names), size: fc.integer({ min: 0, max: 3 }) });
    fc.assert(
      fc.property(tree, item, (filter, one) => {
        expect(parseFilter(toFilter(filter), fields)(one)).toBe(holds(filter, one));
      }),
      { seed: 5, numRuns: 300 },
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
