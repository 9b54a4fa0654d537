/** The document: its pages one below the other, only those in sight painted, with what belongs to looking at them. */
import { useMediaQuery } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type ReactNode,
  type Ref,
  useCallback,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import type { PercentBox } from '../../../preload/model.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { FindBar } from './find-bar.tsx';
import type { PdfBytes } from './pdf-bytes.ts';
import { PdfPage } from './pdf-page.tsx';
import classes from './pdf-view.module.css';
import { PrintNotice } from './print-notice.tsx';
import { Thumbnails } from './thumbnails.tsx';
import { useFind } from './use-find.ts';
import { type ShownPdf, usePdf } from './use-pdf.ts';
import { GAP_PX, useScale } from './use-scale.ts';
import { useViewKeys } from './use-view-keys.ts';
import { ViewTools } from './view-tools.tsx';
import { type Turn, turnBox } from './zoom.ts';

export interface PdfViewHandle {
  /** Brings a place into sight. */
  goTo(box: PercentBox): void;
  /** The page in the middle of the view, from 1. */
  page(): number;
  focus(): void;
}

interface PdfViewProps {
  readonly bytes: PdfBytes;
  /** What lies over a page. */
  readonly overlay?: (page: number, turn: Turn) => ReactNode;
  /** Pages with something for me to do. */
  readonly marked?: ReadonlySet<number>;
  /** More tools, at the end. */
  readonly tools?: ReactNode;
  readonly ref?: Ref<PdfViewHandle>;
  /** Once the first page has been painted, or cannot be. */
  readonly onPainted?: () => void;
}

const NONE: ReadonlySet<number> = new Set();

export function PdfView(props: PdfViewProps) {
  const { t } = useTranslation();
  const { loaded, onFirstPainted } = usePdf(props.bytes);
  // The same function for every render: another one would have the page painted anew.
  const tell = useRef(() => undefined as unknown);
  tell.current = () => {
    onFirstPainted();
    props.onPainted?.();
  };
  const painted = useCallback(() => void tell.current(), []);
  if (loaded.kind === 'failed') {
    return (
      <div className={classes.notice}>
        <ErrorNotice code={loaded.error.code} />
      </div>
    );
  }
  if (loaded.kind === 'loading') {
    return (
      <div className={classes.notice} aria-busy="true">
        {t('document.loading')}
      </div>
    );
  }
  return <Pages {...props} shown={loaded} onFirstPainted={painted} />;
}

interface PagesProps extends PdfViewProps {
  readonly shown: ShownPdf;
  readonly onFirstPainted: () => void;
}

function Pages({
  shown: { pdf, pageCount, first, whole },
  overlay,
  marked = NONE,
  tools,
  ref,
  onFirstPainted,
}: PagesProps) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLElement>(null);
  const view = useScale(first);
  const { scale, turn, sizeOf, heightOf } = view;
  const wide = useMediaQuery('(min-width: 72rem)', true, { getInitialValueInEffect: false });
  const [chosen, setThumbnails] = useState<boolean>();
  const thumbnails = chosen ?? wide;
  const [finding, setFinding] = useState(false);
  // One worker reads for all: until the first page is painted it reads for nothing else.
  const [isPainted, setPainted] = useState(false);
  const firstPainted = useCallback(() => {
    setPainted(true);
    onFirstPainted();
  }, [onFirstPainted]);
  const [printing, setPrinting] = useState(false);
  const findField = useRef<HTMLInputElement>(null);
  const find = useFind(pdf, whole);
  const pages = useVirtualizer({
    count: pageCount,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => Math.round(heightOf(index + 1)) + GAP_PX,
    paddingStart: GAP_PX,
    overscan: 1,
  });
  const { learn, area: measure } = view;
  const holdArea = useCallback(
    (element: HTMLElement | null) => {
      scroller.current = element;
      return measure(element);
    },
    [measure],
  );
  const onSize = useCallback(
    (page: number, size: Parameters<typeof learn>[1]) => {
      if (learn(page, size)) pages.measure();
    },
    [learn, pages],
  );

  const place = useRef(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a turn changes the pages' heights as the scale does
  useLayoutEffect(() => {
    const area = scroller.current;
    if (!area) return;
    pages.measure();
    // Zoom keeps the place: what was at the top stays there.
    area.scrollTop = place.current * scale;
    const keep = () => {
      place.current = area.scrollTop / scale;
    };
    area.addEventListener('scroll', keep, { passive: true });
    return () => area.removeEventListener('scroll', keep);
  }, [scale, turn, pages]);

  const inSight = pages.getVirtualItems();
  const middle = (pages.scrollOffset ?? 0) + (scroller.current?.clientHeight ?? 0) / 2;
  const current = (inSight.find(({ start, end }) => start <= middle && middle < end) ?? inSight[0])?.index ?? 0;
  // Where somebody is past the first page already, it is waited for no more.
  const free = isPainted || current > 0;
  const goTo = (page: number) => pages.scrollToIndex(page - 1, { align: 'start' });
  const goToBox = (box: PercentBox) => {
    const start = pages.getOffsetForIndex(box.page - 1, 'start')?.[0] ?? 0;
    const margin = (scroller.current?.clientHeight ?? 0) / 3;
    pages.scrollToOffset(Math.max(0, start + (turnBox(box, turn).y / 100) * heightOf(box.page) - margin));
  };
  useImperativeHandle(ref, () => ({
    goTo: goToBox,
    page: () => current + 1,
    focus: () => scroller.current?.focus(),
  }));

  const openFind = () => {
    setFinding(true);
    findField.current?.select();
  };
  const closeFind = () => {
    setFinding(false);
    find.setQuery('');
    scroller.current?.focus();
  };
  useViewKeys({
    zoom: view.setZoom,
    scale,
    find: openFind,
    print: () => setPrinting(true),
    page: (step) => goTo(Math.max(1, Math.min(pageCount, current + 1 + step))),
    findNext: (direction) => (finding ? find.step(direction) : openFind()),
  });

  const match = find.matches[find.current];
  const goToMatch = useRef(goTo);
  goToMatch.current = goTo;
  useEffect(() => {
    if (match) goToMatch.current(match.page);
  }, [match]);

  return (
    <div className={classes.view}>
      <ViewTools
        page={current + 1}
        pages={pageCount}
        scale={scale}
        zoom={view.zoom}
        thumbnails={thumbnails}
        finding={finding}
        onPage={goTo}
        onZoom={view.setZoom}
        onThumbnails={() => setThumbnails(!thumbnails)}
        onTurn={view.turnRight}
        onFind={() => (finding ? closeFind() : openFind())}
        onPrint={() => setPrinting(true)}
      >
        {tools}
      </ViewTools>
      <div className={classes.body}>
        {thumbnails && (
          <Thumbnails
            pdf={free ? pdf : undefined}
            whole={whole}
            pageCount={pageCount}
            current={current + 1}
            turn={turn}
            marked={marked}
            onPage={goTo}
          />
        )}
        <div className={classes.area}>
          {finding && <FindBar find={find} field={findField} onClose={closeFind} />}
          {printing && whole && <PrintNotice pdf={pdf} turn={turn} onDone={() => setPrinting(false)} />}
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled area must be reachable by keyboard */}
          <section ref={holdArea} className={classes.scroller} tabIndex={0} aria-label={t('document.pages')}>
            {view.measured && (
              <div className={classes.pages} style={{ height: pages.getTotalSize() }}>
                {inSight.map(({ index, start }) => (
                  <div key={index} className={classes.slot} style={{ transform: `translateY(${start}px)` }}>
                    <PdfPage
                      pdf={index === 0 || (whole && free) ? pdf : undefined}
                      page={index + 1}
                      scale={scale}
                      turn={turn}
                      expected={sizeOf(index + 1)}
                      onSize={onSize}
                      onPainted={index === 0 ? firstPainted : undefined}
                      onText={find.onText}
                    >
                      {overlay?.(index + 1, turn)}
                    </PdfPage>
                  </div>
                ))}
              </div>
            )}
          </section>
        </div>
      </div>
    </div>
  );
}
