/** Signs with a card: what, with which identity, the PIN, then the progress and the result. */
import { Modal, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAnnounce } from '../../ui/announcer.tsx';
import { tally } from './job-steps.ts';
import { SignForm } from './sign-form.tsx';
import { SignProgress } from './sign-progress.tsx';
import { useChosenRequests } from './use-chosen-requests.ts';
import { useSigning } from './use-signing.ts';

interface SignDialogProps {
  readonly transactionIds: readonly string[];
  /** The bytes that have been on the screen, by document id. */
  readonly seen?: ReadonlyMap<string, string>;
  readonly onClose: () => void;
}

export function SignDialog({ transactionIds, onClose }: SignDialogProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [ids] = useState(transactionIds);
  const [round, setRound] = useState(1);
  const chosen = useChosenRequests(ids, round);
  const { state, start, cancel, reset } = useSigning();
  const shown = 'jobs' in state ? tally(state.jobs) : undefined;
  const said = useRef('');

  useEffect(() => {
    if (!shown) return;
    const words =
      state.kind === 'ended'
        ? t('sign.saidEnd', { signed: shown.signed, total: shown.total, failed: shown.failed })
        : t('sign.saidProgress', { signed: shown.signed, total: shown.total });
    if (words !== said.current) announce(words);
    said.current = words;
  }, [shown, state.kind, announce, t]);

  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t('sign.title', { count: chosen?.requests.length ?? ids.length })}
      closeOnClickOutside={false}
      closeOnEscape={state.kind !== 'running' && state.kind !== 'starting'}
      withCloseButton={state.kind !== 'running' && state.kind !== 'starting'}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      {'jobs' in state ? (
        <SignProgress
          state={state}
          onCancel={cancel}
          onClose={onClose}
          onAgain={() => {
            setRound(round + 1);
            reset();
          }}
        />
      ) : chosen ? (
        <SignForm
          chosen={chosen}
          starting={state.kind === 'starting'}
          {...(state.kind === 'idle' && state.code !== undefined ? { code: state.code } : {})}
          onSign={start}
          onClose={onClose}
        />
      ) : (
        <Text size="sm" c="dimmed" aria-busy="true">
          {t('sign.gathering')}
        </Text>
      )}
    </Modal>
  );
}
