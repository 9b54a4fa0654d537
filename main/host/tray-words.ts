/** The words of the icon in the system's tray, in the window's languages. */

export interface TrayWords {
  /** How many documents wait; at least one. */
  readonly waiting: (count: number) => string;
  readonly show: string;
  readonly quit: string;
}

const words: Readonly<Record<string, TrayWords>> = {
  en: { waiting: (count) => `Countersign: ${count} to do`, show: 'Show Countersign', quit: 'Quit' },
  it: { waiting: (count) => `Countersign: ${count} da fare`, show: 'Mostra Countersign', quit: 'Esci' },
  es: {
    waiting: (count) => `Countersign: ${count} ${count === 1 ? 'pendiente' : 'pendientes'}`,
    show: 'Mostrar Countersign',
    quit: 'Salir',
  },
  fr: { waiting: (count) => `Countersign : ${count} à faire`, show: 'Afficher Countersign', quit: 'Quitter' },
  de: { waiting: (count) => `Countersign: ${count} zu erledigen`, show: 'Countersign anzeigen', quit: 'Beenden' },
};

/** @param locale the system's, such as `de-AT`; English for one that is not known */
export function trayWords(locale: string): TrayWords {
  return words[locale.slice(0, 2).toLowerCase()] ?? (words.en as TrayWords);
}
