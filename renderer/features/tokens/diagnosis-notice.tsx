/** In a sentence: can something here sign, and if not, what is missing and what to do. */
import { useTranslation } from 'react-i18next';
import type { TokenDiagnosis } from '../../../preload/model.ts';
import { AlertIcon, CheckIcon } from '../../ui/icons.tsx';
import classes from './diagnosis-notice.module.css';
import { findingKey, findingValues } from './finding.ts';

export function DiagnosisNotice({ diagnosis }: { diagnosis: TokenDiagnosis }) {
  const { t, i18n } = useTranslation();
  const key = findingKey(diagnosis);
  const values = findingValues(diagnosis, t, (name) => i18n.exists(name));
  const isFine = diagnosis.layer === 'ok';
  return (
    <div className={classes.notice} role="status" data-layer={diagnosis.layer} data-tone={isFine ? 'good' : 'warn'}>
      <span className={classes.icon}>{isFine ? <CheckIcon /> : <AlertIcon />}</span>
      <div>
        <p className={classes.what}>{t(`${key}.what`, values)}</p>
        <p className={classes.next}>{t(`${key}.next`, values)}</p>
        {diagnosis.layer === 'card-unknown' && diagnosis.atr !== undefined && (
          <p className={classes.next}>
            {t('tokens.atr')} <code className={classes.atr}>{diagnosis.atr}</code>
          </p>
        )}
      </div>
    </div>
  );
}
