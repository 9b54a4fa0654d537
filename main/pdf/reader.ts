/** Random access over a Source with a small cache of blocks, and windows for the parser that grow until the object fits. */
import { keepBlocks } from './blocks.ts';
import { PdfError } from './errors.ts';
import { limits, type Spend } from './limits.ts';
import { type IndirectObject, type Parser, parse, WindowEnd } from './parser.ts';
import type { Source } from './source.ts';

const BLOCK_BYTES = 8 * 1024;
const CACHED_BLOCKS = 128;
/** Holds most signature dictionaries, /Contents included: what ends behind the window is parsed again from its start. */
const FIRST_WINDOW_BYTES = 4 * 1024;
/** Where bytes are in memory a window costs nothing, one that is too short does. */
const VIEWED_WINDOW_BYTES = 64 * 1024;
/** So far past an object's end its parser may have looked. */
const LOOKED_AHEAD_BYTES = 8;

export interface Reader {
  readonly size: number;
  readonly spend: Spend;
  /** Fewer bytes than asked for only at the end of the file; none past it. */
  bytes(offset: number, length: number): Promise<Uint8Array>;
  /** Runs `take` on a parser at `offset`, again on a longer window where the first was too short: it must have no side effects. */
  parseAt<T>(offset: number, take: (parser: Parser, window: Uint8Array) => T): Promise<T>;
  /** The indirect object at `offset`, parsed once; what it costs is spent each time. */
  indirectAt(offset: number): Promise<IndirectObject>;
  /** As `indirectAt` where it was parsed before from bytes that end before the source does; they alone made it what it is. */
  parsedAt(offset: number): ParsedObject | undefined;
}

export interface ParsedObject {
  readonly object: IndirectObject;
  readonly bytes: number;
  readonly values: number;
}

const KEPT_OBJECTS = 1024;
const KEPT_OBJECT_BYTES = 64 * 1024;

/** @param prefix reads the same bytes as far as it goes: what it has parsed is not parsed again */
export function openReader(source: Source, spend: Spend, prefix?: Reader): Reader {
  const { size } = source;
  const kept = new Map<number, ParsedObject>();
  const { block } = keepBlocks(source, BLOCK_BYTES, CACHED_BLOCKS);
  const firstWindow = source.view ? VIEWED_WINDOW_BYTES : FIRST_WINDOW_BYTES;

  async function bytes(offset: number, length: number): Promise<Uint8Array> {
    const end = Math.min(size, offset + length);
    if (offset < 0 || end <= offset) return new Uint8Array(0);
    const inMemory = source.view?.(offset, end - offset);
    if (inMemory) return inMemory;
    const first = Math.floor(offset / BLOCK_BYTES);
    const last = Math.floor((end - 1) / BLOCK_BYTES);
    if (last - first > 3) return source.read(offset, end - offset);
    const base = first * BLOCK_BYTES;
    const head = await block(first);
    if (first === last) return head.subarray(offset - base, end - base);
    const run = [head];
    for (let index = first + 1; index <= last; index++) run.push(await block(index));
    return Buffer.concat(run).subarray(offset - base, end - base);
  }

  async function parseAt<T>(offset: number, take: (parser: Parser, window: Uint8Array) => T): Promise<T> {
    if (offset >= size) throw new PdfError('damaged', 'offset past the end');
    for (let length = firstWindow; ; length *= 4) {
      const window = await bytes(offset, length);
      try {
        const parser = parse({ bytes: window, base: offset, last: offset + window.length >= size });
        const taken = take(parser, window);
        spend('parsed', parser.position());
        spend('values', parser.values());
        return taken;
      } catch (error) {
        if (!(error instanceof WindowEnd)) throw error;
        spend('parsed', window.length);
        if (length >= limits.objectBytes) throw new PdfError('limit', 'object');
      }
    }
  }

  const parsedAt = (offset: number) => kept.get(offset) ?? prefix?.parsedAt(offset);

  async function indirectAt(offset: number): Promise<IndirectObject> {
    const known = parsedAt(offset);
    if (known) {
      spend('parsed', known.bytes);
      spend('values', known.values);
      return known.object;
    }
    const parsed = await parseAt(offset, (parser) => {
      const object = parser.indirect();
      return { object, bytes: parser.position(), values: parser.values() };
    });
    const isAtEnd = offset + parsed.bytes + LOOKED_AHEAD_BYTES > size;
    if (!isAtEnd && parsed.bytes <= KEPT_OBJECT_BYTES) {
      if (kept.size >= KEPT_OBJECTS) kept.clear();
      kept.set(offset, parsed);
    }
    return parsed.object;
  }

  return { size, spend, bytes, parseAt, indirectAt, parsedAt };
}
