/** What happened to a transaction, as its service recorded it: asked for when somebody wants to know, newest first. */
import { Button, Loader, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../../desk.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatMoment } from '../../ui/format.ts';
import { useLocale } from '../../ui/use-locale.ts';
import classes from './parties.module.css';

interface AuditTrailProps {
  readonly accountId: string;
  readonly remoteId: string;
}

export function AuditTrail({ accountId, remoteId }: AuditTrailProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <section aria-label={t('audit.title')}>
      <h2 className={classes.heading}>{t('audit.title')}</h2>
      {open ? (
        <Records accountId={accountId} remoteId={remoteId} />
      ) : (
        <Button variant="default" size="compact-xs" onClick={() => setOpen(true)}>
          {t('audit.show')}
        </Button>
      )}
    </section>
  );
}

function Records({ accountId, remoteId }: AuditTrailProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const asked = useCall('prepare.audit', { accountId, remoteId });
  if (asked.isPending) return <Loader size="xs" aria-label={t('audit.asking')} />;
  if (asked.isError) return <ErrorNotice code={asked.error.code} compact onRetry={() => void asked.refetch()} />;
  const records = asked.data.records.toReversed();
  const now = Date.now();
  if (records.length === 0) return <Text size="sm">{t('audit.none')}</Text>;
  return (
    <ol className={classes.list}>
      {records.map(({ at, event, who, text }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a record has no name of its own, and the list is never reordered
        <li key={index} className={classes.request}>
          <span className={classes.who}>{t(`auditEvent.${event}`, { defaultValue: text || event })}</span>
          <time className={classes.state} dateTime={new Date(at).toISOString()}>
            {formatMoment(at, now, locale)}
          </time>
          {who !== '' && <span className={classes.reason}>{who}</span>}
        </li>
      ))}
    </ol>
  );
}
