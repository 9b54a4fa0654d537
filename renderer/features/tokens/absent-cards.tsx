/** Certificates a signing service knows as mine, whose card is somewhere else. */
import { useTranslation } from 'react-i18next';
import type { AbsentIdentity } from '../../../preload/model.ts';
import classes from './token-card.module.css';

export function AbsentCards({ absent }: { absent: readonly AbsentIdentity[] }) {
  const { t } = useTranslation();
  if (absent.length === 0) return undefined;
  return (
    <section className={classes.token} aria-label={t('tokens.absent')}>
      <header className={classes.head}>
        <h2 className={classes.label}>{t('tokens.absent')}</h2>
      </header>
      <p className={classes.where}>{t('tokens.absentText')}</p>
      <ul className={classes.identities}>
        {absent.map(({ id, label, tokenSerialNumber }) => (
          <li key={id} className={classes.identity}>
            <span className={classes.name} data-quiet>
              {label}
            </span>
            {tokenSerialNumber !== undefined && (
              <span className={classes.detail}>{t('token.serial', { serial: tokenSerialNumber })}</span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
