/** Pieces of a source that were read lately. */
import type { Source } from './source.ts';

export interface Blocks {
  /** Bytes from `index * blockBytes` on; fewer at the source's end. */
  block(index: number): Promise<Uint8Array>;
  /** Where it was read lately. */
  kept(index: number): Uint8Array | undefined;
}

/** @param most blocks kept; the one read first goes first */
export function keepBlocks(source: Source, blockBytes: number, most: number): Blocks {
  const blocks = new Map<number, Uint8Array>();
  return {
    async block(index) {
      const known = blocks.get(index);
      if (known) return known;
      const from = index * blockBytes;
      const read = await source.read(from, Math.min(blockBytes, source.size - from));
      const [oldest] = blocks.keys();
      if (blocks.size >= most && oldest !== undefined) blocks.delete(oldest);
      blocks.set(index, read);
      return read;
    },
    kept: (index) => blocks.get(index),
  };
}
