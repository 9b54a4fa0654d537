/** The list itself: only the rows in sight exist, their pages are asked for as they come into sight; all of it by keyboard. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type MouseEvent, useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { InboxItem } from '../../../preload/model.ts';
import { useCall } from '../../desk.tsx';
import { useAnnounce } from '../../ui/announcer.tsx';
import { useStable } from '../../ui/use-stable.ts';
import { choose, chooseNone, type InboxState, rowCommand, scopeOf, toggle } from './inbox-state.ts';
import classes from './item-list.module.css';
import { ItemRow } from './item-row.tsx';
import { ListHead } from './list-head.tsx';
import { ListNotice } from './list-notice.tsx';
import { useHeldRow, useRowKeys } from './steady-rows.ts';
import { MOST_CHOSEN, usePages, useReadRange } from './use-pages.ts';

const ROW_PX = 52;
const COMPACT_ROW_PX = 32;

interface ItemListProps {
  readonly state: InboxState;
  readonly first: ReturnType<typeof useCall<'inbox.list'>>;
  readonly onChange: (state: InboxState) => void;
  readonly onOpen: (transactionId: string) => void;
}

export function ItemList(props: ItemListProps) {
  const { state, first } = props;
  // Counted to the end only after the first page is there: that may take longer than a key press.
  const scope = useMemo(() => scopeOf(state), [state]);
  const counted = useCall(
    'inbox.list',
    { ...scope, offset: 0, limit: 1, countAll: true },
    { enabled: first.data?.hasMore === true && !first.isPlaceholderData },
  );
  if (!first.data || first.data.total === 0)
    return <ListNotice state={state} first={first} onChange={props.onChange} />;
  const total = first.data.hasMore ? (counted.data?.total ?? first.data.total) : first.data.total;
  return <Rows {...props} total={total} fallback={first.data.items} isSettling={first.isPlaceholderData} />;
}

interface RowsProps extends ItemListProps {
  readonly total: number;
  readonly fallback: readonly InboxItem[];
  /** The rows are still those of what was asked for before. */
  readonly isSettling: boolean;
}

function Rows({ state, total, fallback, isSettling, onChange, onOpen }: RowsProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const compact = useCall('settings.get', {}).data?.compactList ?? false;
  const scope = useMemo(() => scopeOf(state), [state]);
  const scroller = useRef<HTMLDivElement>(null);
  // Coming back to the list, the keyboard goes to the row that was left.
  const keyboard = useRef(state.active > 0);
  const rowPx = compact ? COMPACT_ROW_PX : ROW_PX;
  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 6,
    initialOffset: Math.max(0, state.active - 3) * rowPx,
  });
  const shown = rows.getVirtualItems();
  const paged = usePages(scope, total, shown[0]?.index ?? 0, shown.at(-1)?.index ?? 0);
  const readRange = useReadRange(scope);
  const itemAt = (index: number) => paged(index) ?? fallback[index];
  const active = Math.min(state.active, total - 1);
  const idAt = (index: number) => itemAt(index)?.id;
  const keys = useRowKeys(
    shown.map(({ index }) => index),
    idAt,
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: rows are measured anew where they are of another height
  useEffect(() => {
    rows.measure();
  }, [rowPx, rows]);
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
  // A sync may move rows under whoever is at one of them: the keyboard stays with its transaction, and what is read stays where it is. At the top
  // of a list that nobody is at, what is new is shown. After the effect that moves the focus, which would move it to the place's new row.
  const list = { scope, total, isSettling, idAt };
  useHeldRow(list, active, state.opened, (to) => {
    const hasFocus = scroller.current?.contains(document.activeElement) === true;
    if (active === 0 && !hasFocus) return;
    keyboard.current = hasFocus;
    onChange({ ...state, active: to, ...(state.anchor === undefined ? {} : { anchor: state.anchor + to - active }) });
  });
  const top = rows.range?.startIndex ?? 0;
  useHeldRow(list, top, undefined, (to) => {
    if (scroller.current && scroller.current.scrollTop > 0) scroller.current.scrollTop += (to - top) * rowPx;
  });

  async function chooseRange(from: number, to: number, next: InboxState) {
    const items = await readRange(Math.min(from, to), Math.max(from, to));
    onChange(choose(next, items));
    const count = items.length;
    announce(count === MOST_CHOSEN ? t('inbox.chosenMost', { count }) : t('inbox.chosen', { count }));
  }
  const extendTo = (to: number) => {
    const anchor = state.anchor ?? active;
    void chooseRange(anchor, to, { ...state, active: to, anchor });
  };

  function openItem({ id }: InboxItem, index: number) {
    onChange({ ...state, active: index, opened: id });
    onOpen(id);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.target instanceof HTMLInputElement && !event.key.startsWith('Arrow') && event.key !== 'Escape') return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? rowPx) / rowPx) - 1);
    const modifiers = { mod: event.ctrlKey || event.metaKey, shift: event.shiftKey };
    const command = rowCommand(event.key, modifiers, { active, total, page });
    if (!command) return;
    const item = itemAt(active);
    if (command.kind === 'none' && state.chosen.size === 0) return;
    event.preventDefault();
    keyboard.current = true;
    switch (command.kind) {
      case 'move': {
        if (command.extend) return extendTo(command.to);
        const { anchor: _, ...rest } = state;
        return onChange({ ...rest, active: command.to });
      }
      case 'all':
        return void chooseRange(0, total - 1, state);
      case 'none':
        return onChange(chooseNone(state));
      case 'range':
        return extendTo(active);
      case 'open':
        return item && openItem(item, active);
      case 'toggle':
        return item && onChange({ ...toggle(state, item), anchor: active });
    }
  }

  const open = useStable((item: InboxItem, index: number, event: MouseEvent) => {
    if (event.shiftKey) {
      event.preventDefault();
      return extendTo(index);
    }
    if (event.ctrlKey || event.metaKey) return onChange({ ...toggle(state, item), active: index, anchor: index });
    openItem(item, index);
  });
  const tick = useStable((item: InboxItem, index: number, event: MouseEvent) => {
    if (event.shiftKey) return extendTo(index);
    onChange({ ...toggle(state, item), active: index, anchor: index });
  });
  return (
    <>
      <ListHead state={state} compact={compact} onChange={onChange} />
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
              key={keys.get(index)}
              item={itemAt(index)}
              index={index}
              top={start}
              height={size}
              compact={compact}
              search={state.search}
              active={index === active}
              chosen={state.chosen.has(itemAt(index)?.id ?? '')}
              onTick={tick}
              onOpen={open}
            />
          ))}
        </div>
      </div>
    </>
  );
}
