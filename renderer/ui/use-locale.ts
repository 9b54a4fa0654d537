/** The locale this window writes times in. */
import { useTranslation } from 'react-i18next';
import { readerLocale } from './format.ts';

export function useLocale(): string {
  const { i18n } = useTranslation();
  return readerLocale(i18n.language, navigator.languages);
}
