/** One page: painted when it comes into sight, its text selectable, marks drawn over it. */
import { type PDFDocumentProxy, type PDFPageProxy, TextLayer } from 'pdfjs-dist';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './pdf-page.module.css';
import { CSS_PX_PER_POINT, paintScale } from './zoom.ts';

export interface PageSize {
  /** Points, as displayed. */
  readonly width: number;
  readonly height: number;
}

interface PdfPageProps {
  readonly pdf: PDFDocumentProxy;
  readonly page: number;
  readonly scale: number;
  /** Until the page itself says how large it is. */
  readonly expected: PageSize;
  readonly onSize: (page: number, size: PageSize) => void;
  readonly children?: ReactNode;
}

function usePage(pdf: PDFDocumentProxy, page: number): PDFPageProxy | 'broken' | undefined {
  const [loaded, setLoaded] = useState<PDFPageProxy | 'broken'>();
  useEffect(() => {
    let wanted = true;
    pdf.getPage(page).then(
      (proxy) => wanted && setLoaded(proxy),
      () => wanted && setLoaded('broken'),
    );
    return () => {
      wanted = false;
    };
  }, [pdf, page]);
  return loaded;
}

export function PdfPage({ pdf, page, scale, expected, onSize, children }: PdfPageProps) {
  const { t } = useTranslation();
  const proxy = usePage(pdf, page);
  const canvas = useRef<HTMLCanvasElement>(null);
  const text = useRef<HTMLDivElement>(null);
  const [painted, setPainted] = useState(false);
  const loaded = proxy === 'broken' ? undefined : proxy;
  const natural = loaded?.getViewport({ scale: 1 }) ?? expected;
  const cssScale = scale * CSS_PX_PER_POINT;
  const width = Math.round(natural.width * cssScale);
  const height = Math.round(natural.height * cssScale);

  useEffect(() => {
    if (!loaded) return;
    const { width: w, height: h } = loaded.getViewport({ scale: 1 });
    onSize(page, { width: w, height: h });
  }, [loaded, page, onSize]);

  useEffect(() => {
    const target = canvas.current;
    if (!loaded || !target) return;
    const ratio = paintScale(width, height, window.devicePixelRatio);
    const viewport = loaded.getViewport({ scale: cssScale * ratio });
    target.width = Math.floor(viewport.width);
    target.height = Math.floor(viewport.height);
    const task = loaded.render({ canvas: target, viewport });
    task.promise.then(
      () => setPainted(true),
      () => undefined,
    );
    return () => task.cancel();
  }, [loaded, cssScale, width, height]);

  useEffect(() => {
    const container = text.current;
    if (!loaded || !container) return;
    const layer = new TextLayer({
      textContentSource: loaded.streamTextContent(),
      container,
      viewport: loaded.getViewport({ scale: cssScale }),
    });
    layer.render().catch(() => undefined);
    return () => {
      layer.cancel();
      container.replaceChildren();
    };
  }, [loaded, cssScale]);

  return (
    <section
      className={classes.page}
      style={{ width, height, ['--total-scale-factor' as string]: cssScale }}
      aria-label={t('document.page', { page })}
      data-page={page}
      data-painted={painted}
    >
      <canvas ref={canvas} className={classes.canvas} />
      <div ref={text} className={`textLayer ${classes.text}`} />
      {children}
      {proxy === 'broken' && <p className={classes.broken}>{t('document.pageBroken', { page })}</p>}
    </section>
  );
}
