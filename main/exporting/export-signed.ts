/**
 * Writes signed files into one zip (PKWARE APPNOTE 6.3.10, stored: a PDF is compressed already), streaming out of the encrypted
 * revisions: no file is in memory as a whole, and nothing but the zip is written. The zip is put in its place when it is whole.
 */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { writeAll, writeWhole } from '../platform/file-source.ts';
import { type RevisionRef, type Store, StoreError } from '../store/store.ts';
import { type SignedFile, signedFiles } from './signed-files.ts';

const CHUNK_BYTES = 512 * 1024;

export interface ExportOptions {
  readonly path: string;
  /** These transactions; every one with bytes here (or, with `fetch`, every one there is) where there are none given. */
  readonly transactionIds: readonly string[] | undefined;
  readonly fetch: ((transactionId: string, documentId: string) => Promise<void>) | undefined;
  readonly progress: (done: { files: number; bytes: number }) => void;
  readonly signal: AbortSignal;
}

export class ExportError extends Error {
  readonly code: 'nothing-to-export';
  constructor(code: ExportError['code']) {
    super(`export: ${code}`);
    this.name = 'ExportError';
    this.code = code;
  }
}

export interface Exported {
  readonly files: number;
  readonly bytes: number;
  /** Signed documents whose bytes are not here. */
  readonly missing: number;
  /** Files left out because what is stored of them is damaged. */
  readonly damaged: number;
}

const PAGE = 500;

async function* everyTransaction(store: Store): AsyncGenerator<string> {
  for (let offset = 0; ; offset += PAGE) {
    const { items } = await store.inbox({ view: 'all', offset, limit: PAGE });
    for (const { id } of items) yield id;
    if (items.length < PAGE) return;
  }
}

async function* storedTransactions(store: Store): AsyncGenerator<string> {
  yield* await store.transactionsWithBytes();
}

/** The revision's bytes; what comes out is what its hash says, or the stream ends with StoreError damaged. */
async function* bytesOf(store: Store, revision: RevisionRef, signal: AbortSignal) {
  const { sha256, sizeBytes } = revision;
  const hash = createHash('sha256');
  for (let at = 0; at < sizeBytes; at += CHUNK_BYTES) {
    signal.throwIfAborted();
    const bytes = await store.readRevision(revision, at, Math.min(CHUNK_BYTES, sizeBytes - at));
    hash.update(bytes);
    yield bytes;
  }
  if (hash.digest('hex') !== sha256) throw new StoreError('damaged');
}

/** Whether the first and the last byte can be read: a lost file is left out, and the zip is made without it. */
async function isThere(store: Store, { revision }: SignedFile): Promise<boolean> {
  try {
    await store.readRevision(revision, 0, Math.min(1, revision.sizeBytes));
    await store.readRevision(revision, Math.max(0, revision.sizeBytes - 1), Math.min(1, revision.sizeBytes));
    return true;
  } catch (error) {
    if (error instanceof StoreError && error.code === 'damaged') return false;
    throw error;
  }
}

/**
 * @throws ExportError nothing-to-export; the signal's reason where it is aborted; StoreError; the system's error where the zip cannot be written. Nothing is left then.
 */
export function exportSigned(store: Store, options: ExportOptions): Promise<Exported> {
  const { path, transactionIds, fetch, progress, signal } = options;
  const exported = { files: 0, bytes: 0, missing: 0, damaged: 0 };
  const missing = (count: number) => {
    exported.missing += count;
  };
  const wanted = transactionIds ?? (fetch ? everyTransaction(store) : storedTransactions(store));
  return writeWhole(path, async (file) => {
    const zip = new ZipFile();
    const ended = new Promise<never>((_, reject) => zip.on('error', reject));
    ended.catch(() => undefined);
    const fill = async () => {
      for await (const one of signedFiles(store, wanted, { inFolders: transactionIds?.length !== 1, fetch, missing })) {
        signal.throwIfAborted();
        if (!(await isThere(store, one))) {
          exported.damaged += 1;
          continue;
        }
        await add(zip, store, one, signal);
        exported.files += 1;
        exported.bytes += one.revision.sizeBytes;
        progress({ files: exported.files, bytes: exported.bytes });
      }
      zip.end();
    };
    const drain = async () => {
      for await (const chunk of zip.outputStream) await writeAll(file, chunk as Uint8Array);
    };
    const filling = fill();
    // A failure while filling ends the stream that is being drained.
    filling.catch((error: Error) => (zip.outputStream as Readable).destroy(error));
    await Promise.race([Promise.all([filling, drain()]), ended]);
    if (exported.files === 0) throw new ExportError('nothing-to-export');
    return exported;
  });
}

/** Resolves when the file's bytes have gone into the zip: one revision is read at a time. */
function add(
  zip: ZipFile,
  store: Store,
  { name, revision, changedAt }: SignedFile,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream = Readable.from(bytesOf(store, revision, signal), { objectMode: false });
    stream.once('error', reject);
    stream.once('close', resolve);
    zip.addReadStream(stream, name, {
      mtime: new Date(changedAt),
      mode: 0o100600,
      compress: false,
      size: revision.sizeBytes,
    });
  });
}
