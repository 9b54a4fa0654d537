/** The two ports PDF bytes go through: random access in, append only out. */

export interface Source {
  /** Bytes in all; fixed for the source's life. */
  readonly size: number;
  /**
   * Exactly `length` bytes from `offset`.
   * @throws RangeError outside 0..size
   */
  read(offset: number, length: number): Promise<Uint8Array>;
}

export interface Sink {
  write(bytes: Uint8Array): Promise<void>;
}

/** A source over bytes in memory; reads are views, not copies. */
export function bufferSource(bytes: Uint8Array): Source {
  return {
    size: bytes.length,
    async read(offset, length) {
      if (offset < 0 || length < 0 || offset + length > bytes.length) throw new RangeError('read outside the source');
      return bytes.subarray(offset, offset + length);
    },
  };
}

/** Two sources end to end: a revision and the increment appended to it. */
export function concatSources(first: Source, second: Source): Source {
  return {
    size: first.size + second.size,
    async read(offset, length) {
      if (offset < 0 || length < 0 || offset + length > first.size + second.size) {
        throw new RangeError('read outside the source');
      }
      if (offset + length <= first.size) return first.read(offset, length);
      if (offset >= first.size) return second.read(offset - first.size, length);
      const head = await first.read(offset, first.size - offset);
      const tail = await second.read(0, length - head.length);
      const both = new Uint8Array(length);
      both.set(head);
      both.set(tail, head.length);
      return both;
    },
  };
}
