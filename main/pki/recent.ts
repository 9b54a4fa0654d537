/** What was made of the last few byte strings: a batch meets the same certificates and keys at every signature. */

/** Longer ones are rare, and not worth their key. */
const MAX_KEY_BYTES = 8 * 1024;

/**
 * @param limit how many results are kept; the one used longest ago goes
 * @param make must depend on the bytes alone; what it throws is thrown and not kept
 */
export function recent<T>(limit: number, make: (bytes: Uint8Array) => T): (bytes: Uint8Array) => T {
  const kept = new Map<string, T>();
  return (bytes) => {
    if (bytes.length > MAX_KEY_BYTES) return make(bytes);
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
    return value;
  };
}
