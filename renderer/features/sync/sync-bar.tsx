/** The line at the foot of the window: is the service reached, what waits here, and a way to ask now. */
import { Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useCall } from '../../desk.tsx';
import { formatMoment } from '../../ui/format.ts';
import { SyncIcon } from '../../ui/icons.tsx';
import { useLocale } from '../../ui/use-locale.ts';
import classes from './sync-bar.module.css';
import { useSyncNow } from './use-sync-now.ts';

export function SyncBar() {
  const { t } = useTranslation();
  const locale = useLocale();
  const status = useCall('sync.status', {}, { refetchMs: 30_000 });
  const sync = useSyncNow();
  const moment = (time: number) => formatMoment(time, Date.now(), locale);
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
      {sync.problem !== undefined && (
        <Text size="xs" className={classes.problem} truncate title={sync.problem}>
          {sync.problem}
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
          loading={sync.running}
          onClick={sync.now}
          aria-keyshortcuts="F5"
          className={classes.now}
        >
          {t('sync.now')}
        </Button>
      </Group>
    </footer>
  );
}
