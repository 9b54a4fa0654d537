/** What goes out: everything made here that a service has not confirmed yet, when it is tried again, and why it waits. */
import { Button, Center, Loader } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { OutboxView } from '../../../preload/model.ts';
import { useCall, useCallMutation } from '../../desk.tsx';
import { useNavigation } from '../../shell/navigation.tsx';
import { EmptyNotice } from '../../ui/empty-notice.tsx';
import { errorKey } from '../../ui/error-key.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatMoment } from '../../ui/format.ts';
import { PageHead } from '../../ui/page-head.tsx';
import { useLocale } from '../../ui/use-locale.ts';
import { useSyncNow } from '../sync/use-sync-now.ts';
import classes from './activity-screen.module.css';

export default function ActivityScreen({ onBack }: { onBack: () => void }) {
  const { t } = useTranslation();
  const outbox = useCall('outbox.list', {});
  const sync = useSyncNow();
  return (
    <div className={classes.screen}>
      <PageHead title={t('nav.activity')} onBack={onBack}>
        <Button variant="default" loading={sync.running} onClick={sync.now}>
          {t('sync.now')}
        </Button>
      </PageHead>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled area must be reachable by keyboard */}
      <main className={classes.main} tabIndex={0} aria-label={t('nav.activity')}>
        {outbox.data ? (
          outbox.data.length === 0 ? (
            <EmptyNotice title={t('empty.outbox')} text={t('activity.emptyText')} />
          ) : (
            <ul className={classes.list}>
              {outbox.data.map((row) => (
                <OutboxItem key={row.id} row={row} />
              ))}
            </ul>
          )
        ) : outbox.isError ? (
          <ErrorNotice code={outbox.error.code} onRetry={() => void outbox.refetch()} />
        ) : (
          <Center h="100%" aria-busy="true">
            <Loader size="sm" />
          </Center>
        )}
      </main>
    </div>
  );
}

function OutboxItem({ row }: { row: OutboxView }) {
  const { t, i18n } = useTranslation();
  const locale = useLocale();
  const { go } = useNavigation();
  const retry = useCallMutation('outbox.retry', ['outbox.list', 'sync.status', 'inbox.list']);
  const key = row.code === undefined ? undefined : errorKey(row.code, (candidate) => i18n.exists(candidate));
  const { transactionId } = row;
  const stuck = row.state === 'parked' || row.state === 'failed';
  const moment = (time: number) => formatMoment(time, Date.now(), locale);
  return (
    <li className={classes.row} data-state={row.state}>
      <div className={classes.what}>
        <button
          type="button"
          className={classes.title}
          disabled={transactionId === undefined}
          onClick={() => transactionId !== undefined && go({ name: 'document', transactionId })}
        >
          {row.title}
        </button>
        <span className={classes.facts}>
          {t(`outboxKind.${row.kind}`)} · {moment(row.createdAt)}
          {row.attempts > 0 && ` · ${t('activity.tries', { count: row.attempts })}`}
        </span>
        {key && (
          <span className={classes.why} data-stuck={stuck}>
            {t('sign.why', { what: t(`${key}.what`), next: t(`${key}.next`) })}
          </span>
        )}
        {row.retryAt !== undefined && !stuck && (
          <span className={classes.facts}>{t('activity.retryAt', { time: moment(row.retryAt) })}</span>
        )}
      </div>
      <span className={classes.state}>{t(`outboxState.${row.state}`)}</span>
      <Button variant="default" loading={retry.isPending} onClick={() => retry.mutate({ outboxId: row.id })}>
        {t('action.tryAgain')}
      </Button>
    </li>
  );
}
