/** What was made of the last few byte strings: a batch meets the same certificates and keys at every signature. */

/** Longer ones are rare, and not worth their key. */
const MAX_KEY_BYTES = 8 * 1024;

/**
 * @param limit how many results are kept; the one used longest ago goes
 * @param make must depend on the bytes alone; what it throws is thrown and not kept
 */
export function recent<T>(limit: number, make: (bytes: Uint8Array) => T): (bytes: Uint8Array) => T {
  const kept = new Map<string, T>();
  let last: { readonly bytes: Uint8Array; readonly value: T } | undefined;
  return (bytes) => {
    if (bytes.length > MAX_KEY_BYTES) return make(bytes);
    // One signature asks about its certificate several times: comparing is quicker than making a key.
    if (last && last.bytes.length === bytes.length && Buffer.compare(last.bytes, bytes) === 0) return last.value;
    const key = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
    const known = kept.get(key);
    const value = known ?? make(bytes);
    if (known !== undefined) kept.delete(key);
    else if (kept.size >= limit)
      for (const oldest of kept.keys()) {
        kept.delete(oldest);
        break;
      }
    kept.set(key, value);
    last = { bytes: Uint8Array.from(bytes), value };
    return value;
  };
}
