/** The list's columns: what they are, and which one the rows are sorted by. */
import { useTranslation } from 'react-i18next';
import type { InboxSort } from '../../../preload/model.ts';
import { DownIcon, UpIcon } from '../../ui/icons.tsx';
import { type InboxState, sortBy } from './inbox-state.ts';
import classes from './list-head.module.css';

interface ListHeadProps {
  readonly state: InboxState;
  readonly compact: boolean;
  readonly onChange: (state: InboxState) => void;
}

export function ListHead({ state, compact, onChange }: ListHeadProps) {
  const { t } = useTranslation();
  const column = (sort: InboxSort, label: string, className?: string) => {
    const sorted = state.sort === sort;
    const way = state.order === 'ascending' ? t('inbox.ascending') : t('inbox.descending');
    return (
      <button
        type="button"
        className={`${classes.column} ${className ?? ''}`}
        aria-pressed={sorted}
        aria-label={sorted ? `${label}, ${way}` : label}
        onClick={() => onChange(sortBy(state, sort))}
      >
        <span>{label}</span>
        {sorted && (state.order === 'ascending' ? <UpIcon /> : <DownIcon />)}
      </button>
    );
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be a form's
    <div className={classes.outer} role="group" aria-label={t('inbox.sortBy')}>
      <div className={classes.head} data-compact={compact}>
        <span />
        <span className={classes.names}>
          {column('title', t('inbox.columnTitle'))}
          {column('sender', t('inbox.columnSender'))}
        </span>
        {column('due', t('inbox.columnDue'))}
        <span className={classes.plain}>{t('inbox.columnStatus')}</span>
        <span />
        {column('updated', t('inbox.columnUpdated'), classes.updated)}
      </div>
    </div>
  );
}
