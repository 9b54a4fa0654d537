/** The step before a batch's PIN: every document on the screen, ticked or skipped; next and previous by keyboard. */
import { Button, Group, Text } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Suspense, useEffect, useEffectEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fetched } from '../../ui/fetched.tsx';
import { CheckIcon, DownIcon, PenIcon, UpIcon } from '../../ui/icons.tsx';
import type { Placing } from '../document/use-places.ts';
import classes from './batch-review.module.css';
import { countReview, type Decisions, decide, nextOpen, type ReviewItem, standingOf } from './review.ts';

export const ReviewedDocument = fetched(() => import('./reviewed-document.tsx'));

interface BatchReviewProps {
  readonly items: readonly ReviewItem[];
  readonly decisions: Decisions;
  /** Where my marks go, where the senders leave that free. */
  readonly placing: Placing;
  readonly onDecide: (decisions: Decisions) => void;
  /** Signs what is ticked. */
  readonly onDone: () => void;
}

export function BatchReview({ items, decisions, placing, onDecide, onDone }: BatchReviewProps) {
  const { t } = useTranslation();
  const [at, setAt] = useState(0);
  /** The bytes on the screen of the item that is shown, once they are painted. */
  const [shown, setShown] = useState<{ readonly key: string; readonly sha256: string }>();
  const tickButton = useRef<HTMLButtonElement>(null);
  const signButton = useRef<HTMLButtonElement>(null);
  const item = items[at];
  const sha256 = shown && shown.key === item?.key ? shown.sha256 : undefined;
  const standing = standingOf(item && decisions.get(item.key), sha256);
  const count = countReview(items, decisions);

  // Other bytes than those that were ticked are on the screen: the tick does not hold for them.
  const voidTick = useEffectEvent(() => {
    if (!item || standing !== 'void') return;
    const rest = new Map(decisions);
    rest.delete(item.key);
    onDecide(rest);
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked anew whenever other bytes are shown
  useEffect(() => voidTick(), [sha256, standing]);

  function move(to: number) {
    if (to >= 0 && to < items.length) setAt(to);
  }
  function settle(next: Decisions) {
    onDecide(next);
    const to = nextOpen(items, next, at);
    if (to === at || countReview(items, next).open === 0) signButton.current?.focus();
    else setAt(to);
  }
  const tick = () => {
    if (item && sha256 !== undefined) settle(decide(decisions, item.key, { kind: 'ticked', sha256 }));
  };
  const skip = () => {
    if (item) settle(decide(decisions, item.key, { kind: 'skipped' }));
  };

  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const ctrl = event.ctrlKey || event.metaKey;
    const pressed = event.target instanceof HTMLElement && event.target.closest('button, input, a, summary') !== null;
    if (ctrl && event.key === 'ArrowDown') move(at + 1);
    else if (ctrl && event.key === 'ArrowUp') move(at - 1);
    else if (event.key === 'Enter' && !pressed && !event.shiftKey) tick();
    else if (event.key === 'Enter' && event.shiftKey) skip();
    else return;
    event.preventDefault();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event);
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
  useEffect(() => tickButton.current?.focus(), []);

  return (
    <div className={classes.review}>
      <ReviewList items={items} decisions={decisions} at={at} onMove={move} />
      <section className={classes.document} aria-label={item?.title ?? ''}>
        {item && (
          <Suspense fallback={null}>
            <ReviewedDocument
              key={item.key}
              item={item}
              placing={placing}
              onSeen={(seen) => setShown({ key: item.key, sha256: seen })}
            />
          </Suspense>
        )}
      </section>
      <div className={classes.foot}>
        <Group gap="xs" wrap="nowrap">
          <Button
            variant="default"
            leftSection={<UpIcon />}
            disabled={at === 0}
            aria-keyshortcuts="Control+ArrowUp"
            onClick={() => move(at - 1)}
          >
            {t('review.previous')}
          </Button>
          <Button
            variant="default"
            leftSection={<DownIcon />}
            disabled={at >= items.length - 1}
            aria-keyshortcuts="Control+ArrowDown"
            onClick={() => move(at + 1)}
          >
            {t('review.next')}
          </Button>
        </Group>
        <Text size="sm" className={classes.count} role="status">
          {t('review.count', { at: at + 1, total: count.total, ticked: count.ticked, skipped: count.skipped })}
        </Text>
        <Group gap="xs" wrap="nowrap">
          <Button variant="default" aria-keyshortcuts="Shift+Enter" onClick={skip}>
            {t('review.skip')}
          </Button>
          <Button
            ref={tickButton}
            variant="light"
            leftSection={<CheckIcon />}
            // Stays where the keyboard is while the next document is being painted.
            aria-disabled={sha256 === undefined}
            data-ready={sha256 !== undefined}
            aria-keyshortcuts="Enter"
            onClick={tick}
          >
            {t('review.tick')}
          </Button>
          <Button ref={signButton} leftSection={<PenIcon />} disabled={count.ticked === 0} onClick={onDone}>
            {t('review.sign', { count: count.ticked })}
          </Button>
        </Group>
      </div>
    </div>
  );
}

interface ReviewListProps {
  readonly items: readonly ReviewItem[];
  readonly decisions: Decisions;
  readonly at: number;
  readonly onMove: (to: number) => void;
}

const ROW_PX = 44;

function ReviewList({ items, decisions, at, onMove }: ReviewListProps) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 6,
  });
  useEffect(() => rows.scrollToIndex(at, { align: 'auto' }), [at, rows]);
  return (
    <nav className={classes.list} ref={scroller} aria-label={t('review.list')}>
      <div className={classes.rows} style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const item = items[index];
          if (!item) return null;
          const standing = standingOf(decisions.get(item.key), undefined);
          return (
            <button
              key={item.key}
              type="button"
              className={classes.row}
              style={{ transform: `translateY(${start}px)` }}
              data-standing={standing}
              aria-current={index === at ? 'true' : undefined}
              onClick={() => onMove(index)}
            >
              <span className={classes.title}>{item.title}</span>
              <span className={classes.standing}>{t(`review.standing-${standing}`)}</span>
            </button>
          );
        })}
      </div>
    </nav>
  );
}
