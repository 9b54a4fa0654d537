import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  choose,
  clearFilters,
  filterCount,
  initialInbox,
  onlyUrgent,
  rowCommand,
  scopeOf,
  searchFor,
  showAccount,
  showView,
  signable,
  sortBy,
  toggle,
  toggleStatus,
  toggleTag,
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
  const a = { id: 'a', status: 'to-sign' } as const;
  const b = { id: 'b', status: 'to-fill' } as const;
  const state = { ...toggle(toggle(initialInbox, a), b), active: 7, anchor: 3 };

  it('chooses and unchooses', () => {
    expect([...state.chosen.keys()]).toEqual(['a', 'b']);
    expect([...toggle(state, a).chosen.keys()]).toEqual(['b']);
    expect([...state.chosen.keys()]).toEqual(['a', 'b']);
    expect([...choose(state, [b]).chosen.keys()]).toEqual(['b']);
  });

  it.each([
    ['another view', showView(state, 'done')],
    ['another search', searchFor(state, 'x')],
    ['another account', showAccount(state, 'account-1')],
    ['a tag', toggleTag(state, 'housing')],
    ['a status', toggleStatus(state, 'to-fill')],
    ['urgent ones only', onlyUrgent(state, true)],
    ['another order', sortBy(state, 'due')],
  ])('forgets its choice for %s', (_name, next) => {
    expect(next.chosen.size).toBe(0);
    expect(next.active).toBe(0);
    expect('anchor' in next).toBe(false);
  });

  it('asks for what it shows, and names nothing that is as it always is', () => {
    expect(scopeOf(initialInbox)).toEqual({ view: 'to-do' });
    const narrowed = onlyUrgent(toggleTag(toggleTag(searchFor(showView(state, 'all'), 'lease'), 'x'), 'y'), true);
    expect(scopeOf(sortBy(toggleStatus(narrowed, 'waiting'), 'title'))).toEqual({
      view: 'all',
      search: 'lease',
      tags: ['x', 'y'],
      urgentOnly: true,
      statuses: ['waiting'],
      sort: 'title',
    });
    expect(scopeOf(searchFor(initialInbox, '  '))).toEqual({ view: 'to-do' });
  });

  it('sorts by a column its natural way first, then the other', () => {
    expect(sortBy(initialInbox, 'updated')).toMatchObject({ sort: 'updated', order: 'ascending' });
    const due = sortBy(initialInbox, 'due');
    expect(due).toMatchObject({ sort: 'due', order: 'ascending' });
    expect(scopeOf(sortBy(due, 'due'))).toEqual({ view: 'to-do', sort: 'due', order: 'descending' });
  });

  it('counts its filters and takes them away together', () => {
    const narrowed = toggleStatus(onlyUrgent(toggleTag(state, 'x'), true), 'to-sign');
    expect(filterCount(narrowed)).toBe(3);
    expect(filterCount(clearFilters(narrowed))).toBe(0);
    expect(filterCount(toggleTag(narrowed, 'x'))).toBe(2);
  });

  it('shows every account again', () => {
    expect('accountId' in showAccount(showAccount(state, 'account-1'), undefined)).toBe(false);
  });

  it('lets only what waits for a signature into a batch', () => {
    expect(signable(state)).toEqual(['a']);
  });
});

describe('a key in the list', () => {
  const list = { active: 5, total: 10, page: 4 };
  const plain = { mod: false, shift: false };
  const move = (to: number, extend = false) => ({ kind: 'move', to, extend });
  it.each([
    ['ArrowDown', move(6)],
    ['ArrowUp', move(4)],
    ['PageDown', move(9)],
    ['PageUp', move(1)],
    ['Home', move(0)],
    ['End', move(9)],
    ['Enter', { kind: 'open' }],
    [' ', { kind: 'toggle' }],
    ['Escape', { kind: 'none' }],
    ['x', undefined],
  ])('%j means %j', (key, command) => {
    expect(rowCommand(key, plain, list)).toEqual(command);
  });

  it('with shift takes the rows on the way', () => {
    expect(rowCommand('ArrowDown', { mod: false, shift: true }, list)).toEqual(move(6, true));
    expect(rowCommand('End', { mod: false, shift: true }, list)).toEqual(move(9, true));
    expect(rowCommand(' ', { mod: false, shift: true }, list)).toEqual({ kind: 'range' });
  });

  it('with a modifier is not a plain one', () => {
    expect(rowCommand('a', { mod: true, shift: false }, list)).toEqual({ kind: 'all' });
    expect(rowCommand('Enter', { mod: true, shift: false }, list)).toBeUndefined();
  });

  it('never leaves the list', () => {
    expect(rowCommand('ArrowDown', plain, { active: 9, total: 10, page: 4 })).toEqual(move(9));
    expect(rowCommand('ArrowUp', plain, { active: 0, total: 10, page: 4 })).toEqual(move(0));
  });
});
