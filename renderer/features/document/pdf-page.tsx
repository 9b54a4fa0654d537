/** One page: painted when it comes into sight, its text selectable, marks drawn over it. */
import { type PDFDocumentProxy, type PDFPageProxy, TextLayer } from 'pdfjs-dist';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './pdf-page.module.css';
import { CSS_PX_PER_POINT, paintScale, type Turn, turnSize } from './zoom.ts';

export interface PageSize {
  /** Points, as displayed without a turn of the view. */
  readonly width: number;
  readonly height: number;
}

interface PdfPageProps {
  /** Undefined while this page of the document is not here. */
  readonly pdf: PDFDocumentProxy | undefined;
  readonly page: number;
  readonly scale: number;
  readonly turn: Turn;
  /** Until the page itself says how large it is. */
  readonly expected: PageSize;
  readonly onSize: (page: number, size: PageSize) => void;
  /** Once it is painted, or cannot be. */
  readonly onPainted?: (() => void) | undefined;
  /** The spans of the page's text, once they lie over it; undefined when they go. */
  readonly onText?: ((page: number, spans: readonly HTMLElement[] | undefined) => void) | undefined;
  readonly children?: ReactNode;
}

export function usePage(pdf: PDFDocumentProxy | undefined, page: number): PDFPageProxy | 'broken' | undefined {
  const [loaded, setLoaded] = useState<PDFPageProxy | 'broken'>();
  useEffect(() => {
    let wanted = true;
    pdf?.getPage(page).then(
      (proxy) => wanted && setLoaded(proxy),
      () => wanted && setLoaded('broken'),
    );
    return () => {
      wanted = false;
    };
  }, [pdf, page]);
  return loaded;
}

/** The page as the view shows it: its own turn and the view's. */
export function viewportOf(proxy: PDFPageProxy, scale: number, turn: Turn) {
  return proxy.getViewport({ scale, rotation: (proxy.rotate + turn) % 360 });
}

export function PdfPage({ pdf, page, scale, turn, expected, onSize, onPainted, onText, children }: PdfPageProps) {
  const { t } = useTranslation();
  const proxy = usePage(pdf, page);
  const picture = useRef<HTMLDivElement>(null);
  const text = useRef<HTMLDivElement>(null);
  const [painted, setPainted] = useState(false);
  const loaded = proxy === 'broken' ? undefined : proxy;
  const natural = loaded ? loaded.getViewport({ scale: 1 }) : expected;
  const shown = turnSize(natural, turn);
  const cssScale = scale * CSS_PX_PER_POINT;
  const width = Math.round(shown.width * cssScale);
  const height = Math.round(shown.height * cssScale);

  useEffect(() => {
    if (!loaded) return;
    const { width: w, height: h } = loaded.getViewport({ scale: 1 });
    onSize(page, { width: w, height: h });
  }, [loaded, page, onSize]);

  useEffect(() => {
    if (proxy === 'broken') onPainted?.();
  }, [proxy, onPainted]);

  useEffect(() => {
    const holder = picture.current;
    if (!loaded || !holder) return;
    const ratio = paintScale(width, height, window.devicePixelRatio);
    const viewport = viewportOf(loaded, cssScale * ratio, turn);
    const canvas = document.createElement('canvas');
    canvas.width = Math.floor(viewport.width);
    canvas.height = Math.floor(viewport.height);
    const task = loaded.render({ canvas, viewport });
    task.promise.then(
      () => {
        // What was painted before stays in sight until now.
        holder.replaceChildren(canvas);
        setPainted(true);
        onPainted?.();
      },
      () => undefined,
    );
    return () => task.cancel();
  }, [loaded, cssScale, width, height, turn, onPainted]);

  useEffect(() => {
    const container = text.current;
    // The worker paints first: the words are wanted a moment later.
    if (!loaded || !container || !painted) return;
    let wanted = true;
    const layer = new TextLayer({
      textContentSource: loaded.streamTextContent(),
      container,
      viewport: viewportOf(loaded, cssScale, turn),
    });
    layer.render().then(
      () => wanted && onText?.(page, layer.textDivs),
      () => undefined,
    );
    return () => {
      wanted = false;
      layer.cancel();
      onText?.(page, undefined);
      container.replaceChildren();
    };
  }, [loaded, cssScale, turn, page, onText, painted]);

  return (
    <section
      className={classes.page}
      style={{ width, height, ['--total-scale-factor' as string]: cssScale }}
      aria-label={t('document.page', { page })}
      data-page={page}
      data-painted={painted}
    >
      <div ref={picture} className={classes.picture} />
      <div ref={text} className={`textLayer ${classes.text}`} />
      {children}
      {proxy === 'broken' && <p className={classes.broken}>{t('document.pageBroken', { page })}</p>}
    </section>
  );
}
