/** What goes out and comes in: conflicts to settle, what waits and why, and what has been delivered. */
import { Button, Center, Loader } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { SyncStatusView } from '../../../preload/model.ts';
import { useCall, useCallMutation } from '../../desk.tsx';
import { useCommands } from '../../shell/commands.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatMoment } from '../../ui/format.ts';
import { Page } from '../../ui/page.tsx';
import { SaveButton } from '../../ui/saved-copy.tsx';
import { useLocale } from '../../ui/use-locale.ts';
import { useSyncNow } from '../sync/use-sync-now.ts';
import classes from './activity-screen.module.css';
import { ConflictCard } from './conflict-card.tsx';
import { History } from './history.tsx';
import { OutboxItem } from './outbox-item.tsx';

export default function ActivityScreen({ onBack }: { onBack: () => void }) {
  const { t } = useTranslation();
  const status = useCall('sync.status', {});
  const outbox = useCall('outbox.list', {});
  const conflicts = useCall('conflicts.list', {});
  const sync = useSyncNow();
  const pause = useCallMutation('sync.pause', ['sync.status']);
  const resume = useCallMutation('sync.resume', ['sync.status']);
  const paused = status.data?.paused ?? false;
  const toggle = () => (paused ? resume : pause).mutate({});
  const pauseWords = t(paused ? 'activity.resume' : 'activity.pause');
  useCommands([{ id: 'pause', label: pauseWords, group: t('nav.activity'), run: toggle }]);

  const open = new Set(conflicts.data?.map(({ id }) => id));
  const waiting = outbox.data?.filter(({ id }) => !open.has(id)) ?? [];
  const failed = outbox.error ?? conflicts.error;
  return (
    <Page
      title={t('nav.activity')}
      onBack={onBack}
      actions={
        <>
          <ExportSigned />
          <Button variant="subtle" loading={pause.isPending || resume.isPending} onClick={toggle}>
            {pauseWords}
          </Button>
          <Button variant="default" loading={sync.running} onClick={sync.now}>
            {t('sync.now')}
          </Button>
        </>
      }
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled area must be reachable by keyboard */}
      <main className={classes.main} tabIndex={0} aria-label={t('nav.activity')}>
        {failed && <ErrorNotice code={failed.code} onRetry={() => void outbox.refetch()} />}
        {outbox.isPending && !failed && (
          <Center h="100%" aria-busy="true">
            <Loader size="sm" />
          </Center>
        )}
        {status.data && <Accounts status={status.data} />}
        {conflicts.data && conflicts.data.length > 0 && (
          <section className={classes.part} aria-labelledby="activity-conflicts">
            <h2 id="activity-conflicts" className={classes.heading}>
              {t('activity.conflicts', { count: conflicts.data.length })}
            </h2>
            {conflicts.data.map((conflict) => (
              <ConflictCard key={conflict.id} conflict={conflict} />
            ))}
          </section>
        )}
        {outbox.data && (
          <section className={classes.part} aria-labelledby="activity-waiting">
            <h2 id="activity-waiting" className={classes.heading}>
              {t('activity.waiting')}
            </h2>
            {waiting.length === 0 ? (
              <p className={classes.empty}>{t('activity.emptyText')}</p>
            ) : (
              <ul className={classes.list}>
                {waiting.map((row) => (
                  <OutboxItem key={row.id} row={row} />
                ))}
              </ul>
            )}
          </section>
        )}
        <History />
      </main>
    </Page>
  );
}

/** All signed files that are here, in one zip where the person says. */
function ExportSigned() {
  const { t } = useTranslation();
  const made = useCallMutation('exports.signed', []);
  return (
    <SaveButton
      label={t('activity.export')}
      variant="subtle"
      save={made}
      onSave={() => made.mutate({ exportId: crypto.randomUUID() })}
      said={made.data && t('activity.exported', { count: made.data.files })}
    />
  );
}

/** What keeps an account from being synced, a line each. */
function Accounts({ status }: { status: SyncStatusView }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const moment = (time: number) => formatMoment(time, Date.now(), locale);
  const lines = status.accounts.flatMap(
    ({ accountId, label, state, online, offlineSince, rateLimitedUntil, firstSync }) => {
      const line = (text: string) => [{ accountId, text }];
      if (state === 'sign-in-expired') return line(t('activity.accountExpired', { label }));
      if (!online && offlineSince !== undefined) {
        return line(t('activity.accountOffline', { label, time: moment(offlineSince) }));
      }
      if (rateLimitedUntil !== undefined && rateLimitedUntil > Date.now()) {
        return line(t('activity.accountLimited', { label, time: moment(rateLimitedUntil) }));
      }
      if (firstSync) return line(t('activity.accountFirst', { label, read: firstSync.read.toLocaleString(locale) }));
      return [];
    },
  );
  const all = status.paused ? [{ accountId: '', text: t('activity.paused') }, ...lines] : lines;
  if (all.length === 0) return null;
  return (
    <ul className={classes.state} aria-live="polite">
      {all.map(({ accountId, text }) => (
        <li key={accountId}>{text}</li>
      ))}
    </ul>
  );
}
