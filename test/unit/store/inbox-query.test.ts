import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toMatch, toSyncState } from '../../../main/store/inbox-query.ts';

describe('typed words as a full-text query', () => {
  it.each([
    ['lease', '"lease"*'],
    ['Lease 2026', '"Lease"* "2026"*'],
    ['a"b* OR (c)', '"a"* "b"* "OR"* "c"*'],
    ['  ', undefined],
    ['-*"()', undefined],
    ['', undefined],
    ['Miete für März', '"Miete"* "für"* "März"*'],
  ])('%s becomes %s', (search, match) => {
    expect(toMatch(search)).toBe(match);
  });

  it('holds nothing but quoted words, whatever was typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (search) => {
        expect(toMatch(search) ?? '').toMatch(/^("[\p{L}\p{N}\p{M}\p{Co}]+"\*( |$))*$/u);
      }),
      { numRuns: 300, seed: 4713 },
    );
  });
});

describe('an item’s sync state', () => {
  it.each([
    [[], 'synced'],
    [['confirmed'], 'synced'],
    [['pending'], 'waiting'],
    [['unknown', 'confirmed'], 'waiting'],
    [['pending', 'sending'], 'sending'],
    [['sending', 'parked'], 'needs-attention'],
    [['failed'], 'needs-attention'],
  ] as const)('of %j is %s', (states, expected) => {
    expect(toSyncState(states)).toBe(expected);
  });
});
