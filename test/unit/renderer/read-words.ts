/** The window's words of a language, as the built window puts them together: a file a feature, each key in one file only. */
import { readdirSync, readFileSync } from 'node:fs';

export type Words = Record<string, Record<string, unknown>>;

const folder = new URL('../../../renderer/i18n/', import.meta.url);

export function readWords(language: string): Words {
  const words: Words = {};
  for (const file of readdirSync(new URL(`${language}/`, folder))) {
    const part = JSON.parse(readFileSync(new URL(`${language}/${file}`, folder), 'utf8')) as Words;
    for (const [key, value] of Object.entries(part)) {
      if (key in words) throw new Error(`${language}/${file} says ${key} again`);
      words[key] = value;
    }
  }
  return words;
}
