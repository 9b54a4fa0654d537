/** A change the service has moved past: what happened, what was made here, and what can be done about it. */
import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConflictChoice, ConflictView } from '../../../preload/model.ts';
import { useCallMutation } from '../../desk.tsx';
import { useNavigation } from '../../shell/navigation.tsx';
import { useAnnounce } from '../../ui/announcer.tsx';
import { errorKey } from '../../ui/error-key.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatMoment, insideQuotes } from '../../ui/format.ts';
import { SavedCopy } from '../../ui/saved-copy.tsx';
import { useLocale } from '../../ui/use-locale.ts';
import classes from './activity-screen.module.css';
import { TitleButton } from './outbox-item.tsx';

export function ConflictCard({ conflict }: { conflict: ConflictView }) {
  const { t, i18n } = useTranslation();
  const locale = useLocale();
  const announce = useAnnounce();
  const { go } = useNavigation();
  const [asking, setAsking] = useState<'discard' | 'tell-sender'>();
  const settle = useCallMutation(
    'conflicts.settle',
    ['conflicts.list', 'outbox.list', 'sync.status', 'inbox.list', 'inbox.show', 'activity.list'],
    ({ toSign }) => {
      announce(t('activity.settled'));
      setAsking(undefined);
      const [first] = toSign;
      if (first) go({ name: 'document', transactionId: first.transactionId });
    },
  );
  const save = useCallMutation('conflicts.export', []);
  const key = errorKey(conflict.code, (candidate) => i18n.exists(candidate));
  const choose = (choice: ConflictChoice) => {
    if (choice === 'discard' || choice === 'tell-sender') setAsking(choice);
    else settle.mutate({ id: conflict.id, choice });
  };
  return (
    <article className={classes.conflict} aria-label={conflict.title} data-conflict={conflict.code}>
      <TitleButton title={conflict.title} transactionId={conflict.transactionId} />
      <span className={classes.facts}>
        {t(`outboxKind.${conflict.kind}`)} · {formatMoment(conflict.happenedAt, Date.now(), locale)}
      </span>
      <Text size="sm">{t('sign.why', { what: t(`${key}.what`), next: t(`${key}.next`) })}</Text>
      {conflict.texts.map((text, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: texts have no other name than their place
        <blockquote key={i} className={classes.quote}>
          {text}
        </blockquote>
      ))}
      {settle.isError && <ErrorNotice code={settle.error.code} compact />}
      <Group gap="xs" mt={4}>
        {conflict.choices.map((choice, i) => (
          <Button
            key={choice}
            variant={i === 0 && choice !== 'discard' ? 'filled' : 'default'}
            loading={settle.isPending && settle.variables?.choice === choice}
            onClick={() => choose(choice)}
          >
            {t(`conflictChoice.${choice}`)}
          </Button>
        ))}
        {conflict.copy && (
          <Button variant="subtle" loading={save.isPending} onClick={() => save.mutate({ id: conflict.id })}>
            {t('action.saveCopy')}
          </Button>
        )}
      </Group>
      <SavedCopy saved={save.data} />
      {asking && (
        <AskDialog
          choice={asking}
          title={conflict.title}
          pending={settle.isPending}
          onCancel={() => setAsking(undefined)}
          onSure={(text) => settle.mutate({ id: conflict.id, choice: asking, ...(text === undefined ? {} : { text }) })}
        />
      )}
    </article>
  );
}

interface AskDialogProps {
  readonly choice: 'discard' | 'tell-sender';
  readonly title: string;
  readonly pending: boolean;
  readonly onCancel: () => void;
  readonly onSure: (text?: string) => void;
}

/** Giving up asks once more; telling the sender asks for the words. */
function AskDialog({ choice, title, pending, onCancel, onSure }: AskDialogProps) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const tells = choice === 'tell-sender';
  return (
    <Modal
      opened
      onClose={onCancel}
      title={t(`conflictChoice.${choice}`)}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <Stack gap="sm">
        {tells ? (
          <Textarea
            data-autofocus
            autosize
            minRows={3}
            maxRows={8}
            maxLength={10_000}
            label={t('activity.message')}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        ) : (
          <Text size="sm">{t('activity.discardText', { title: insideQuotes(title) })}</Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            {t('action.cancel')}
          </Button>
          <Button
            {...(tells ? {} : { color: 'red' })}
            loading={pending}
            disabled={tells && text.trim() === ''}
            onClick={() => onSure(tells ? text.trim() : undefined)}
          >
            {t(`conflictChoice.${choice}`)}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
