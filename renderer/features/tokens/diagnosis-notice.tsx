/** In a sentence: can something here sign, and if not, what is missing and what to do. */
import { useTranslation } from 'react-i18next';
import type { TokenDiagnosis } from '../../../preload/model.ts';
import { AlertIcon, CheckIcon } from '../../ui/icons.tsx';
import classes from './diagnosis-notice.module.css';
import { findingName, findingValues } from './finding.ts';

export function DiagnosisNotice({ diagnosis }: { diagnosis: TokenDiagnosis }) {
  const { t, i18n } = useTranslation();
  const name = findingName(diagnosis);
  const values = findingValues(diagnosis, t, (key) => i18n.exists(key));
  const isFine = diagnosis.layer === 'ok';
  return (
    <div className={classes.notice} role="status" data-layer={diagnosis.layer} data-tone={isFine ? 'good' : 'warn'}>
      <span className={classes.icon}>{isFine ? <CheckIcon /> : <AlertIcon />}</span>
      <div>
        <p className={classes.what}>{t(`diagnosis.${name}.what`, values)}</p>
        <p className={classes.next}>{t(`diagnosis.${name}.next`, values)}</p>
        {diagnosis.layer === 'card-unknown' && diagnosis.atr !== undefined && (
          <p className={classes.next}>
            {t('tokens.atr')} <code className={classes.atr}>{diagnosis.atr}</code>
          </p>
        )}
      </div>
    </div>
  );
}
