/** Keeps the window in the language of the settings, whoever changes them. */
import { useEffect } from 'react';
import { useCall } from '../desk.tsx';
import { speak } from './i18n.ts';
import { windowLanguage } from './languages.ts';

export function useLanguage(): void {
  const settings = useCall('settings.get', {});
  const language = settings.data && windowLanguage(settings.data.language, navigator.languages);
  useEffect(() => {
    if (language) void speak(language);
  }, [language]);
}
