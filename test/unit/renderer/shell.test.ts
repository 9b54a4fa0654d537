import { describe, expect, it } from 'vitest';
import { moved, readAuthority } from '../../../renderer/features/settings/authorities.ts';
import { findCommands, fitOf } from '../../../renderer/shell/find-commands.ts';
import { ariaKeys, keyCaps, keyText, matchKeys, worksWhileTyping } from '../../../renderer/shell/keys.ts';
import { formatSize } from '../../../renderer/ui/format.ts';

const press = (key: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});

describe('a shortcut', () => {
  it.each([
    [press('k', { ctrlKey: true }), false, 'mod+k'],
    [press('k', { metaKey: true }), true, 'mod+k'],
    [press('k', { ctrlKey: true }), true, undefined],
    [press('?', { shiftKey: true }), false, '?'],
    [press('ArrowDown', { shiftKey: true }), false, 'shift+ArrowDown'],
    [press(' '), false, 'Space'],
    [press('Shift', { shiftKey: true }), false, undefined],
  ])('%j is written as it should', (pressed, apple, text) => {
    expect(keyText(pressed, apple)).toBe(text);
  });

  it('of two presses is begun by the first', () => {
    expect(matchKeys('g i', ['g'])).toBe('begun');
    expect(matchKeys('g i', ['g', 'i'])).toBe('whole');
    expect(matchKeys('g i', ['i'])).toBe('no');
    expect(matchKeys('g', ['g', 'i'])).toBe('no');
  });

  it('works while somebody types only with a modifier', () => {
    expect(['mod+k', 'F5', '/', 'g i', '?'].map(worksWhileTyping)).toEqual([true, true, false, false, false]);
  });

  it('is drawn and said by the system’s own names', () => {
    expect(keyCaps('mod+k', true)).toEqual([['⌘', 'K']]);
    expect(keyCaps('g i', false)).toEqual([['G'], ['I']]);
    expect(ariaKeys('mod+1', false)).toBe('Control+1');
    expect(ariaKeys('g i', false)).toBeUndefined();
  });
});

describe('finding commands', () => {
  const commands = [
    { label: 'Sync now', group: 'Everywhere' },
    { label: 'Settings', group: 'Places' },
    { label: 'Réglages', group: 'Places' },
    { label: 'To sign', group: 'Views' },
  ];
  it.each([
    ['set', ['Settings']],
    ['regl', ['Réglages']],
    ['places', ['Settings', 'Réglages']],
    ['sign', ['To sign']],
    ['s', ['Sync now', 'Settings', 'To sign', 'Réglages']],
    ['zzz', []],
  ])('%j finds %j', (typed, labels) => {
    expect(findCommands(commands, typed).map(({ label }) => label)).toEqual(labels);
  });

  it('finds everything by nothing', () => {
    expect(findCommands(commands, ' ')).toHaveLength(4);
    expect(fitOf('anything', '')).toBe(1);
  });
});

describe('timestamp authorities', () => {
  it.each([
    ['tsa.example', { ok: true, url: 'https://tsa.example/' }],
    ['http://tsa.example/tsr', { ok: true, url: 'http://tsa.example/tsr' }],
    ['ftp://tsa.example', { ok: false, problem: 'malformed' }],
    ['https://me:word@tsa.example', { ok: false, problem: 'malformed' }],
    ['https://known.example/', { ok: false, problem: 'known' }],
    ['', { ok: false, problem: 'malformed' }],
  ])('%j is read as %j', (typed, read) => {
    expect(readAuthority(typed, ['https://known.example/'])).toEqual(read);
  });

  it('change places, within the list', () => {
    expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
    expect(moved(['a', 'b'], 1, 2)).toEqual(['a', 'b']);
  });
});

describe('a size', () => {
  it.each([
    [0, 'en-GB', '0 bytes'],
    [1536, 'en-GB', '1.5 kB'],
    [32 * 1024 * 1024, 'de', '32 MB'],
    [3 * 1024 ** 3, 'fr', '3 Go'],
  ])('of %d in %s is %j', (bytes, locale, text) => {
    expect(formatSize(bytes, locale).replace(/\s/gu, ' ')).toBe(text);
  });
});
