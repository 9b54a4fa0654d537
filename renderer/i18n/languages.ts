/** Which language the window speaks. */
import type { Language } from '../../preload/model.ts';
import { LANGUAGES } from '../../preload/plain.ts';

export const languages = LANGUAGES;

/** Each language by its own name, for the people who look for it. */
export const languageNames: Readonly<Record<Language, string>> = {
  en: 'English',
  it: 'Italiano',
  es: 'Español',
  fr: 'Français',
  de: 'Deutsch',
};

/** The language chosen, else the first of the system's `preferred` locales that there is, else English. */
export function windowLanguage(chosen: Language | null | undefined, preferred: readonly string[]): Language {
  if (chosen) return chosen;
  const known: readonly string[] = languages;
  for (const locale of preferred) {
    const language = locale.split('-')[0]?.toLowerCase() ?? '';
    if (known.includes(language)) return language as Language;
  }
  return 'en';
}
