/** What the services told of since it was last cleared, newest first: each opens its transaction, and is cleared with the others of it. */
import { ActionIcon, Button, Indicator, Popover, Text, Tooltip } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall, useCallMutation } from '../../desk.tsx';
import { formatMoment } from '../../ui/format.ts';
import { BellIcon } from '../../ui/icons.tsx';
import { useLocale } from '../../ui/use-locale.ts';
import classes from './notifications-menu.module.css';

export function NotificationsMenu({ onOpen }: { onOpen: (transactionId: string) => void }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const [opened, setOpened] = useState(false);
  const listed = useCall('notifications.list', {}).data ?? [];
  const clear = useCallMutation('notifications.clear', ['notifications.list', 'sync.status']);
  const now = Date.now();
  const name = t('notifications.title', { count: listed.length });
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={340} trapFocus returnFocus shadow="md">
      <Popover.Target>
        <Tooltip label={name} disabled={opened}>
          <Indicator disabled={listed.length === 0} offset={6} size={8}>
            <ActionIcon size="md" variant="subtle" aria-label={name} onClick={() => setOpened(!opened)}>
              <BellIcon />
            </ActionIcon>
          </Indicator>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown aria-label={name} p={0}>
        {listed.length === 0 ? (
          <Text size="sm" c="dimmed" p="sm" data-autofocus tabIndex={-1}>
            {t('notifications.none')}
          </Text>
        ) : (
          <ul className={classes.list}>
            {listed.map(({ id, transactionId, title, event, at }) => (
              <li key={id} className={classes.item}>
                <button
                  type="button"
                  className={classes.open}
                  disabled={transactionId === undefined}
                  onClick={() => transactionId !== undefined && onOpen(transactionId)}
                >
                  <span className={classes.what}>{t(`notificationEvent.${event}`)}</span>
                  <span className={classes.title}>{title}</span>
                  <time className={classes.when} dateTime={new Date(at).toISOString()}>
                    {formatMoment(at, now, locale)}
                  </time>
                </button>
                {transactionId !== undefined && (
                  <Button
                    variant="subtle"
                    size="compact-xs"
                    aria-label={t('notifications.clearOf', { title })}
                    onClick={() => clear.mutate({ transactionId })}
                  >
                    {t('notifications.clear')}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
