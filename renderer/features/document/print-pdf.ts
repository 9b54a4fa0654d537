/** Prints a document: every page as a picture in a part of the window that only paper shows, then the system's dialog. */
import type { PDFDocumentProxy } from 'pdfjs-dist';
import { viewportOf } from './pdf-page.tsx';
import type { Turn } from './zoom.ts';

/** Sharp text on paper at a size that a hundred pages fit in. */
const PRINT_DPI = 150;
const POINTS_PER_INCH = 72;

export interface PrintOptions {
  readonly turn: Turn;
  readonly signal: AbortSignal;
  readonly onPage: (done: number) => void;
}

async function picture(pdf: PDFDocumentProxy, page: number, turn: Turn): Promise<{ url: string; landscape: boolean }> {
  const proxy = await pdf.getPage(page);
  const viewport = viewportOf(proxy, PRINT_DPI / POINTS_PER_INCH, turn);
  const canvas = document.createElement('canvas');
  canvas.width = Math.floor(viewport.width);
  canvas.height = Math.floor(viewport.height);
  await proxy.render({ canvas, viewport, intent: 'print' }).promise;
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error('a page could not be made a picture');
  return { url: URL.createObjectURL(blob), landscape: viewport.width > viewport.height };
}

/** Resolves when the dialog has been answered; an aborted one prints nothing. */
export async function printPdf(pdf: PDFDocumentProxy, { turn, signal, onPage }: PrintOptions): Promise<void> {
  const sheet = document.createElement('div');
  sheet.className = 'cs-print';
  const urls: string[] = [];
  try {
    for (let page = 1; page <= pdf.numPages; page++) {
      if (signal.aborted) return;
      const { url, landscape } = await picture(pdf, page, turn);
      urls.push(url);
      const image = document.createElement('img');
      image.alt = '';
      image.dataset.landscape = String(landscape);
      image.src = url;
      await image.decode();
      sheet.append(image);
      onPage(page);
    }
    if (signal.aborted) return;
    document.body.append(sheet);
    window.print();
  } finally {
    sheet.remove();
    for (const url of urls) URL.revokeObjectURL(url);
  }
}
