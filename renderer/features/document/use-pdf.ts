/** A document as the view has it: first, of a large file, its first page alone; then the whole. */
import type { PDFDocumentProxy } from 'pdfjs-dist';
import { useEffect, useState } from 'react';
import type { CallError } from '../../bridge.ts';
import type { PdfBytes } from './pdf-bytes.ts';
import type { PageSize } from './pdf-page.tsx';
import { openPdf, openWhole, toCallError } from './pdf-source.ts';

/** pdf.js reads all cross-reference data before it shows anything; of a file smaller than this that takes no time. */
const LARGE_BYTES = 2 * 1024 * 1024;

/** Read at once: many small reads, one after the other as pdf.js finds what it needs, take longer. */
const SMALL_BYTES = 1024 * 1024;

export interface ShownPdf {
  readonly pdf: PDFDocumentProxy;
  readonly pageCount: number;
  readonly first: PageSize;
  /** False while only the first page is here. */
  readonly whole: boolean;
}

export type Loaded =
  | { readonly kind: 'loading' }
  | ({ readonly kind: 'open' } & ShownPdf)
  | { readonly kind: 'failed'; readonly error: CallError };

async function firstSize(pdf: PDFDocumentProxy): Promise<PageSize> {
  const { width, height } = (await pdf.getPage(1)).getViewport({ scale: 1 });
  return { width, height };
}

/** @param onFirstPainted to be called when the first page has been painted, or cannot be */
export function usePdf(bytes: PdfBytes): { readonly loaded: Loaded; readonly onFirstPainted: () => void } {
  const [loaded, setLoaded] = useState<{ readonly key: string; readonly at: Loaded }>();
  const [painted, setPainted] = useState(() => Promise.withResolvers<void>());

  useEffect(() => {
    let wanted = true;
    const show = (at: Loaded) => {
      if (wanted) setLoaded({ key: bytes.key, at });
    };
    const fail = (error: unknown) => show({ kind: 'failed', error: toCallError(error) });
    const firstPainted = Promise.withResolvers<void>();
    setPainted(firstPainted);
    const closers: (() => void)[] = [];

    async function showFirstPage(): Promise<void> {
      const { bytes: cut, pageCount = 1 } = await bytes.firstPage();
      if (!cut || !wanted) return;
      const opened = openWhole(cut);
      closers.push(opened.close);
      const pdf = await opened.pdf;
      show({ kind: 'open', pdf, pageCount, first: await firstSize(pdf), whole: false });
      // The whole would keep the worker busy: the first page is painted before.
      await firstPainted.promise;
    }
    async function showWhole(): Promise<void> {
      if (!wanted) return;
      const opened =
        bytes.sizeBytes <= SMALL_BYTES
          ? openWhole(await bytes.read(0, bytes.sizeBytes), bytes.password)
          : openPdf(bytes);
      closers.push(opened.close);
      opened.failed.catch(fail);
      const pdf = await opened.pdf;
      show({ kind: 'open', pdf, pageCount: pdf.numPages, first: await firstSize(pdf), whole: true });
    }

    const early = bytes.sizeBytes > LARGE_BYTES ? showFirstPage().catch(() => undefined) : Promise.resolve();
    early.then(showWhole).catch(fail);
    return () => {
      wanted = false;
      firstPainted.resolve();
      for (const close of closers) close();
    };
  }, [bytes]);

  return {
    loaded: loaded?.key === bytes.key ? loaded.at : { kind: 'loading' },
    onFirstPainted: () => painted.resolve(),
  };
}
