/** The bytes of resources, by id: in memory, or one file each. Written as they arrive, hashed on the way. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, mkdirSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ContentRecord } from './records.ts';

export interface ContentStore {
  write(id: string, chunks: AsyncIterable<Uint8Array>): Promise<ContentRecord>;
  /** The bytes, or the first `length` of them. Fails, at once or while read, where the resource is not there. */
  stream(id: string, length?: number): Readable;
  remove(id: string): Promise<void>;
}

/** Passes chunks on while measuring them. */
function measuring() {
  const hash = createHash('sha256');
  const head: number[] = [];
  let size = 0;
  return {
    async *pass(chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        size += chunk.length;
        if (head.length < 5) head.push(...chunk.subarray(0, 5 - head.length));
        yield chunk;
      }
    },
    result: (): ContentRecord => ({
      size,
      sha256: hash.digest('hex'),
      kind: String.fromCharCode(...head) === '%PDF-' ? 'pdf' : 'other',
    }),
  };
}

export function memoryContents(): ContentStore {
  const kept = new Map<string, Buffer>();
  return {
    async write(id, chunks) {
      const measure = measuring();
      const parts: Uint8Array[] = [];
      for await (const chunk of measure.pass(chunks)) parts.push(chunk);
      kept.set(id, Buffer.concat(parts));
      return measure.result();
    },
    stream(id, length) {
      const bytes = kept.get(id);
      if (!bytes) throw new Error(`no content ${id}`);
      return Readable.from([bytes.subarray(0, length)], { objectMode: false });
    },
    async remove(id) {
      kept.delete(id);
    },
  };
}

/** One file per resource under `dir`/resources. */
export function folderContents(dir: string): ContentStore {
  const folder = join(dir, 'resources');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = (id: string) => join(folder, id);
  return {
    async write(id, chunks) {
      const measure = measuring();
      const arriving = `${path(id)}.new`;
      try {
        await pipeline(Readable.from(measure.pass(chunks)), createWriteStream(arriving, { mode: 0o600 }));
        await rename(arriving, path(id));
      } catch (error) {
        await rm(arriving, { force: true });
        throw error;
      }
      return measure.result();
    },
    stream: (id, length) =>
      length === 0
        ? Readable.from([], { objectMode: false })
        : createReadStream(path(id), length === undefined ? {} : { end: length - 1 }),
    remove: (id) => rm(path(id), { force: true }),
  };
}

/** Gathers a stream of bytes, as an array of their own and no Buffer. */
export async function gather(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return new Uint8Array(Buffer.concat(parts));
}
