/** The tags in use, the most used first; several narrow the list to what has each of them. */
import { NavLink } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../../desk.tsx';
import { TagIcon } from '../../ui/icons.tsx';
import { type InboxState, toggleTag } from './inbox-state.ts';

/** More are shown when asked for. */
const FIRST_TAGS = 8;

interface TagListProps {
  readonly state: InboxState;
  readonly onChange: (state: InboxState) => void;
  readonly classes: Readonly<Record<string, string | undefined>>;
}

export function TagList({ state, onChange, classes }: TagListProps) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const { accountId } = state;
  const tags = useCall('inbox.tags', accountId === undefined ? {} : { accountId }, { keepPrevious: true }).data ?? [];
  if (tags.length === 0) return null;
  const shown = all ? tags : tags.slice(0, FIRST_TAGS);
  return (
    <section className={classes.part} aria-label={t('inbox.tags')}>
      <div className={classes.heading}>
        <h2 className={classes.headingText}>{t('inbox.tags')}</h2>
      </div>
      {shown.map(({ tag, count }) => (
        <NavLink
          key={tag}
          component="button"
          className={classes.view}
          data-may-cut
          active={state.tags.includes(tag)}
          aria-pressed={state.tags.includes(tag)}
          label={tag}
          leftSection={<TagIcon />}
          rightSection={<span className={classes.count}>{count}</span>}
          onClick={() => onChange(toggleTag(state, tag))}
        />
      ))}
      {tags.length > FIRST_TAGS && (
        <NavLink
          component="button"
          className={classes.view}
          c="dimmed"
          aria-expanded={all}
          label={t(all ? 'inbox.fewerTags' : 'inbox.moreTags', { count: tags.length - FIRST_TAGS })}
          onClick={() => setAll(!all)}
        />
      )}
    </section>
  );
}
