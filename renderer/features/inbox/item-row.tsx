/** One transaction in the list. */
import { Checkbox } from '@mantine/core';
import { type MouseEvent, memo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { InboxItem } from '../../../preload/model.ts';
import { dueState, formatDay } from '../../ui/format.ts';
import { UrgentIcon } from '../../ui/icons.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { SyncMark } from '../../ui/sync-mark.tsx';
import { useLocale } from '../../ui/use-locale.ts';
import { useProviderNow } from '../sync/provider-now.ts';
import classes from './item-row.module.css';
import { searchMatches } from './search-matches.ts';

type OnItem = (item: InboxItem, index: number, event: MouseEvent) => void;

interface ItemRowProps {
  /** Undefined until its page is there. */
  readonly item: InboxItem | undefined;
  readonly index: number;
  readonly top: number;
  readonly height: number;
  readonly compact: boolean;
  readonly search: string;
  readonly active: boolean;
  readonly chosen: boolean;
  /** Stable: the row is drawn anew for what it shows only. */
  readonly onTick: OnItem;
  readonly onOpen: OnItem;
}

function Marked({ text, search }: { text: string; search: string }) {
  if (search === '') return text;
  let from = 0;
  return searchMatches(text, search).map((piece) => {
    const key = from;
    from += piece.text.length;
    return piece.match ? <mark key={key}>{piece.text}</mark> : <span key={key}>{piece.text}</span>;
  });
}

function DueCell({ expiresAt, accountId }: { expiresAt: number | undefined; accountId: string }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const now = useProviderNow(accountId);
  const due = dueState(expiresAt, now);
  if (expiresAt === undefined) return null;
  const day = formatDay(expiresAt, now, locale);
  return <span data-due={due}>{t(due === 'past' ? 'inbox.overdue' : 'inbox.due', { day })}</span>;
}

export const ItemRow = memo(function ItemRow(props: ItemRowProps) {
  const { item, index, top, height, compact, search, active, chosen, onTick, onOpen } = props;
  const { t } = useTranslation();
  const locale = useLocale();
  const place = { transform: `translateY(${top}px)`, height };
  const common = {
    className: classes.row,
    style: place,
    'aria-rowindex': index + 1,
    'data-index': index,
    'data-compact': compact,
  } as const;
  if (!item) {
    return (
      // biome-ignore lint/a11y/useSemanticElements: see the grid this row is in
      <div role="row" {...common} aria-busy="true" tabIndex={active ? 0 : -1}>
        {/* biome-ignore lint/a11y/useSemanticElements: see the grid this row is in */}
        {/* biome-ignore lint/a11y/useFocusableInteractive: the row has the focus */}
        <span role="gridcell" className={classes.pending}>
          {t('inbox.loading')}
        </span>
      </div>
    );
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the grid this row is in
    <div
      role="row"
      {...common}
      tabIndex={active ? 0 : -1}
      aria-selected={chosen}
      data-status={item.status}
      data-urgent={item.urgent}
      onClick={(event) => onOpen(item, index, event)}
      onKeyDown={() => undefined}
    >
      <Cell className={classes.choose}>
        <Checkbox
          size="xs"
          tabIndex={-1}
          checked={chosen}
          aria-label={t('inbox.choose', { title: item.title })}
          onClick={(event) => {
            event.stopPropagation();
            onTick(item, index, event);
          }}
          onChange={() => undefined}
        />
      </Cell>
      <Cell className={classes.what}>
        <span className={classes.title}>
          {item.urgent && (
            <span className={classes.urgent} title={t('inbox.urgent')}>
              <UrgentIcon />
              <span className="cs-hidden">{t('inbox.urgent')}</span>
            </span>
          )}
          <span className={classes.text}>
            <Marked text={item.title} search={search} />
          </span>
          {item.documentCount > 1 && (
            <span className={classes.count}>{t('inbox.documents', { count: item.documentCount })}</span>
          )}
        </span>
        <span className={classes.from}>
          <span className={classes.sender}>
            <Marked text={item.senderName} search={search} />
          </span>
          {!compact &&
            item.tags.map((tag) => (
              <span key={tag} className={classes.tag}>
                <Marked text={tag} search={search} />
              </span>
            ))}
        </span>
      </Cell>
      <Cell className={classes.due}>
        <DueCell expiresAt={item.expiresAt} accountId={item.accountId} />
      </Cell>
      <Cell className={classes.status}>
        <StatusBadge status={item.status} />
      </Cell>
      <Cell className={classes.sync}>
        <SyncMark state={item.sync} />
      </Cell>
      <Cell className={classes.updated}>{formatDay(item.updatedAt, Date.now(), locale)}</Cell>
    </div>
  );
});

function Cell({ className, children }: { className: string | undefined; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the grid this cell is in
    // biome-ignore lint/a11y/useFocusableInteractive: the row has the focus
    <div role="gridcell" className={className}>
      {children}
    </div>
  );
}
