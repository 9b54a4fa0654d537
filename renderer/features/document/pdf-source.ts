/**
 * Opens a document in pdf.js by range reads over the bridge: only the bytes a page needs are fetched. Scripts, forms' own
 * actions and links are not brought to life: pages are painted, nothing else.
 */
import {
  GlobalWorkerOptions,
  getDocument,
  PDFDataRangeTransport,
  type PDFDocumentProxy,
  PDFWorker,
  VerbosityLevel,
} from 'pdfjs-dist';
import workerUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url';
import { CallError } from '../../bridge.ts';
import type { PdfBytes } from './pdf-bytes.ts';

const CHUNK_BYTES = 64 * 1024;

GlobalWorkerOptions.workerSrc = workerUrl;

class BridgeRange extends PDFDataRangeTransport {
  readonly #read: PdfBytes['read'];
  readonly #fail: (error: unknown) => void;
  #isOver = false;

  constructor(bytes: PdfBytes, fail: (error: unknown) => void) {
    super(bytes.sizeBytes, null);
    this.#read = (begin, end) => bytes.read(begin, end);
    this.#fail = fail;
  }

  override requestDataRange(begin: number, end: number): void {
    this.#read(begin, end).then((part) => {
      // Nobody waits any more for bytes that come after the document was left: pdf.js takes them for a fault.
      if (!this.#isOver) this.onDataRange(begin, part);
    }, this.#fail);
  }

  override abort(): void {
    this.#isOver = true;
  }
}

let worker: PDFWorker | undefined;

/** One worker for every document of the window. */
function sharedWorker(): PDFWorker {
  if (!worker || worker.destroyed) worker = new PDFWorker({ verbosity: VerbosityLevel.ERRORS });
  return worker;
}

/** Codes beside those of the bytes' own calls: `pdf-password`, `not-a-pdf`. */
export function toCallError(error: unknown): CallError {
  if (error instanceof CallError) return error;
  const name = error instanceof Error ? error.name : '';
  const code = name === 'PasswordException' ? 'pdf-password' : 'not-a-pdf';
  return new CallError({ code, retryable: false, details: {} });
}

const asset = (folder: string) => new URL(`pdfjs/${folder}/`, document.baseURI).href;

/** No eval, no XFA, and nothing fetched from anywhere but the window’s own files. */
const common = () => ({
  worker: sharedWorker(),
  disableAutoFetch: true,
  disableStream: true,
  isEvalSupported: false,
  enableXfa: false,
  stopAtErrors: false,
  verbosity: VerbosityLevel.ERRORS,
  useWorkerFetch: true,
  cMapUrl: asset('cmaps'),
  cMapPacked: true,
  standardFontDataUrl: asset('standard_fonts'),
  iccUrl: asset('iccs'),
  wasmUrl: asset('wasm'),
});

export interface OpenedPdf {
  readonly pdf: Promise<PDFDocumentProxy>;
  /** Rejects with CallError when bytes stop coming; never resolves. */
  readonly failed: Promise<never>;
  close(): void;
}

export function openPdf(bytes: PdfBytes): OpenedPdf {
  const { promise: failed, reject } = Promise.withResolvers<never>();
  failed.catch(() => undefined);
  const range = new BridgeRange(bytes, (error) => reject(toCallError(error)));
  const { password } = bytes;
  const task = getDocument({
    ...common(),
    range,
    rangeChunkSize: CHUNK_BYTES,
    ...(password === undefined ? {} : { password }),
  });
  const pdf = Promise.race([task.promise, failed]).catch((error: unknown) => {
    throw toCallError(error);
  });
  return {
    pdf,
    failed,
    close() {
      range.abort();
      void task.destroy();
    },
  };
}

/** A small PDF that is here as a whole. */
export function openWhole(data: Uint8Array, password?: string): OpenedPdf {
  const task = getDocument({
    ...common(),
    data: new Uint8Array(data),
    ...(password === undefined ? {} : { password }),
  });
  return { pdf: task.promise, failed: new Promise(() => undefined), close: () => void task.destroy() };
}

/** One line of text in a standard font: opening it makes the worker ready for the first real document. */
const tiny = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 90 90]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj
4 0 obj<</Length 29>>stream
BT /F 9 Tf 9 9 Td (a) Tj ET  
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R/Size 6>>`;

/** Starts the worker and paints one small page into nowhere. */
export async function warmUp(): Promise<void> {
  const opened = openWhole(new TextEncoder().encode(tiny));
  try {
    const page = await (await opened.pdf).getPage(1);
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 90;
    await page.render({ canvas, viewport: page.getViewport({ scale: 1 }) }).promise;
  } finally {
    opened.close();
  }
}
