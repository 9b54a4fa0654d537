/** The line at the foot of the window: is the service reached, what waits here, and a way to ask now. */
import { Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useCall, useCallMutation, useIsCalling } from '../../desk.tsx';
import { useAnnounce } from '../../ui/announcer.tsx';
import { errorKey } from '../../ui/error-key.ts';
import { formatMoment } from '../../ui/format.ts';
import { SyncIcon } from '../../ui/icons.tsx';
import { useLocale } from '../../ui/use-locale.ts';
import classes from './sync-bar.module.css';

export function SyncBar() {
  const { t, i18n } = useTranslation();
  const locale = useLocale();
  const announce = useAnnounce();
  const status = useCall('sync.status', {}, { refetchMs: 30_000 });
  const sync = useCallMutation('sync.now', ['sync.status', 'inbox.list', 'inbox.show', 'accounts.list']);
  const syncing = useIsCalling('sync.now');
  const moment = (time: number) => formatMoment(time, Date.now(), locale);
  const words = (code: string) => t(`${errorKey(code, (key) => i18n.exists(key))}.what`);
  const problem = sync.error?.code ?? sync.data?.errors[0];

  function syncNow() {
    sync.mutate(
      {},
      {
        onSuccess: ({ pulled, delivered }) => announce(t('sync.done', { pulled, delivered })),
        onError: ({ code }) => announce(words(code)),
      },
    );
  }

  const known = status.data;
  return (
    <footer className={classes.bar}>
      <span className={classes.dot} data-online={known?.online ?? true} aria-hidden="true" />
      <Text size="xs" truncate>
        {known && !known.online
          ? known.offlineSince === undefined
            ? t('sync.offline')
            : t('sync.offlineSince', { time: moment(known.offlineSince) })
          : t('sync.online')}
      </Text>
      {known !== undefined && known.waiting > 0 && (
        <Text size="xs" fw={600} className={classes.waiting}>
          {t('sync.waiting', { count: known.waiting })}
        </Text>
      )}
      {problem !== undefined && (
        <Text size="xs" className={classes.problem} truncate title={words(problem)}>
          {words(problem)}
        </Text>
      )}
      <Group gap="xs" ml="auto" wrap="nowrap">
        {known?.lastSyncAt !== undefined && (
          <Text size="xs" c="dimmed" className={classes.last}>
            {t('sync.last', { time: moment(known.lastSyncAt) })}
          </Text>
        )}
        <Button
          variant="subtle"
          size="compact-xs"
          leftSection={<SyncIcon />}
          loading={syncing}
          onClick={syncNow}
          className={classes.now}
        >
          {t('sync.now')}
        </Button>
      </Group>
    </footer>
  );
}
