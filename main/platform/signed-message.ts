/** Signed messages among stored bytes: which are one, and where the content stands in it. Only the first bytes are read. */

/** id-signedData, 1.2.840.113549.1.7.2, as it is encoded. */
const SIGNED_DATA = Uint8Array.of(6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 7, 2);
/** Enough for what stands before the content: a version and a few digest algorithms. */
const START_BYTES = 4096;
const INDEFINITE = 0x80;
const tags = { integer: 0x02, octetString: 0x04, oid: 0x06, sequence: 0x30, set: 0x31, wrapper: 0xa0 } as const;

export interface StoredBytes {
  readonly size: number;
  read(offset: number, length: number): Promise<Uint8Array>;
}

export interface ContentRange {
  readonly offset: number;
  readonly length: number;
}

interface Header {
  readonly tag: number;
  readonly at: number;
  /** Undefined where the length is indefinite (BER). */
  readonly length: number | undefined;
}

function headerAt(bytes: Uint8Array, offset: number): Header | undefined {
  const [tag, first] = [bytes[offset], bytes[offset + 1]];
  if (tag === undefined || first === undefined) return undefined;
  if (first < INDEFINITE) return { tag, at: offset + 2, length: first };
  if (first === INDEFINITE) return { tag, at: offset + 2, length: undefined };
  const count = first - INDEFINITE;
  if (count > 6 || offset + 2 + count > bytes.length) return undefined;
  return { tag, at: offset + 2 + count, length: Buffer.from(bytes).readUIntBE(offset + 2, count) };
}

const typeAt = (bytes: Uint8Array, at: number) => bytes.subarray(at, at + SIGNED_DATA.length);

/** @param start a file's first bytes. True for a SignedData message (RFC 5652, 5.1), DER or BER */
export function startsMessage(start: Uint8Array): boolean {
  const outer = headerAt(start, 0);
  return outer?.tag === tags.sequence && Buffer.compare(typeAt(start, outer.at), SIGNED_DATA) === 0;
}

/** The source begins as a signed message does. */
export async function isMessage(source: StoredBytes): Promise<boolean> {
  return startsMessage(await source.read(0, Math.min(source.size, 32)));
}

/**
 * Where the content stands in a message that holds it in one piece.
 * @returns undefined for what is no message, for a detached one, and for one whose content comes in pieces (BER)
 */
export async function findContent(source: StoredBytes): Promise<ContentRange | undefined> {
  const start = await source.read(0, Math.min(source.size, START_BYTES));
  if (!startsMessage(start)) return undefined;
  const into = (at: number, tag: number) => {
    const found = headerAt(start, at);
    return found?.tag === tag && found.length !== undefined ? { at: found.at, length: found.length } : undefined;
  };
  const past = (at: number | undefined, tag: number) => {
    const found = at === undefined ? undefined : into(at, tag);
    return found && found.at + found.length;
  };
  const enter = (at: number | undefined, tag: number) => (at === undefined ? undefined : into(at, tag)?.at);
  const signedData = enter(enter(past(enter(0, tags.sequence), tags.oid), tags.wrapper), tags.sequence);
  const encapsulated = enter(past(past(signedData, tags.integer), tags.set), tags.sequence);
  const wrapper = enter(past(encapsulated, tags.oid), tags.wrapper);
  const content = wrapper === undefined ? undefined : into(wrapper, tags.octetString);
  return content && content.at + content.length <= source.size
    ? { offset: content.at, length: content.length }
    : undefined;
}

/**
 * What there is to look at: the content of a message, nothing of one whose content is not found, else all of it. A message's own bytes
 * are never shown: made for it, they are a document of their own to a viewer, and it is the content that is signed.
 */
export async function shownRange(source: StoredBytes): Promise<ContentRange> {
  if (!(await isMessage(source))) return { offset: 0, length: source.size };
  return (await findContent(source)) ?? { offset: 0, length: 0 };
}

/** What there is to look at; see shownRange. */
export async function contentOf(source: StoredBytes): Promise<StoredBytes> {
  const range = await shownRange(source);
  if (range.length === source.size) return source;
  const read = (offset: number, length: number) => {
    if (offset < 0 || length < 0 || offset + length > range.length) throw new RangeError('read outside the content');
    return source.read(range.offset + offset, length);
  };
  return { size: range.length, read: async (offset, length) => read(offset, length) };
}
