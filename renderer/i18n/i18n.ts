/** The window's words. English is the source; every text the window shows comes from these keys. */
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import en from './en.json';

/** Must have settled before the first render. */
export async function startI18n(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: en } },
    // React escapes what it renders.
    interpolation: { escapeValue: false },
    returnNull: false,
  });
}
