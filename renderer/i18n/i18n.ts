/**
 * The window's words. English is the source; every text the window shows comes from these keys, a file a feature. A language is
 * fetched when it is chosen, the others not at all.
 */
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Language } from '../../preload/model.ts';
import { withMany } from './plurals.ts';

const loaders: Readonly<Record<Language, () => Promise<{ words: Record<string, unknown> }>>> = {
  en: () => import('./en.ts'),
  it: () => import('./it.ts'),
  es: () => import('./es.ts'),
  fr: () => import('./fr.ts'),
  de: () => import('./de.ts'),
};

/** Has a language fetched that is likely to be spoken; one that cannot be is worded when it is. */
export function fetchAhead(language: Language): void {
  loaders[language]().catch(() => undefined);
}

async function load(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, 'translation')) return;
  const { words } = await loaders[language]();
  i18next.addResourceBundle(language, 'translation', withMany(words as Parameters<typeof withMany>[0]));
}

/** Must have settled before the first render. */
export async function startI18n(language: Language): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: {},
    // React escapes what it renders.
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  await speak(language);
}

/** Speaks another language from now on; the page says so to screen readers. */
export async function speak(language: Language): Promise<void> {
  await load(language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}
