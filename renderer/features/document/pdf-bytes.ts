/** Where a viewer's bytes come from: a document of the inbox or a file of the person's own, both over the bridge. */
import type { FileView, FirstPage } from '../../../preload/model.ts';
import { ask, type Bridge } from '../../bridge.ts';
import { cutRange, joinPieces } from './byte-ranges.ts';

/** pdf.js joins neighbouring chunks into one request; a call carries no more than this. */
const READ_BYTES = 256 * 1024;

export interface PdfBytes {
  /** The same for the same bytes. */
  readonly key: string;
  readonly sizeBytes: number;
  /** Opens an encrypted file. */
  readonly password?: string;
  /** Bytes from `begin` (inclusive) to `end` (exclusive). @throws CallError */
  read(begin: number, end: number): Promise<Uint8Array>;
  /** The first page as a PDF of its own; see documents.firstPage. @throws CallError */
  firstPage(): Promise<FirstPage>;
}

type ReadPiece = (offset: number, length: number) => Promise<Uint8Array>;

async function readAll(readPiece: ReadPiece, begin: number, end: number): Promise<Uint8Array> {
  const pieces = cutRange(begin, end, READ_BYTES);
  return joinPieces(pieces, await Promise.all(pieces.map(({ offset, length }) => readPiece(offset, length))));
}

export interface DocumentRef {
  readonly transactionId: string;
  readonly documentId: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

export function documentBytes(bridge: Bridge, { sizeBytes, ...ref }: DocumentRef): PdfBytes {
  return {
    key: `${ref.transactionId}/${ref.documentId}/${ref.sha256}`,
    sizeBytes,
    read: (begin, end) =>
      readAll((offset, length) => ask(bridge, 'documents.read', { ...ref, offset, length }), begin, end),
    firstPage: () => ask(bridge, 'documents.firstPage', ref),
  };
}

/** @param password opens an encrypted file in the viewer; the desk keeps it with the file by itself */
export function fileBytes(
  bridge: Bridge,
  { id, sizeBytes }: Pick<FileView, 'id' | 'sizeBytes'>,
  password: string | undefined,
): PdfBytes {
  const fileId = id;
  return {
    key: `file/${fileId}`,
    sizeBytes,
    ...(password === undefined ? {} : { password }),
    read: (begin, end) =>
      readAll((offset, length) => ask(bridge, 'files.read', { fileId, offset, length }), begin, end),
    firstPage: () => ask(bridge, 'files.firstPage', { fileId }),
  };
}
