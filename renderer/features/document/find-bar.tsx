/** Search in the document: what, how many, the next one and the one before. */
import { ActionIcon, TextInput } from '@mantine/core';
import { type RefObject, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { CloseIcon, DownIcon, SearchIcon, UpIcon } from '../../ui/icons.tsx';
import classes from './find-bar.module.css';
import type { Find } from './use-find.ts';

interface FindBarProps {
  readonly find: Find;
  readonly field: RefObject<HTMLInputElement | null>;
  readonly onClose: () => void;
}

export function FindBar({ find, field, onClose }: FindBarProps) {
  const { t } = useTranslation();
  const { query, matches, current, searching } = find;
  useEffect(() => {
    field.current?.select();
  }, [field]);
  const count =
    query.trim() === ''
      ? ''
      : matches.length > 0
        ? t('find.count', { current: current + 1, count: matches.length })
        : t(searching ? 'find.searching' : 'find.none');
  return (
    <search className={classes.bar} aria-label={t('find.name')}>
      <TextInput
        ref={field}
        size="xs"
        className={classes.field}
        aria-label={t('find.field')}
        placeholder={t('find.field')}
        leftSection={<SearchIcon />}
        value={query}
        maxLength={200}
        onChange={(event) => find.setQuery(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') {
            event.preventDefault();
            find.step(event.shiftKey ? -1 : 1);
          } else if (event.key === 'Escape') {
            event.stopPropagation();
            onClose();
          }
        }}
      />
      <span className={classes.count} role="status">
        {count}
      </span>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t('find.previous')}
        disabled={matches.length === 0}
        className={classes.step}
        onClick={() => find.step(-1)}
      >
        <UpIcon />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t('find.next')}
        disabled={matches.length === 0}
        className={classes.step}
        onClick={() => find.step(1)}
      >
        <DownIcon />
      </ActionIcon>
      <ActionIcon variant="subtle" color="gray" aria-label={t('find.close')} className={classes.step} onClick={onClose}>
        <CloseIcon />
      </ActionIcon>
    </search>
  );
}
