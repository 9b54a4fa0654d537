/** The list itself: only the rows in sight exist, their pages are asked for as they come into sight; all of it by keyboard. */
import { useQueries } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../preload/contract.ts';
import type { InboxItem } from '../../../preload/model.ts';
import { ask, type CallError } from '../../bridge.ts';
import { callKey, useBridge, type useCall, useIsCalling } from '../../desk.tsx';
import { EmptyNotice } from '../../ui/empty-notice.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { canBeChosen, type InboxState, rowCommand, toggle } from './inbox-state.ts';
import classes from './item-list.module.css';
import { ItemRow } from './item-row.tsx';

const PAGE = 100;
const ROW_PX = 52;

interface ItemListProps {
  readonly state: InboxState;
  readonly first: ReturnType<typeof useCall<'inbox.list'>>;
  readonly onChange: (state: InboxState) => void;
  readonly onOpen: (transactionId: string) => void;
}

/** The rows of the pages in sight by their index. */
function usePages(state: InboxState, from: number, to: number): (index: number) => InboxItem | undefined {
  const bridge = useBridge();
  const { view, search, accountId } = state;
  const scope = { view, ...(search ? { search } : {}), ...(accountId === undefined ? {} : { accountId }) };
  const firstPage = Math.floor(from / PAGE);
  const pages = useQueries({
    queries: Array.from({ length: Math.floor(to / PAGE) - firstPage + 1 }, (_, i) => {
      const input = { ...scope, offset: (firstPage + i) * PAGE, limit: PAGE };
      return { queryKey: callKey('inbox.list', input), queryFn: () => ask(bridge, 'inbox.list', input) };
    }),
  });
  return (index) => {
    const page = pages[Math.floor(index / PAGE) - firstPage]?.data as CallOutput<'inbox.list'> | undefined;
    return page?.items[index % PAGE];
  };
}

export function ItemList(props: ItemListProps) {
  const { t } = useTranslation();
  const { state, first } = props;
  const syncing = useIsCalling('sync.now');
  if (first.isError) {
    const error: CallError = first.error;
    return (
      <div className={classes.notice}>
        <ErrorNotice code={error.code} onRetry={() => void first.refetch()} />
      </div>
    );
  }
  if (first.isPending) return <div className={classes.notice} aria-busy="true" />;
  if (first.data.total === 0) {
    if (syncing) return <EmptyNotice title={t('empty.syncing')} />;
    return state.search === '' ? (
      <EmptyNotice title={t(`empty.${state.view}`)} text={t('empty.text')} />
    ) : (
      <EmptyNotice title={t('empty.search', { search: state.search })} text={t('empty.searchText')} />
    );
  }
  return <Rows {...props} total={first.data.total} fallback={first.data.items} />;
}

function Rows({
  state,
  total,
  fallback,
  onChange,
  onOpen,
}: ItemListProps & { total: number; fallback: readonly InboxItem[] }) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const keyboard = useRef(false);
  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
  });
  const shown = rows.getVirtualItems();
  const paged = usePages(state, shown[0]?.index ?? 0, shown.at(-1)?.index ?? 0);
  const itemAt = (index: number) => paged(index) ?? fallback[index];
  const active = Math.min(state.active, total - 1);

  useEffect(() => {
    if (keyboard.current) rows.scrollToIndex(active);
  }, [active, rows]);
  // After every render: a row far away exists only some renders after it was scrolled to.
  useEffect(() => {
    const row = keyboard.current && scroller.current?.querySelector<HTMLElement>(`[data-index="${active}"]`);
    if (!row) return;
    keyboard.current = false;
    row.focus({ preventScroll: true });
  });

  function onKeyDown(event: KeyboardEvent) {
    if (event.target instanceof HTMLInputElement && event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? ROW_PX) / ROW_PX) - 1);
    const command = rowCommand(event.key, event.ctrlKey || event.metaKey, { active, total, page });
    if (!command) return;
    event.preventDefault();
    keyboard.current = true;
    const item = itemAt(active);
    if (command.kind === 'move') onChange({ ...state, active: command.to });
    else if (command.kind === 'all') {
      const seen = Array.from({ length: total }, (_, i) => itemAt(i)).filter((row) => row !== undefined);
      onChange({ ...state, chosen: new Set(seen.filter(canBeChosen).map((row) => row.id)) });
    } else if (item && command.kind === 'open') onOpen(item.id);
    else if (item && canBeChosen(item)) onChange(toggle(state, item.id));
  }

  return (
    <div ref={scroller} className={classes.scroller}>
      {/* biome-ignore lint/a11y/useSemanticElements: rows that exist only in sight cannot be a table */}
      <div
        role="grid"
        aria-label={t(`view.${state.view}`)}
        aria-rowcount={total}
        aria-multiselectable
        tabIndex={-1}
        className={classes.rows}
        style={{ height: rows.getTotalSize() }}
        onKeyDown={onKeyDown}
      >
        {shown.map(({ index, start, size }) => (
          <ItemRow
            key={index}
            item={itemAt(index)}
            index={index}
            top={start}
            height={size}
            search={state.search}
            active={index === active}
            chosen={state.chosen.has(itemAt(index)?.id ?? '')}
            onToggle={(item) => onChange({ ...toggle(state, item.id), active: index })}
            onOpen={(item) => {
              onChange({ ...state, active: index });
              onOpen(item.id);
            }}
          />
        ))}
      </div>
    </div>
  );
}
