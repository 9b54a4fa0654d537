/** Answers of authorities kept until they say they are over: in memory, or in a folder. What is kept is judged again when it is used. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface CachedAnswer {
  readonly bytes: Uint8Array;
  /** Epoch ms. */
  readonly fetchedAt: number;
  /** nextUpdate, epoch ms: from then on it is not given out. */
  readonly until: number;
}

export interface AnswerCache {
  /** Undefined where there is none, or it is over at `now` (epoch ms). */
  get(key: string, now: number): Promise<CachedAnswer | undefined>;
  put(key: string, answer: CachedAnswer): Promise<void>;
}

/** Past `maxBytes` the oldest go. */
export function createMemoryCache(maxBytes = 32 * 1024 * 1024): AnswerCache {
  const kept = new Map<string, CachedAnswer>();
  let size = 0;
  const drop = (key: string) => {
    size -= kept.get(key)?.bytes.length ?? 0;
    kept.delete(key);
  };
  return {
    async get(key, now) {
      const found = kept.get(key);
      if (found && found.until <= now) drop(key);
      return kept.get(key);
    },
    async put(key, answer) {
      drop(key);
      if (answer.bytes.length > maxBytes) return;
      kept.set(key, answer);
      size += answer.bytes.length;
      for (const oldest of kept.keys()) {
        if (size <= maxBytes) break;
        drop(oldest);
      }
    },
  };
}

/** fetchedAt and until, two doubles, then the answer. */
const HEADER_BYTES = 16;

async function readKept(path: string): Promise<CachedAnswer | undefined> {
  const file = await readFile(path).catch(() => undefined);
  if (!file || file.length <= HEADER_BYTES) return undefined;
  const [fetchedAt, until] = [file.readDoubleLE(0), file.readDoubleLE(8)];
  return Number.isFinite(fetchedAt) && Number.isFinite(until)
    ? { bytes: new Uint8Array(file.subarray(HEADER_BYTES)), fetchedAt, until }
    : undefined;
}

/** Removes the files written longest ago until the folder fits. */
async function trim(folder: string, maxBytes: number): Promise<void> {
  const files: { path: string; size: number; at: number }[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found) files.push({ path, size: found.size, at: found.mtimeMs });
  }
  let size = files.reduce((sum, file) => sum + file.size, 0);
  for (const file of files.sort((a, b) => a.at - b.at)) {
    if (size <= maxBytes) return;
    await rm(file.path, { force: true });
    size -= file.size;
  }
}

/**
 * A cache that outlives the process, one file an answer, named by the key's digest. A folder that cannot be written to keeps nothing and
 * fails nobody.
 */
export function createFolderCache(folder: string, maxBytes = 256 * 1024 * 1024): AnswerCache {
  const pathOf = (key: string) => join(folder, `${createHash('sha256').update(key).digest('hex')}.answer`);
  return {
    async get(key, now) {
      const path = pathOf(key);
      const found = await readKept(path);
      if (!found || found.until > now) return found;
      await rm(path, { force: true }).catch(() => undefined);
      return undefined;
    },
    async put(key, { bytes, fetchedAt, until }) {
      const header = Buffer.alloc(HEADER_BYTES);
      header.writeDoubleLE(fetchedAt, 0);
      header.writeDoubleLE(until, 8);
      const temporary = join(folder, `${randomUUID()}.part`);
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await writeFile(temporary, Buffer.concat([header, bytes]), { mode: 0o600 });
        await rename(temporary, pathOf(key));
        await trim(folder, maxBytes);
      } catch {
        await rm(temporary, { force: true }).catch(() => undefined);
      }
    },
  };
}
