/** Hands files that were dropped or picked to the desk: by their paths where the host knows them, else their bytes piece by piece. */
import type { FileView } from '../preload/model.ts';
import { ask, type Bridge, CallError } from './bridge.ts';

const PIECE_BYTES = 512 * 1024;

/** What is needed of the browser's File. */
export type GivenFile = Pick<File, 'name' | 'size' | 'slice'>;

async function send(bridge: Bridge, file: GivenFile): Promise<FileView> {
  const { uploadId } = await ask(bridge, 'files.receive', { name: file.name || 'document', sizeBytes: file.size });
  for (let at = 0; at < file.size; at += PIECE_BYTES) {
    const bytes = new Uint8Array(await file.slice(at, at + PIECE_BYTES).arrayBuffer());
    await ask(bridge, 'files.append', { uploadId, bytes });
  }
  return ask(bridge, 'files.received', { uploadId });
}

/**
 * @param told after each file, where their bytes have to be sent
 * @throws CallError limit, storage, bad-size
 */
export async function addLocalFiles(
  bridge: Bridge,
  files: readonly GivenFile[],
  told: (view: FileView) => void = () => undefined,
): Promise<FileView[]> {
  if (bridge.addFiles) {
    const reply = await bridge.addFiles(files);
    if (!reply.ok) throw new CallError(reply.error);
    return reply.value.files;
  }
  const views: FileView[] = [];
  for (const file of files) {
    const view = await send(bridge, file);
    views.push(view);
    told(view);
  }
  return views;
}
