/** What is asked before the window closes on unsent work, in the window's languages. */

export interface QuitWords {
  readonly message: string;
  readonly detail: string;
  readonly stay: string;
  readonly leave: string;
}

const words: Readonly<Record<string, QuitWords>> = {
  en: {
    message: 'Something you made here has not been sent yet.',
    detail: 'It is kept, and sent when Countersign is next open.',
    stay: 'Stay',
    leave: 'Quit',
  },
  it: {
    message: 'Qualcosa che ha fatto qui non è ancora stato inviato.',
    detail: 'Viene conservato e inviato alla prossima apertura di Countersign.',
    stay: 'Rimani',
    leave: 'Esci',
  },
  es: {
    message: 'Algo que ha hecho aquí aún no se ha enviado.',
    detail: 'Se conserva y se enviará la próxima vez que abra Countersign.',
    stay: 'Quedarse',
    leave: 'Salir',
  },
  fr: {
    message: 'Quelque chose que vous avez fait ici n’a pas encore été envoyé.',
    detail: 'Cela est conservé et sera envoyé à la prochaine ouverture de Countersign.',
    stay: 'Rester',
    leave: 'Quitter',
  },
  de: {
    message: 'Etwas, das Sie hier getan haben, ist noch nicht gesendet.',
    detail: 'Es wird aufbewahrt und gesendet, wenn Countersign wieder offen ist.',
    stay: 'Bleiben',
    leave: 'Beenden',
  },
};

/** @param locale the system's, such as `de-AT`; English for one that is not known */
export function quitWords(locale: string): QuitWords {
  return words[locale.slice(0, 2).toLowerCase()] ?? (words.en as QuitWords);
}
