/** Removes an account after a word of warning; a stronger one where something made here has not reached the service yet. */
import { Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account } from '../../../preload/model.ts';
import { useCallMutation } from '../../desk.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';

interface RemoveAccountProps {
  readonly account: Account;
  readonly onClose: (removed: boolean) => void;
}

export function RemoveAccount({ account, onClose }: RemoveAccountProps) {
  const { t } = useTranslation();
  const [giveUp, setGiveUp] = useState(false);
  const remove = useCallMutation(
    'accounts.remove',
    ['accounts.list', 'inbox.list', 'inbox.accounts', 'inbox.tags', 'sync.status'],
    () => onClose(true),
  );
  const unsent = remove.error?.code === 'unsent-work';
  return (
    <Modal
      opened
      onClose={() => onClose(false)}
      title={t('account.remove', { name: account.label })}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <Stack gap="sm">
        <Text size="sm">{t('account.removeText')}</Text>
        {remove.isError && <ErrorNotice code={remove.error.code} />}
        {unsent && (
          <Checkbox
            size="xs"
            label={t('account.giveUp')}
            checked={giveUp}
            onChange={(event) => setGiveUp(event.currentTarget.checked)}
          />
        )}
        <Group justify="flex-end" mt="xs">
          <Button variant="default" data-autofocus onClick={() => onClose(false)}>
            {t('action.cancel')}
          </Button>
          <Button
            color="red"
            loading={remove.isPending}
            disabled={unsent && !giveUp}
            onClick={() => remove.mutate({ accountId: account.id, ...(unsent ? { force: true } : {}) })}
          >
            {t('account.removeNow')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
