/** What the desktop says of a newer version. */

const words: Readonly<Record<string, (version: string) => string>> = {
  en: (version) => `Version ${version} is there. How it is installed stands in the settings.`,
  it: (version) => `È disponibile la versione ${version}. Come installarla si legge nelle impostazioni.`,
  es: (version) => `Está disponible la versión ${version}. En los ajustes se explica cómo instalarla.`,
  fr: (version) => `La version ${version} est disponible. Les paramètres indiquent comment l’installer.`,
  de: (version) => `Version ${version} ist da. Wie sie installiert wird, steht in den Einstellungen.`,
};

/** @param language ISO 639-1, or a tag that begins with it; English for one without words */
export function updateNotice(version: string, language: string): { readonly title: string; readonly body: string } {
  const say = words[language.slice(0, 2)] ?? words.en;
  return { title: 'Countersign', body: say?.(version) ?? '' };
}
