import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyRows, movedTo, type ShownRow } from '../../../renderer/features/inbox/steady-rows.ts';

const at =
  (ids: readonly (string | undefined)[]) =>
  (index: number): string | undefined =>
    ids[index];

describe('a row that is held', () => {
  it.each([
    ['stays where its transaction is', 1, 'b', ['a', 'b', 'c', 'd', 'e'], undefined],
    ['goes down with it', 1, 'b', ['n', 'a', 'b', 'c', 'd'], 2],
    ['goes up with it', 3, 'd', ['a', 'b', 'd', 'c', 'e'], 2],
    ['goes to the nearer of two pages that both have it', 2, 'c', ['c', 'a', 'b', 'c', 'd'], 3],
    ['stays where its transaction is gone', 1, 'b', ['a', 'c', 'd', 'e', 'f'], undefined],
    ['stays where what it was is not known', 1, undefined, ['a', 'b', 'c', 'd', 'e'], undefined],
    ['is not looked for past the end', 1, 'b', ['a', 'c', 'd', 'e', 'f', 'b'], undefined],
  ] as const)('%s', (_name, active, id, ids, to) => {
    expect(movedTo(active, id, 5, at(ids))).toBe(to);
  });
});

describe('keys of rows', () => {
  type Ids = readonly (string | undefined)[];
  /** Keys of the rows after one list was shown and then the other. */
  function keysOf(...lists: readonly Ids[]): (readonly number[])[] {
    let last = 0;
    let before: readonly ShownRow[] = [];
    return lists.map((ids) => {
      before = keyRows(before, [...ids.keys()], at(ids), () => ++last);
      return before.map(({ key }) => key);
    });
  }

  it('go with their transactions', () => {
    expect(keysOf(['a', 'b', 'c'], ['n', 'a', 'b'], ['b', 'c', 'a'])).toEqual([
      [1, 2, 3],
      [4, 1, 2],
      [2, 5, 1],
    ]);
  });

  it('stay with the row that waited for its page', () => {
    expect(keysOf([undefined, undefined], ['a', undefined], ['a', 'b'])).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
  });

  it('are never the same twice, whatever pages say', () => {
    const ids = fc.array(fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined }), { maxLength: 6 });
    fc.assert(
      fc.property(fc.array(ids, { maxLength: 4 }), (lists) => {
        for (const keys of keysOf(...lists)) expect(new Set(keys).size).toBe(keys.length);
      }),
      { seed: 1 },
    );
  });
});
