/** A change that is not confirmed yet: what it is, how often it was tried, and why it waits. */
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { OutboxView } from '../../../preload/model.ts';
import { useCallMutation } from '../../desk.tsx';
import { useNavigation } from '../../shell/navigation.tsx';
import { errorKey } from '../../ui/error-key.ts';
import { formatMoment } from '../../ui/format.ts';
import { useLocale } from '../../ui/use-locale.ts';
import classes from './activity-screen.module.css';

export function OutboxItem({ row }: { row: OutboxView }) {
  const { t, i18n } = useTranslation();
  const locale = useLocale();
  const retry = useCallMutation('outbox.retry', ['outbox.list', 'conflicts.list', 'sync.status', 'inbox.list']);
  const key = row.code === undefined ? undefined : errorKey(row.code, (candidate) => i18n.exists(candidate));
  const stuck = row.state === 'parked' || row.state === 'failed';
  const moment = (time: number) => formatMoment(time, Date.now(), locale);
  return (
    <li className={classes.row} data-state={row.state}>
      <div className={classes.what}>
        <TitleButton title={row.title} transactionId={row.transactionId} />
        <span className={classes.facts}>
          {t(`outboxKind.${row.kind}`)} · {moment(row.createdAt)}
          {row.attempts > 0 && ` · ${t('activity.tries', { count: row.attempts })}`}
          {row.retryAt !== undefined && !stuck && ` · ${t('activity.retryAt', { time: moment(row.retryAt) })}`}
        </span>
        {key && (
          <span className={classes.why} data-stuck={stuck}>
            {t('sign.why', { what: t(`${key}.what`), next: t(`${key}.next`) })}
          </span>
        )}
      </div>
      <span className={classes.badge}>{t(`outboxState.${row.state}`)}</span>
      <Button
        variant="default"
        loading={retry.isPending}
        disabled={row.state === 'sending'}
        onClick={() => retry.mutate({ outboxId: row.id })}
      >
        {t('action.tryAgain')}
      </Button>
    </li>
  );
}

/** A title that leads to its document, where there is one. */
export function TitleButton({ title, transactionId }: { title: string; transactionId: string | undefined }) {
  const { go } = useNavigation();
  if (transactionId === undefined) return <span className={classes.title}>{title}</span>;
  return (
    <button type="button" className={classes.title} onClick={() => go({ name: 'document', transactionId })}>
      {title}
    </button>
  );
}
