import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { movedTo, rowKeys } from '../../../renderer/features/inbox/steady-rows.ts';

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
  it('are the transactions, and places where there is none or one is there twice', () => {
    const shown = [3, 4, 5, 6].map((index) => ({ index }));
    const ids = at([undefined, undefined, undefined, 'a', undefined, 'b', 'a']);
    expect([...rowKeys(shown, ids).values()]).toEqual(['a', 'at 4', 'b', 'at 6']);
  });

  it('are never the same twice', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined })), (ids) => {
        const keys = [
          ...rowKeys(
            ids.map((_, index) => ({ index })),
            at(ids),
          ).values(),
        ];
        expect(new Set(keys).size).toBe(ids.length);
      }),
      { seed: 1 },
    );
  });
});
