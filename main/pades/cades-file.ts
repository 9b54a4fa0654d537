/**
 * A signed message where it lies (RFC 5652, 5.1): its content stays there, whatever its size; what stands before and behind it is read. A
 * message whose lengths are not given (BER) is read whole.
 */
import { bufferSource, type Source } from '../pdf/index.ts';
import { lengthAt } from './ber.ts';
import { type CadesMessage, messageParts, readCades, SIGNED_DATA } from './cades.ts';
import { readElement, readElements, tags } from './der.ts';
import { PadesError } from './prepared-signature.ts';

export interface OpenedCades {
  readonly message: Omit<CadesMessage, 'content'>;
  /** Undefined where it lies elsewhere. */
  readonly content: Source | undefined;
}

/** What is read whole: a detached message, or one with lengths not given. */
const MAX_WHOLE_BYTES = 256 * 1024 * 1024;
/** Enough for what stands before the content: a version and a few digest algorithms. */
const HEAD_BYTES = 4096;

/** Goes into and over elements whose end need not be at hand. */
class Walk {
  readonly #bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** @returns where the element's contents end; undefined where another one is there, or its length is not given */
  enter(tag: number): number | undefined {
    if (this.#bytes[this.at] !== tag) return undefined;
    const { start, length } = lengthAt(this.#bytes, this.at);
    this.at = start;
    return length === undefined ? undefined : start + length;
  }

  take(tag: number) {
    const found = readElement(this.#bytes, this.at);
    if (found?.tag !== tag) return undefined;
    this.at += found.raw.length;
    return found;
  }
}

/** Part of a source as one of its own. */
function partOf(source: Source, offset: number, size: number): Source {
  const within = (from: number, length: number) => {
    if (from < 0 || length < 0 || from + length > size) throw new RangeError('read outside the content');
    return offset + from;
  };
  const { readInto } = source;
  return {
    size,
    read: async (from, length) => source.read(within(from, length), length),
    ...(readInto
      ? { readInto: async (buffer: Uint8Array, from: number) => readInto(buffer, within(from, buffer.length)) }
      : {}),
  };
}

/** Undefined where not every length up to the content is given and fits the others. @throws PadesError bad-cms, limit */
async function openInPlace(source: Source): Promise<OpenedCades | undefined> {
  const walk = new Walk(await source.read(0, Math.min(source.size, HEAD_BYTES)));
  const outer = walk.enter(tags.sequence);
  const kind = walk.take(tags.oid);
  const ends = [outer, walk.enter(0xa0), walk.enter(tags.sequence)];
  const [version, algorithms] = [walk.take(tags.integer), walk.take(tags.set)];
  const encapsulated = walk.enter(tags.sequence);
  const type = walk.take(tags.oid);
  const contentEnds = [encapsulated, walk.enter(0xa0), walk.enter(tags.octetString)];
  const [end] = contentEnds;
  if (!kind || Buffer.compare(kind.raw, SIGNED_DATA) !== 0) return undefined;
  if (!version || !algorithms || !type || end === undefined) return undefined;
  if (ends.some((one) => one !== source.size) || contentEnds.some((one) => one !== end)) return undefined;
  if (source.size - end > MAX_WHOLE_BYTES) throw new PadesError('limit');
  const rest = readElements(await source.read(end, source.size - end));
  if (!rest) return undefined;
  return {
    message: messageParts(version, algorithms, type, rest),
    content: partOf(source, walk.at, end - walk.at),
  };
}

/**
 * @returns the message's parts, and its content as a source that reads from this one
 * @throws PadesError bad-cms, limit; whatever the source throws
 */
export async function openCades(source: Source): Promise<OpenedCades> {
  const inPlace = await openInPlace(source);
  if (inPlace) return inPlace;
  if (source.size > MAX_WHOLE_BYTES) throw new PadesError('limit');
  const { content, ...message } = readCades(await source.read(0, source.size));
  return { message, content: content && bufferSource(content) };
}
