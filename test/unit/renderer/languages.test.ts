import { readdirSync } from 'node:fs';
import i18next from 'i18next';
import { describe, expect, it } from 'vitest';
import { languageNames, languages, windowLanguage } from '../../../renderer/i18n/languages.ts';
import { withMany } from '../../../renderer/i18n/plurals.ts';
import { readWords } from './read-words.ts';

const folder = new URL('../../../renderer/i18n/', import.meta.url);

function flatten(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  return Object.entries(value as object).flatMap(([key, each]) => flatten(each, path === '' ? key : `${path}.${key}`));
}
const english = new Map(flatten(readWords('en')));
const others = languages.filter((language) => language !== 'en');

describe('the languages', () => {
  it('have a file for each of the features, and no other', () => {
    const files = readdirSync(new URL('en/', folder)).sort();
    for (const language of others) expect(readdirSync(new URL(`${language}/`, folder)).sort()).toEqual(files);
  });

  it.each(others)('%s translates: few of its longer texts read as in English', (language) => {
    const texts = flatten(readWords(language)).filter(([, text]) => text.length > 20);
    const same = texts.filter(([key, text]) => english.get(key) === text).map(([key]) => key);
    expect(same).toEqual([]);
  });

  it('are each called by their own name', () => {
    expect(Object.keys(languageNames).sort()).toEqual([...languages].sort());
  });

  it('are chosen by the person, else by the system, else English', () => {
    expect(windowLanguage('fr', ['it-IT'])).toBe('fr');
    expect(windowLanguage(undefined, ['pt-PT', 'de-AT', 'en'])).toBe('de');
    expect(windowLanguage(null, ['lv'])).toBe('en');
    expect(windowLanguage(undefined, [])).toBe('en');
  });

  it.each(languages)('%s counts: every number has its words', async (language) => {
    const texts = readWords(language);
    const words = i18next.createInstance();
    await words.init({
      lng: language,
      fallbackLng: false,
      resources: { [language]: { translation: withMany(texts as Parameters<typeof withMany>[0]) } },
    });
    const counted = flatten(texts)
      .map(([key]) => key)
      .filter((key) => key.endsWith('_other'))
      .map((key) => key.replace(/_other$/, ''));
    expect(counted.length).toBeGreaterThan(5);
    for (const key of counted) {
      for (const count of [0, 1, 2, 21, 1_000_000]) expect(words.t(key, { count }), `${key} ${count}`).not.toBe(key);
    }
  });
});
