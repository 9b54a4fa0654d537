/** What is about to be signed, and what was left out and why. */
import { useTranslation } from 'react-i18next';
import { errorKey } from '../../ui/error-key.ts';
import { ShortList, ShortListItem } from '../../ui/short-list.tsx';
import classes from './chosen-list.module.css';
import { requestKey } from './requests.ts';
import type { Chosen } from './use-chosen-requests.ts';

export function ChosenList({ chosen: { requests, leftOut } }: { chosen: Chosen }) {
  const { t, i18n } = useTranslation();
  return (
    <ShortList label={t('sign.documents')}>
      {requests.map((request) => (
        <ShortListItem
          key={requestKey(request)}
          title={
            <>
              {request.title}
              {request.reason !== '' && <span className={classes.reason}>{request.reason}</span>}
            </>
          }
          note={request.withTimestamp ? t('sign.withTimestamp') : undefined}
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
