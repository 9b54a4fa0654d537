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
import { ask, type Bridge, CallError } from '../../bridge.ts';
import { cutRange, joinPieces } from './byte-ranges.ts';

const CHUNK_BYTES = 64 * 1024;
/** pdf.js joins neighbouring chunks into one request. */
const READ_BYTES = 256 * 1024;

GlobalWorkerOptions.workerSrc = workerUrl;

export interface DocumentBytes {
  readonly transactionId: string;
  readonly documentId: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

class BridgeRange extends PDFDataRangeTransport {
  readonly #read: (begin: number, end: number) => Promise<Uint8Array>;
  readonly #fail: (error: unknown) => void;

  constructor(
    sizeBytes: number,
    read: (begin: number, end: number) => Promise<Uint8Array>,
    fail: (e: unknown) => void,
  ) {
    super(sizeBytes, null);
    this.#read = read;
    this.#fail = fail;
  }

  override requestDataRange(begin: number, end: number): void {
    this.#read(begin, end).then((bytes) => this.onDataRange(begin, bytes), this.#fail);
  }
}

let worker: PDFWorker | undefined;

/** One worker for every document of the window; made before the first is asked for, it is warm by then. */
export function warmUp(): PDFWorker {
  if (!worker || worker.destroyed) worker = new PDFWorker({ verbosity: VerbosityLevel.ERRORS });
  return worker;
}

/** Codes beside those of documents.read: `pdf-password`, `not-a-pdf`. */
function toCallError(error: unknown): CallError {
  if (error instanceof CallError) return error;
  const name = error instanceof Error ? error.name : '';
  const code = name === 'PasswordException' ? 'pdf-password' : 'not-a-pdf';
  return new CallError({ code, retryable: false, details: {} });
}

export interface OpenedPdf {
  readonly pdf: Promise<PDFDocumentProxy>;
  /** Rejects with CallError when bytes stop coming; never resolves. */
  readonly failed: Promise<never>;
  close(): void;
}

export function openPdf(bridge: Bridge, { transactionId, documentId, sha256, sizeBytes }: DocumentBytes): OpenedPdf {
  const { promise: failed, reject } = Promise.withResolvers<never>();
  failed.catch(() => undefined);
  const read = async (begin: number, end: number) => {
    const pieces = cutRange(begin, end, READ_BYTES);
    const input = { transactionId, documentId, sha256 };
    const parts = await Promise.all(pieces.map((piece) => ask(bridge, 'documents.read', { ...input, ...piece })));
    return joinPieces(pieces, parts);
  };
  const asset = (folder: string) => new URL(`pdfjs/${folder}/`, document.baseURI).href;
  const task = getDocument({
    range: new BridgeRange(sizeBytes, read, (error) => reject(toCallError(error))),
    worker: warmUp(),
    rangeChunkSize: CHUNK_BYTES,
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
  const pdf = Promise.race([task.promise, failed]).catch((error: unknown) => {
    throw toCallError(error);
  });
  return { pdf, failed, close: () => void task.destroy() };
}
