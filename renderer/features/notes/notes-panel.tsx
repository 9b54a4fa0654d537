/** Notes on a transaction: read them, add one; what has not reached the service says so. */
import { Button, Stack, Text, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Note } from '../../../preload/model.ts';
import { useCallMutation } from '../../desk.tsx';
import { useAnnounce } from '../../ui/announcer.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatMoment } from '../../ui/format.ts';
import { useLocale } from '../../ui/use-locale.ts';
import classes from './notes-panel.module.css';

export function NotesPanel({ transactionId, notes }: { transactionId: string; notes: readonly Note[] }) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [text, setText] = useState('');
  const add = useCallMutation('notes.add', ['inbox.show', 'sync.status', 'inbox.list']);

  function submit(event: FormEvent) {
    event.preventDefault();
    const given = text.trim();
    if (given === '') return;
    add.mutate(
      { transactionId, text: given },
      {
        onSuccess: () => {
          setText('');
          announce(t('notes.added'));
        },
      },
    );
  }

  return (
    <Stack gap="md">
      {notes.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('notes.none')}
        </Text>
      ) : (
        <ul className={classes.notes} aria-label={t('notes.list')}>
          {[...notes]
            .sort((a, b) => a.createdAt - b.createdAt)
            .map((note) => (
              <NoteItem key={note.id} note={note} />
            ))}
        </ul>
      )}
      <form onSubmit={submit}>
        <Stack gap="xs">
          <Textarea
            autosize
            minRows={2}
            maxRows={8}
            maxLength={10_000}
            label={t('notes.new')}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event);
            }}
          />
          {add.isError && <ErrorNotice code={add.error.code} compact />}
          <Button type="submit" variant="default" loading={add.isPending} disabled={text.trim() === ''}>
            {t('notes.add')}
          </Button>
        </Stack>
      </form>
    </Stack>
  );
}

function NoteItem({ note }: { note: Note }) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <li className={classes.note} data-unsent={note.unsent}>
      <div className={classes.head}>
        <span className={classes.author}>{note.mine ? t('notes.me') : note.authorName}</span>
        <span className={classes.when}>
          {note.unsent ? t('notes.unsent') : formatMoment(note.createdAt, Date.now(), locale)}
        </span>
      </div>
      <p className={classes.text}>{note.text}</p>
    </li>
  );
}
