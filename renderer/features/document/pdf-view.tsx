/** The document: its pages one below the other, only those in sight painted; page field, zoom, and the way to my signature. */
import { useElementSize } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { PDFDocumentProxy } from 'pdfjs-dist';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallError } from '../../bridge.ts';
import { useBridge } from '../../desk.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import type { PageMark } from './marks.ts';
import { PageMarks } from './page-marks.tsx';
import { type PageSize, PdfPage } from './pdf-page.tsx';
import { type DocumentBytes, openPdf } from './pdf-source.ts';
import classes from './pdf-view.module.css';
import { ViewTools } from './view-tools.tsx';
import { CSS_PX_PER_POINT, fitScale, type Zoom } from './zoom.ts';

const GAP_PX = 14;
const A4: PageSize = { width: 595, height: 842 };

interface PdfViewProps {
  readonly bytes: DocumentBytes;
  readonly marks: readonly PageMark[];
  readonly values: ReadonlyMap<string, string>;
  readonly onFill: (key: string, value: string) => void;
}

type Loaded =
  | { readonly kind: 'loading' }
  | { readonly kind: 'open'; readonly pdf: PDFDocumentProxy; readonly first: PageSize }
  | { readonly kind: 'failed'; readonly error: CallError };

function usePdf({ transactionId, documentId, sha256, sizeBytes }: DocumentBytes): Loaded {
  const bridge = useBridge();
  const [loaded, setLoaded] = useState<Loaded>({ kind: 'loading' });
  useEffect(() => {
    let wanted = true;
    const opened = openPdf(bridge, { transactionId, documentId, sha256, sizeBytes });
    const fail = (error: CallError) => wanted && setLoaded({ kind: 'failed', error });
    opened.failed.catch(fail);
    opened.pdf
      .then(async (pdf) => {
        const { width, height } = (await pdf.getPage(1)).getViewport({ scale: 1 });
        if (wanted) setLoaded({ kind: 'open', pdf, first: { width, height } });
      })
      .catch(fail);
    return () => {
      wanted = false;
      setLoaded({ kind: 'loading' });
      opened.close();
    };
  }, [bridge, transactionId, documentId, sha256, sizeBytes]);
  return loaded;
}

export function PdfView(props: PdfViewProps) {
  const { t } = useTranslation();
  const loaded = usePdf(props.bytes);
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
  return <Pages {...props} pdf={loaded.pdf} first={loaded.first} />;
}

function Pages({ pdf, first, marks, values, onFill }: PdfViewProps & { pdf: PDFDocumentProxy; first: PageSize }) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const { ref: measure, width } = useElementSize<HTMLDivElement>();
  const [zoom, setZoom] = useState<Zoom>('fit');
  const sizes = useRef(new Map<number, PageSize>());
  const [widest, setWidest] = useState(first.width);
  const scale = zoom === 'fit' ? fitScale(Math.max(200, width - 2 * GAP_PX), widest) : zoom;
  const pages = useVirtualizer({
    count: pdf.numPages,
    getScrollElement: () => scroller.current,
    estimateSize: (index) =>
      Math.round((sizes.current.get(index + 1) ?? first ?? A4).height * scale * CSS_PX_PER_POINT) + GAP_PX,
    paddingStart: GAP_PX,
    overscan: 1,
  });
  const onSize = useCallback(
    (page: number, size: PageSize) => {
      const known = sizes.current.get(page) ?? first;
      sizes.current.set(page, size);
      if (known.height !== size.height) pages.measure();
      setWidest((current) => Math.max(current, size.width));
    },
    [first, pages],
  );
  const place = useRef(0);
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
  }, [scale, pages]);

  const shown = pages.getVirtualItems();
  const middle = (pages.scrollOffset ?? 0) + (scroller.current?.clientHeight ?? 0) / 2;
  const current = (shown.find(({ start, end }) => start <= middle && middle < end) ?? shown[0])?.index ?? 0;
  const goTo = (page: number) => pages.scrollToIndex(page - 1, { align: 'start' });
  const goToMark = ({ box }: PageMark) => {
    const start = pages.getOffsetForIndex(box.page - 1, 'start')?.[0] ?? 0;
    const height = (sizes.current.get(box.page) ?? first).height * scale * CSS_PX_PER_POINT;
    const margin = (scroller.current?.clientHeight ?? 0) / 3;
    pages.scrollToOffset(Math.max(0, start + (box.y / 100) * height - margin));
  };
  const mine = marks.find(({ kind }) => kind === 'my-signature');

  return (
    <div className={classes.view}>
      <ViewTools
        page={current + 1}
        pages={pdf.numPages}
        scale={scale}
        fit={zoom === 'fit'}
        onPage={goTo}
        onZoom={setZoom}
        {...(mine ? { onMySignature: () => goToMark(mine) } : {})}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled area must be reachable by keyboard */}
      <section ref={scroller} className={classes.scroller} tabIndex={0} aria-label={t('document.pages')}>
        <div ref={measure}>
          <div className={classes.pages} style={{ height: pages.getTotalSize() }}>
            {shown.map(({ index, start }) => (
              <div key={index} className={classes.slot} style={{ transform: `translateY(${start}px)` }}>
                <PdfPage
                  pdf={pdf}
                  page={index + 1}
                  scale={scale}
                  expected={sizes.current.get(index + 1) ?? first}
                  onSize={onSize}
                >
                  <PageMarks
                    marks={marks.filter(({ box }) => box.page === index + 1)}
                    values={values}
                    onFill={onFill}
                  />
                </PdfPage>
              </div>
            ))}
          </div>
        </div>
      </section>
    </div>
  );
}
