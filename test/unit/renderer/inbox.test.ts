import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canBeChosen,
  initialInbox,
  rowCommand,
  searchFor,
  showAccount,
  showView,
  toggle,
} from '../../../renderer/features/inbox/inbox-state.ts';
import { searchMatches } from '../../../renderer/features/inbox/search-matches.ts';

const marked = (text: string, search: string) =>
  searchMatches(text, search)
    .map(({ text: piece, match }) => (match ? `[${piece}]` : piece))
    .join('');

describe('search marks', () => {
  it.each([
    ['Residential lease', 'LEASE', 'Residential [lease]'],
    ['Jānis Bērziņš', 'berzins', 'Jānis [Bērziņš]'],
    ['Kalniņa', 'ņ', 'Kal[n]i[ņ]a'],
    ['banana', 'ana', 'b[anana]'],
    ['Lease of a lease', 'lease of', '[Lease] [of] a [lease]'],
    ['anything', '   ', 'anything'],
    ['', 'x', ''],
    ['a+b (c)', '+b (', 'a[+b] [(]c)'],
  ])('%j for %j as %j', (text, search, shown) => {
    expect(marked(text, search)).toBe(shown);
  });

  it('never lose a letter', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 30 }),
        fc.string({ unit: 'binary', maxLength: 8 }),
        (text, search) => {
          expect(
            searchMatches(text, search)
              .map((piece) => piece.text)
              .join(''),
          ).toBe(text);
        },
      ),
      { seed: 1 },
    );
  });
});

describe('the inbox', () => {
  const state = { ...toggle(toggle(initialInbox, 'a'), 'b'), active: 7 };

  it('chooses and unchooses', () => {
    expect([...state.chosen]).toEqual(['a', 'b']);
    expect([...toggle(state, 'a').chosen]).toEqual(['b']);
    expect([...state.chosen]).toEqual(['a', 'b']);
  });

  it.each([
    ['another view', showView(state, 'done')],
    ['another search', searchFor(state, 'x')],
    ['another account', showAccount(state, 'account-1')],
  ])('forgets its choice for %s', (_name, next) => {
    expect(next.chosen.size).toBe(0);
    expect(next.active).toBe(0);
  });

  it('shows every account again', () => {
    expect('accountId' in showAccount(showAccount(state, 'account-1'), undefined)).toBe(false);
  });

  it('lets only what waits for a signature into a batch', () => {
    expect(canBeChosen({ status: 'to-sign' })).toBe(true);
    expect(canBeChosen({ status: 'to-fill' })).toBe(false);
  });
});

describe('a key in the list', () => {
  const list = { active: 5, total: 10, page: 4 };
  it.each([
    ['ArrowDown', { kind: 'move', to: 6 }],
    ['ArrowUp', { kind: 'move', to: 4 }],
    ['PageDown', { kind: 'move', to: 9 }],
    ['PageUp', { kind: 'move', to: 1 }],
    ['Home', { kind: 'move', to: 0 }],
    ['End', { kind: 'move', to: 9 }],
    ['Enter', { kind: 'open' }],
    [' ', { kind: 'toggle' }],
    ['x', undefined],
  ])('%j means %j', (key, command) => {
    expect(rowCommand(key, false, list)).toEqual(command);
  });

  it('with a modifier is not a plain one', () => {
    expect(rowCommand('a', true, list)).toEqual({ kind: 'all' });
    expect(rowCommand('Enter', true, list)).toBeUndefined();
  });

  it('never leaves the list', () => {
    expect(rowCommand('ArrowDown', false, { active: 9, total: 10, page: 4 })).toEqual({ kind: 'move', to: 9 });
    expect(rowCommand('ArrowUp', false, { active: 0, total: 10, page: 4 })).toEqual({ kind: 'move', to: 0 });
  });
});
