/** Notes on a transaction: read them, add one, change or delete one’s own; what has not reached the service says so. */
import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Note } from '../../../preload/model.ts';
import { useCallMutation } from '../../desk.tsx';
import { useAnnounce } from '../../ui/announcer.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatMoment } from '../../ui/format.ts';
import { useLocale } from '../../ui/use-locale.ts';
import classes from './notes-panel.module.css';

const stale = ['inbox.show', 'sync.status', 'inbox.list'] as const;

export function NotesPanel({ transactionId, notes }: { transactionId: string; notes: readonly Note[] }) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [text, setText] = useState('');
  const add = useCallMutation('notes.add', stale);

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
              <NoteItem key={note.id} transactionId={transactionId} note={note} />
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

function NoteItem({ transactionId, note }: { transactionId: string; note: Note }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const announce = useAnnounce();
  const [mode, setMode] = useState<'read' | 'edit' | 'delete'>('read');
  const remove = useCallMutation('notes.delete', stale, () => announce(t('notes.deleted')));
  return (
    <li className={classes.note} data-unsent={note.unsent}>
      <div className={classes.head}>
        <span className={classes.author}>{note.mine ? t('notes.me') : note.authorName}</span>
        <span className={classes.when}>
          {note.unsent ? t('notes.unsent') : formatMoment(note.createdAt, Date.now(), locale)}
        </span>
      </div>
      {mode === 'edit' ? (
        <EditNote transactionId={transactionId} note={note} onDone={() => setMode('read')} />
      ) : (
        <p className={classes.text}>{note.text}</p>
      )}
      {note.mine && mode === 'read' && (
        <Group gap="xs">
          <Button variant="subtle" size="compact-xs" onClick={() => setMode('edit')}>
            {t('notes.edit')}
          </Button>
          <Button variant="subtle" size="compact-xs" color="red" onClick={() => setMode('delete')}>
            {t('notes.delete')}
          </Button>
        </Group>
      )}
      {mode === 'delete' && (
        <Group gap="xs" role="group" aria-label={t('notes.deleteAsk')}>
          <Text size="xs">{t('notes.deleteAsk')}</Text>
          <Button
            size="compact-xs"
            color="red"
            data-autofocus
            loading={remove.isPending}
            onClick={() => remove.mutate({ transactionId, noteId: note.id })}
          >
            {t('notes.delete')}
          </Button>
          <Button variant="default" size="compact-xs" onClick={() => setMode('read')}>
            {t('action.cancel')}
          </Button>
        </Group>
      )}
      {remove.isError && <ErrorNotice code={remove.error.code} compact />}
    </li>
  );
}

function EditNote({ transactionId, note, onDone }: { transactionId: string; note: Note; onDone: () => void }) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [text, setText] = useState(note.text);
  const edit = useCallMutation('notes.edit', stale);

  function submit(event: FormEvent) {
    event.preventDefault();
    const given = text.trim();
    if (given === '' || edit.isPending) return;
    if (given === note.text) return onDone();
    edit.mutate(
      { transactionId, noteId: note.id, text: given },
      {
        onSuccess: () => {
          announce(t('notes.changed'));
          onDone();
        },
      },
    );
  }

  return (
    <form onSubmit={submit}>
      <Stack gap="xs">
        <Textarea
          autosize
          autoFocus
          minRows={2}
          maxRows={8}
          maxLength={10_000}
          aria-label={t('notes.edited')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event);
            if (event.key === 'Escape') {
              event.preventDefault();
              onDone();
            }
          }}
        />
        {edit.isError && <ErrorNotice code={edit.error.code} compact />}
        <Group gap="xs">
          <Button type="submit" size="compact-xs" loading={edit.isPending} disabled={text.trim() === ''}>
            {t('notes.save')}
          </Button>
          <Button variant="default" size="compact-xs" onClick={onDone}>
            {t('action.cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
