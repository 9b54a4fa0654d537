/** Small pictures of the pages beside the document; only those in sight are painted. */
import { useVirtualizer } from '@tanstack/react-virtual';
import type { PDFDocumentProxy } from 'pdfjs-dist';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePage, viewportOf } from './pdf-page.tsx';
import classes from './thumbnails.module.css';
import type { Turn } from './zoom.ts';

const WIDTH_PX = 92;
const ROW_PX = 152;
const MAX_HEIGHT_PX = 122;

interface ThumbnailsProps {
  /** Undefined while the first page itself is not painted. */
  readonly pdf: PDFDocumentProxy | undefined;
  readonly whole: boolean;
  readonly pageCount: number;
  readonly current: number;
  readonly turn: Turn;
  /** Pages with something for me to do. */
  readonly marked: ReadonlySet<number>;
  readonly onPage: (page: number) => void;
}

export function Thumbnails({ pdf, whole, pageCount, current, turn, marked, onPage }: ThumbnailsProps) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: pageCount,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 2,
  });
  const last = useRef(0);
  useEffect(() => {
    if (last.current !== current) rows.scrollToIndex(current - 1, { align: 'auto' });
    last.current = current;
  }, [current, rows]);
  return (
    <nav className={classes.rail} ref={scroller} aria-label={t('document.thumbnails')}>
      <div className={classes.rows} style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => (
          <button
            key={index}
            type="button"
            className={classes.thumbnail}
            style={{ transform: `translateY(${start}px)` }}
            aria-current={index + 1 === current ? 'page' : undefined}
            aria-label={t('document.page', { page: index + 1 })}
            tabIndex={index + 1 === current ? 0 : -1}
            onClick={() => onPage(index + 1)}
            onKeyDown={(event) => {
              const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
              const next = index + 1 + step;
              if (step === 0 || next < 1 || next > pageCount) return;
              event.preventDefault();
              onPage(next);
              rows.scrollToIndex(next - 1, { align: 'auto' });
              const sibling = step === 1 ? 'nextElementSibling' : 'previousElementSibling';
              (event.currentTarget[sibling] as HTMLElement | null)?.focus();
            }}
          >
            <Picture pdf={whole || index === 0 ? pdf : undefined} page={index + 1} turn={turn} />
            <span className={classes.number} data-marked={marked.has(index + 1)}>
              {index + 1}
            </span>
          </button>
        ))}
      </div>
    </nav>
  );
}

function Picture({ pdf, page, turn }: { pdf: PDFDocumentProxy | undefined; page: number; turn: Turn }) {
  const proxy = usePage(pdf, page);
  const holder = useRef<HTMLSpanElement>(null);
  const [size, setSize] = useState({ width: WIDTH_PX * 0.8, height: MAX_HEIGHT_PX * 0.9 });
  useEffect(() => {
    if (!proxy || proxy === 'broken' || !holder.current) return;
    const natural = viewportOf(proxy, 1, turn);
    const scale = Math.min(WIDTH_PX / natural.width, MAX_HEIGHT_PX / natural.height);
    const ratio = window.devicePixelRatio;
    const viewport = viewportOf(proxy, scale * ratio, turn);
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.floor(viewport.width));
    canvas.height = Math.max(1, Math.floor(viewport.height));
    const task = proxy.render({ canvas, viewport });
    task.promise.then(
      () => {
        setSize({ width: natural.width * scale, height: natural.height * scale });
        holder.current?.replaceChildren(canvas);
      },
      () => undefined,
    );
    return () => task.cancel();
  }, [proxy, turn]);
  return <span ref={holder} className={classes.picture} style={size} />;
}
