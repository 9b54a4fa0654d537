/** What is about to be signed, and what was left out and why. */
import { useTranslation } from 'react-i18next';
import { errorKey } from '../../ui/error-key.ts';
import { ShortList, ShortListItem } from '../../ui/short-list.tsx';
import classes from './chosen-list.module.css';
import type { Chosen } from './use-chosen-requests.ts';

export function ChosenList({ chosen: { requests, leftOut } }: { chosen: Chosen }) {
  const { t, i18n } = useTranslation();
  return (
    <ShortList label={t('sign.documents')}>
      {requests.map(({ title, reason, signatureRequestId, documentId, transactionId, withTimestamp }) => (
        <ShortListItem
          key={`${transactionId}/${documentId}/${signatureRequestId}`}
          title={
            <>
              {title}
              {reason !== '' && <span className={classes.reason}>{reason}</span>}
            </>
          }
          note={withTimestamp ? t('sign.withTimestamp') : undefined}
        />
      ))}
      {leftOut.map(({ title, code }) => (
        <ShortListItem
          key={`${title}/${code}`}
          title={title}
          leftOut
          note={t(`${errorKey(code, (key) => i18n.exists(key))}.what`)}
        />
      ))}
    </ShortList>
  );
}
