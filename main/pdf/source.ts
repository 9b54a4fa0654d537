/** The two ports PDF bytes go through: random access in, append only out. */
import type { Hash } from 'node:crypto';

/** What a signature signs: [0, gapStart) and [gapEnd, end). */
export interface ByteRange {
  readonly gapStart: number;
  readonly gapEnd: number;
  readonly end: number;
}

/** Digests that come of a pass over the bytes which is made anyway, so that nobody reads them again. */
export interface SourceDigests {
  /** Hash states after the last byte, by algorithm; to be copied before use. */
  atEnd(algorithms: readonly string[]): Promise<ReadonlyMap<string, Hash>>;
  /** Undefined where the pass did not make it. */
  of(range: ByteRange, algorithm: string): Promise<Uint8Array | undefined>;
}

export interface Source {
  /** Bytes in all; fixed for the source's life. */
  readonly size: number;
  /**
   * Exactly `length` bytes from `offset`.
   * @throws RangeError outside 0..size
   */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** As `read`, at once and without a copy, where the bytes are in memory in one piece; else undefined. @throws RangeError outside 0..size */
  view?(offset: number, length: number): Uint8Array | undefined;
  /** Fills the buffer from `offset`: for those who read much and allocate once. @throws RangeError outside 0..size */
  readInto?(buffer: Uint8Array, offset: number): Promise<void>;
  readonly digests?: SourceDigests;
  /** A source whose bytes this one begins with: what was read of it holds here. */
  readonly prefix?: Source;
}

export interface Sink {
  write(bytes: Uint8Array): Promise<void>;
}

/** A source over bytes in memory; reads are views, not copies. */
export function bufferSource(bytes: Uint8Array): Source & Required<Pick<Source, 'view'>> {
  function view(offset: number, length: number): Uint8Array {
    if (offset < 0 || length < 0 || offset + length > bytes.length) throw new RangeError('read outside the source');
    return bytes.subarray(offset, offset + length);
  }
  return { size: bytes.length, view, read: async (offset, length) => view(offset, length) };
}

/** Of two sources end to end: the first one's pass goes on over the second. */
function joinedDigests(first: Source, second: Source, digests: SourceDigests): SourceDigests {
  async function continued(algorithm: string, from: number, to: number): Promise<Hash | undefined> {
    const state = (await digests.atEnd([algorithm])).get(algorithm)?.copy();
    if (state && to > from) state.update(await second.read(from, to - from));
    return state;
  }
  return {
    async atEnd(algorithms) {
      const states = new Map<string, Hash>();
      for (const algorithm of algorithms) {
        const state = await continued(algorithm, 0, second.size);
        if (state) states.set(algorithm, state);
      }
      return states;
    },
    async of({ gapStart, gapEnd, end }, algorithm) {
      if (end <= first.size) return digests.of({ gapStart, gapEnd, end }, algorithm);
      if (gapStart < first.size) return undefined;
      const state = await continued(algorithm, 0, gapStart - first.size);
      return state?.update(await second.read(gapEnd - first.size, end - gapEnd)).digest();
    },
  };
}

/** Two sources end to end: a revision and the increment appended to it. */
export function concatSources(first: Source, second: Source): Source {
  return {
    size: first.size + second.size,
    prefix: first,
    view(offset, length) {
      if (offset + length <= first.size) return first.view?.(offset, length);
      return offset >= first.size ? second.view?.(offset - first.size, length) : undefined;
    },
    ...(first.digests ? { digests: joinedDigests(first, second, first.digests) } : {}),
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
