/** What is about to be signed, and what was left out and why. */
import { useTranslation } from 'react-i18next';
import { errorKey } from '../../ui/error-key.ts';
import classes from './chosen-list.module.css';
import type { Chosen } from './use-chosen-requests.ts';

export function ChosenList({ chosen: { requests, leftOut } }: { chosen: Chosen }) {
  const { t, i18n } = useTranslation();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable by keyboard
    <section className={classes.scroll} tabIndex={0} aria-label={t('sign.documents')}>
      <ul className={classes.list}>
        {requests.map(({ title, reason, signatureRequestId, documentId, transactionId, withTimestamp }) => (
          <li key={`${transactionId}/${documentId}/${signatureRequestId}`} className={classes.item}>
            <span className={classes.title}>
              {title}
              {reason !== '' && <span className={classes.reason}>{reason}</span>}
            </span>
            {withTimestamp && <span className={classes.note}>{t('sign.withTimestamp')}</span>}
          </li>
        ))}
        {leftOut.map(({ title, code }) => (
          <li key={`${title}/${code}`} className={classes.item} data-left-out="true">
            <span className={classes.title}>{title}</span>
            <span className={classes.why}>{t(`${errorKey(code, (key) => i18n.exists(key))}.what`)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
