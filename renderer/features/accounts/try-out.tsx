/** Trying the app with a practice service on this computer, where the installation has one. */
import { Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useBridge, useCall, useCallMutation } from '../../desk.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { useSyncAccount } from '../sync/use-sync-account.ts';
import classes from './first-run.module.css';

export function TryOut({ onStarted }: { onStarted: () => void }) {
  const { t } = useTranslation();
  const bridge = useBridge();
  const practice = useCall('practice.show', {});
  const syncAccount = useSyncAccount();
  const start = useCallMutation(
    'practice.start',
    ['practice.show', 'accounts.list', 'inbox.list', 'sync.status'],
    ({ accountId }) => {
      syncAccount(accountId);
      onStarted();
    },
  );
  if (!practice.data?.available) return null;
  return (
    <>
      <div className={classes.without}>
        <Text c="dimmed" size="sm" role={start.isPending ? 'status' : undefined}>
          {t(start.isPending ? 'practice.starting' : 'practice.text')}
        </Text>
        <Group gap="xs" wrap="nowrap" className={classes.open}>
          {start.isPending && (
            <Button variant="subtle" size="compact-sm" onClick={() => void bridge.call('practice.cancel', {})}>
              {t('action.cancel')}
            </Button>
          )}
          <Button variant="default" size="compact-sm" loading={start.isPending} onClick={() => start.mutate({})}>
            {t('practice.start')}
          </Button>
        </Group>
      </div>
      {start.isError && start.error.code !== 'cancelled' && <ErrorNotice code={start.error.code} compact />}
    </>
  );
}

/** The practice card's PIN, while there is one. */
export function PracticePin() {
  const { t } = useTranslation();
  const pin = useCall('practice.show', {}).data?.pin;
  if (pin === undefined) return null;
  return (
    <Text size="sm" mt="sm" data-practice-pin="">
      {t('practice.pin', { pin })}
    </Text>
  );
}
