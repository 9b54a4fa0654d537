/**
 * A source whose single reads go by blocks that are kept for a while: a file's structure lies close together, and each trip to the disk costs
 * more than its bytes. Passes over the whole (`readInto`) go past the blocks.
 */
import { keepBlocks } from './blocks.ts';
import type { Source } from './source.ts';

const BLOCK_BYTES = 64 * 1024;
/** 2 MB in all. */
const KEPT_BLOCKS = 32;

/** @param source must not change while it is read */
export function blockSource(source: Source): Source {
  const { size, readInto } = source;
  const { block, kept } = keepBlocks(source, BLOCK_BYTES, KEPT_BLOCKS);

  function assertWithin(offset: number, length: number): void {
    if (offset < 0 || length < 0 || offset + length > size) throw new RangeError('read outside the source');
  }
  const indexOf = (offset: number) => Math.floor(offset / BLOCK_BYTES);
  const lastOf = (offset: number, length: number) => indexOf(Math.max(offset, offset + length - 1));

  async function read(offset: number, length: number): Promise<Uint8Array> {
    assertWithin(offset, length);
    const [first, last] = [indexOf(offset), lastOf(offset, length)];
    if (length > BLOCK_BYTES) return source.read(offset, length);
    const from = offset - first * BLOCK_BYTES;
    const head = await block(first);
    if (first === last) return head.subarray(from, from + length);
    return Buffer.concat([head.subarray(from), await block(last)]).subarray(0, length);
  }

  return {
    size,
    read,
    view(offset, length) {
      assertWithin(offset, length);
      const [first, last] = [indexOf(offset), lastOf(offset, length)];
      const from = offset - first * BLOCK_BYTES;
      return first === last ? kept(first)?.subarray(from, from + length) : undefined;
    },
    ...(readInto ? { readInto: (buffer: Uint8Array, offset: number) => readInto.call(source, buffer, offset) } : {}),
  };
}
