/** Copies written out of the profile, so that a window can have one shown in its folder without ever naming a path. */

/** As many as somebody may still have in sight; the oldest goes first. */
const KEPT = 200;

export interface SavedCopies {
  /** What a call that wrote a copy answers with. */
  add(path: string): { readonly path: string; readonly savedId: string };
  /** Undefined for one that is not known (any more). */
  pathOf(savedId: string): string | undefined;
}

export function createSavedCopies(newId: () => string): SavedCopies {
  const paths = new Map<string, string>();
  return {
    add(path) {
      const savedId = newId();
      paths.set(savedId, path);
      const [oldest] = paths.keys();
      if (paths.size > KEPT && oldest !== undefined) paths.delete(oldest);
      return { path, savedId };
    },
    pathOf: (savedId) => paths.get(savedId),
  };
}
