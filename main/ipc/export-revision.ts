/** Saves a revision as a file, where the person says. */
import { writeAll, writeWhole } from '../platform/file-source.ts';
import type { RevisionRef } from '../store/store.ts';
import type { Rooms } from './rooms.ts';

const COPY_CHUNK_BYTES = 512 * 1024;

/** `path` missing in the result: the person cancelled. @throws StoreError, or the error of the file system */
export async function exportRevision(
  { host, store, saved }: Pick<Rooms, 'host' | 'store' | 'saved'>,
  revision: RevisionRef,
  suggestedName: string,
  path: string | undefined,
): Promise<{ path?: string; savedId?: string; sha256: string }> {
  const chosen = path ?? (await host.chooseSavePath(suggestedName));
  if (chosen === undefined) return { sha256: revision.sha256 };
  await writeWhole(chosen, async (file) => {
    for (let at = 0; at < revision.sizeBytes; at += COPY_CHUNK_BYTES) {
      await writeAll(file, await store.readRevision(revision, at, Math.min(COPY_CHUNK_BYTES, revision.sizeBytes - at)));
    }
  });
  return { ...saved.add(chosen), sha256: revision.sha256 };
}
