/** Declines what a transaction asks of me; the one who asked reads the reason. */
import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Transaction } from '../../../preload/model.ts';
import { useCallMutation } from '../../desk.tsx';
import { useAnnounce } from '../../ui/announcer.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { insideQuotes } from '../../ui/format.ts';

export function DeclineDialog({ transaction, onClose }: { transaction: Transaction; onClose: () => void }) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [reason, setReason] = useState('');
  const decline = useCallMutation('transactions.decline', ['inbox.list', 'inbox.show', 'sync.status']);

  function submit(event: FormEvent) {
    event.preventDefault();
    const given = reason.trim();
    if (given === '') return;
    decline.mutate(
      { transactionId: transaction.id, reason: given },
      {
        onSuccess: () => {
          announce(t('decline.done'));
          onClose();
        },
      },
    );
  }

  return (
    <Modal opened onClose={onClose} title={t('decline.title')} closeButtonProps={{ 'aria-label': t('action.close') }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Text size="sm">
            {t('decline.text', { sender: transaction.senderName, title: insideQuotes(transaction.title) })}
          </Text>
          <Textarea
            data-autofocus
            required
            autosize
            minRows={3}
            maxRows={8}
            maxLength={2000}
            label={t('decline.reason')}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          {decline.isError && <ErrorNotice code={decline.error.code} compact />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('action.cancel')}
            </Button>
            <Button type="submit" color="red" loading={decline.isPending} disabled={reason.trim() === ''}>
              {t('action.decline')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
