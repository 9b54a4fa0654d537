/** The book of files the window has an id for. Bytes that came without a path lie in the store's runs, encrypted, until they are forgotten. */
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { FileView } from '../../preload/model.ts';
import { openFileSource } from '../platform/file-source.ts';
import { toFileName } from '../platform/save-path.ts';
import { startsMessage } from '../platform/signed-message.ts';
import type { EngineInput } from '../signing/index.ts';
import type { Store } from '../store/store.ts';
import { FilesError } from './files.ts';

export interface OpenFile {
  readonly view: FileView;
  readonly input: EngineInput;
  /** That opened it, once one did. */
  password: string | undefined;
}

interface Upload {
  readonly name: string;
  readonly sizeBytes: number;
  readonly runId: string;
  head: Uint8Array;
  got: number;
}

export interface OpenFilesDeps {
  readonly store: Pick<Store, 'createRun' | 'appendRun' | 'finishRun' | 'abandonRun' | 'readRevision' | 'markImage'>;
  readonly newId: () => string;
}

const MAX_FILES = 20_000;
const MAX_UPLOAD_BYTES = 2 * 1024 * 1024 * 1024;
const HEAD_BYTES = 1024;

/** By the first bytes: a signed message, a PDF in it or not; a PDF's header may have something before it (ISO 32000-2, 7.5.2). */
function kindOf(head: Uint8Array): FileView['kind'] {
  if (startsMessage(head)) return 'cms';
  return Buffer.from(head).toString('latin1').includes('%PDF-') ? 'pdf' : 'other';
}

const isPdfName = (name: string) => /\.pdf$/i.test(name);

/** The PDFs of a folder by name, not those in folders of it. */
export async function pdfsIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile() && isPdfName(entry.name)).map(({ name }) => name);
  return names.sort().map((name) => join(folder, name));
}

export function createOpenFiles({ store, newId }: OpenFilesDeps) {
  const files = new Map<string, OpenFile>();
  const uploads = new Map<string, Upload>();

  function keep(view: Omit<FileView, 'id'>, input: EngineInput): FileView {
    if (files.size >= MAX_FILES) throw new FilesError('limit');
    const id = newId();
    files.set(id, { view: { id, ...view }, input, password: undefined });
    return { id, ...view };
  }

  async function addPath(path: string): Promise<FileView[]> {
    const source = await openFileSource(path).catch(() => undefined);
    if (!source) return [];
    try {
      const head = await source.read(0, Math.min(source.size, HEAD_BYTES));
      const view = { name: basename(path), folder: basename(dirname(path)), sizeBytes: source.size };
      return [keep({ ...view, kind: kindOf(head) }, { kind: 'path', path })];
    } catch (error) {
      if (error instanceof FilesError) throw error;
      return [];
    } finally {
      await source.close();
    }
  }

  function uploadOf(uploadId: string): Upload {
    const upload = uploads.get(uploadId);
    if (!upload) throw new FilesError('not-found');
    return upload;
  }

  function get(fileId: string): OpenFile {
    const file = files.get(fileId);
    if (!file) throw new FilesError('not-found');
    return file;
  }

  async function drop(fileId: string): Promise<void> {
    const file = files.get(fileId);
    files.delete(fileId);
    if (file?.input.kind !== 'revision') return;
    for (const { runId } of file.input.revision.runs) await store.abandonRun(runId);
  }

  return {
    get,
    /** A file of ours at a path; `password` opens it, where it needs one. */
    async addMade(path: string, password: string | undefined): Promise<FileView | undefined> {
      const [view] = await addPath(path);
      if (view) get(view.id).password = password;
      return view;
    },
    async add(paths: readonly string[]): Promise<FileView[]> {
      const added: FileView[] = [];
      for (const path of paths) {
        const inside = await pdfsIn(path).catch(() => undefined);
        for (const one of inside ?? [path]) added.push(...(await addPath(one)));
      }
      return added;
    },
    async receive(name: string, sizeBytes: number) {
      if (sizeBytes > MAX_UPLOAD_BYTES || files.size + uploads.size >= MAX_FILES) throw new FilesError('limit');
      const uploadId = newId();
      const runId = await store.createRun();
      uploads.set(uploadId, { name: toFileName(name), sizeBytes, runId, head: new Uint8Array(0), got: 0 });
      return { uploadId };
    },
    async append(uploadId: string, bytes: Uint8Array) {
      const upload = uploadOf(uploadId);
      if (upload.got + bytes.length > upload.sizeBytes) throw new FilesError('limit');
      upload.got += bytes.length;
      if (upload.head.length < HEAD_BYTES) {
        upload.head = Buffer.concat([upload.head, bytes.subarray(0, HEAD_BYTES - upload.head.length)]);
      }
      await store.appendRun(upload.runId, bytes);
    },
    async received(uploadId: string): Promise<FileView> {
      const { name, sizeBytes, runId, head, got } = uploadOf(uploadId);
      uploads.delete(uploadId);
      if (got !== sizeBytes) {
        await store.abandonRun(runId);
        throw new FilesError('bad-size');
      }
      const { sha256 } = await store.finishRun(runId);
      const revision = { sha256, sizeBytes, runs: [{ runId, sizeBytes }] };
      return keep({ name, sizeBytes, kind: kindOf(head) }, { kind: 'revision', revision, name });
    },
    async forget(fileIds: readonly string[]) {
      for (const fileId of fileIds) await drop(fileId);
    },
    async read(fileId: string, offset: number, length: number): Promise<Uint8Array> {
      const { input, view } = get(fileId);
      const wanted = Math.max(0, Math.min(length, view.sizeBytes - offset));
      if (input.kind === 'revision') return store.readRevision(input.revision, offset, wanted);
      const source = await openFileSource(input.path);
      try {
        return await source.read(offset, wanted);
      } catch (error) {
        // Another size than when it was chosen: the bytes asked for are not those that were meant.
        if (error instanceof RangeError) throw new FilesError('not-found', error);
        throw error;
      } finally {
        await source.close();
      }
    },
    async close() {
      for (const { runId } of uploads.values()) await store.abandonRun(runId).catch(() => undefined);
      uploads.clear();
      for (const fileId of [...files.keys()]) await drop(fileId).catch(() => undefined);
    },
  };
}
export type OpenFiles = ReturnType<typeof createOpenFiles>;
