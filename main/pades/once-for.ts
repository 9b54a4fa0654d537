/** What is made of bytes that nobody changes is kept for as long as they are: a batch asks the same of its certificate at every signature. */

/** @param make must depend on the bytes alone; what it throws is thrown and not kept */
export function onceFor<T extends object>(make: (bytes: Uint8Array) => T): (bytes: Uint8Array) => T {
  const known = new WeakMap<Uint8Array, T>();
  return (bytes) => {
    const before = known.get(bytes);
    if (before !== undefined) return before;
    const made = make(bytes);
    known.set(bytes, made);
    return made;
  };
}
