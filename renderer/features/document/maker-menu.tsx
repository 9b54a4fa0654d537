/** What the maker of a transaction can do with it, as it stands: send, remind, take back, replace, keep as a template, delete. */
import { ActionIcon, Button, Group, Menu, Modal, Stack, Text, Tooltip } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PreparerStep, Transaction } from '../../../preload/model.ts';
import { useCallMutation } from '../../desk.tsx';
import { useAnnounce } from '../../ui/announcer.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { insideQuotes } from '../../ui/format.ts';
import { MoreIcon } from '../../ui/icons.tsx';

const live = ['remind', 'modify', 'delete'] as const;
const steps: Readonly<Record<Transaction['status'], readonly PreparerStep[]>> = {
  draft: ['publish', 'delete'],
  'to-fill': live,
  'to-sign': live,
  waiting: live,
  signed: ['templatize'],
  declined: ['replace', 'delete'],
  expired: ['replace', 'delete'],
  error: ['delete'],
};

/** Others lose sight of it, or their work on it: asked once more. */
const asksFirst: ReadonlySet<PreparerStep> = new Set<PreparerStep>(['modify', 'delete']);

interface MakerMenuProps {
  readonly transaction: Transaction;
  /** It is not there any more. */
  readonly onGone: () => void;
}

export function MakerMenu({ transaction, onGone }: MakerMenuProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [asked, setAsked] = useState<PreparerStep>();
  const { accountId, remoteId, status } = transaction;
  const step = useCallMutation('prepare.step', ['inbox.list', 'inbox.show', 'sync.status']);
  if (!transaction.madeByMe) return null;
  const done = step.isSuccess ? step.variables.step : undefined;
  /** What is asked about, or could not be done. */
  const open = asked ?? (step.isError ? step.variables.step : undefined);

  function run(name: PreparerStep) {
    step.mutate(
      { accountId, remoteId, step: name },
      {
        onSuccess: () => {
          setAsked(undefined);
          announce(t(`maker.done-${name}`));
          if (name === 'delete') onGone();
        },
      },
    );
  }
  const choose = (name: PreparerStep) => (asksFirst.has(name) ? setAsked(name) : run(name));
  const close = () => {
    setAsked(undefined);
    step.reset();
  };
  return (
    <>
      <Menu position="bottom-end" width={240}>
        <Tooltip label={t('maker.menu')}>
          <Menu.Target>
            <ActionIcon variant="subtle" aria-label={t('maker.menu')} loading={step.isPending}>
              <MoreIcon />
            </ActionIcon>
          </Menu.Target>
        </Tooltip>
        <Menu.Dropdown>
          {steps[status].map((name) => (
            <Menu.Item
              key={name}
              {...(name === 'delete' ? { color: 'var(--cs-bad)' } : {})}
              onClick={() => choose(name)}
            >
              {t(`maker.${name}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={open !== undefined}
        onClose={close}
        title={open && t(`maker.${open}`)}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        {open && (
          <Stack gap="sm">
            {asksFirst.has(open) && (
              <Text size="sm">{t(`maker.ask-${open}`, { title: insideQuotes(transaction.title) })}</Text>
            )}
            {step.isError && <ErrorNotice code={step.error.code} compact />}
            <Group justify="flex-end">
              <Button variant="default" data-autofocus onClick={close}>
                {t('action.cancel')}
              </Button>
              <Button
                {...(open === 'delete' ? { color: 'red' } : {})}
                loading={step.isPending}
                onClick={() => run(open)}
              >
                {t(`maker.${open}`)}
              </Button>
            </Group>
          </Stack>
        )}
      </Modal>
      <Modal
        opened={done !== undefined}
        onClose={close}
        title={done && t(`maker.${done}`)}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        <Stack gap="sm">
          <Text size="sm" data-done={done}>
            {done && t(`maker.done-${done}`)}
          </Text>
          <Group justify="flex-end">
            <Button data-autofocus onClick={close}>
              {t('action.done')}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
