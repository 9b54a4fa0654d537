/** Bytes of a source in order, a chunk at a time, in constant memory. */
import type { Source } from './source.ts';

/** Chunks of 1 MB and more are read no faster, and unevenly. */
const CHUNK_BYTES = 256 * 1024;
/** One that is used, one that is read, one that may still be on its way out. */
const BUFFERS = 3;

/**
 * Calls `take` with the bytes of [from, to) in order; while it works the next chunk is on its way. A promise it returns is waited for
 * before the next call; the bytes are its own until then, not longer.
 * @throws whatever the source or `take` throws
 */
export async function eachChunk(
  source: Source,
  from: number,
  to: number,
  take: (bytes: Uint8Array) => Promise<void> | void,
): Promise<void> {
  const buffers: Uint8Array[] = [];
  async function read(at: number, turn: number): Promise<Uint8Array> {
    const length = Math.min(CHUNK_BYTES, to - at);
    if (!source.readInto) return source.read(at, length);
    const kept = buffers[turn] ?? new Uint8Array(Math.min(CHUNK_BYTES, to - from));
    buffers[turn] = kept;
    const buffer = kept.subarray(0, length);
    await source.readInto(buffer, at);
    return buffer;
  }
  let next = from < to ? read(from, 0) : undefined;
  let taking: Promise<void> | undefined;
  for (let at = from, turn = 0; next !== undefined; at += CHUNK_BYTES) {
    const bytes: Uint8Array = await next;
    turn = (turn + 1) % BUFFERS;
    next = at + CHUNK_BYTES < to ? read(at + CHUNK_BYTES, turn) : undefined;
    // Awaited above unless `take` fails first: then its failure is nobody's.
    next?.catch(() => undefined);
    await taking;
    taking = take(bytes) ?? undefined;
    taking?.catch(() => undefined);
  }
  await taking;
}
