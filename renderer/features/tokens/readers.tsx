/** The card readers, and what is in each. */
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../preload/contract.ts';
import { findingName, findingValues } from './finding.ts';
import classes from './side-list.module.css';

export function Readers({ shown }: { shown: CallOutput<'tokens.diagnose'> }) {
  const { t, i18n } = useTranslation();
  const { service, readers, diagnosis } = shown;
  return (
    <section aria-label={t('tokens.readers')}>
      <h2 className={classes.title}>{t('tokens.readers')}</h2>
      {service !== 'running' && <p className={classes.problem}>{t(`pcsc.${service}`)}</p>}
      {service === 'running' && readers.length === 0 && <p className={classes.detail}>{t('tokens.noReaders')}</p>}
      <ul className={classes.list}>
        {readers.map(({ name, cardPresent }) => {
          const card = diagnosis.cards.find(({ reader }) => reader === name);
          const about = card?.card ?? (card?.atr === undefined ? undefined : t('tokens.cardByAtr', { atr: card.atr }));
          return (
            <li key={name} className={classes.row} data-reader={name}>
              <span className={classes.name}>{name}</span>
              <span className={classes.detail}>{cardPresent ? (about ?? t('tokens.card')) : t('tokens.noCard')}</span>
              {cardPresent && card && card.layer !== 'ok' && (
                <span className={classes.problem}>
                  {t(
                    `diagnosis.${findingName(card)}.what`,
                    findingValues(card, t, (key) => i18n.exists(key)),
                  )}
                </span>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
