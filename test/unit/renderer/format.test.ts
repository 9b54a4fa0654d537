import { describe, expect, it } from 'vitest';
import {
  calledBy,
  dueState,
  formatDay,
  formatMoment,
  insideQuotes,
  readerLocale,
} from '../../../renderer/ui/format.ts';

const noon = new Date(2026, 10, 23, 12, 0).getTime();
const day = 86_400_000;

describe('times', () => {
  it.each([
    [undefined, 'none'],
    [noon - 1, 'past'],
    [noon, 'past'],
    [noon + 3 * day, 'soon'],
    [noon + 3 * day + 1, 'later'],
  ])('a due time of %s is %s', (expiresAt, state) => {
    expect(dueState(expiresAt, noon)).toBe(state);
  });

  it('leave out what the reader knows', () => {
    expect(formatDay(noon, noon, 'en-GB')).toBe('23 Nov');
    expect(formatDay(new Date(2025, 0, 2).getTime(), noon, 'en-GB')).toBe('2 Jan 2025');
    expect(formatMoment(noon, noon + 1, 'en-GB')).toBe('12:00');
    expect(formatMoment(noon, noon + day, 'en-GB')).toBe('23 Nov, 12:00');
  });

  it.each([
    ['en', ['lv-LV', 'en-GB', 'en-US'], 'en-GB'],
    ['en', ['lv-LV'], 'en'],
    ['de-AT', ['de'], 'de'],
    ['en', [], 'en'],
  ])('are written for %s among %j as %s', (language, preferred, locale) => {
    expect(readerLocale(language, preferred)).toBe(locale);
  });
});

describe('names', () => {
  it.each([
    ['CN=Sandbox Issuing CA,O=Countersign Sandbox,C=LV', 'Sandbox Issuing CA'],
    ['C=IT, O=Camera di Commercio, CN=CA di firma 2', 'CA di firma 2'],
    ['CN=Kalni\\, Ozoli & Co,C=LV', 'Kalni, Ozoli & Co'],
    ['O=Office,OU=CN of nothing', 'Office'],
    ['Sandbox Issuing CA', 'Sandbox Issuing CA'],
    ['', ''],
  ])('of %s is %s', (name, called) => {
    expect(calledBy(name)).toBe(called);
  });

  it('within quotation marks have single ones', () => {
    expect(insideQuotes('Deed of gift “Harbour”')).toBe('Deed of gift ‘Harbour’');
  });
});
