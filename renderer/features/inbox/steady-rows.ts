/** Rows that stay with their transactions while a sync puts others among them. */
import { useEffect, useRef } from 'react';
import type { InboxScope } from './inbox-state.ts';

type IdAt = (index: number) => string | undefined;

/**
 * By the transaction, so that a row which moves is the same row: what is pressed on one is not released on its neighbour. By the place where no
 * transaction is there yet, or where pages that were read at different times have it twice.
 */
export function rowKeys(shown: readonly { readonly index: number }[], idAt: IdAt): ReadonlyMap<number, string> {
  const taken = new Set<string>();
  return new Map(
    shown.map(({ index }) => {
      const id = idAt(index);
      if (id === undefined || taken.has(id)) return [index, `at ${index}`];
      taken.add(id);
      return [index, id];
    }),
  );
}

/** So far from where it was a row is looked for: within the pages that are there. */
const FARTHEST = 100;

/** Where the transaction that was at `from` went. @returns undefined where it is there still, or gone */
export function movedTo(from: number, id: string | undefined, total: number, idAt: IdAt): number | undefined {
  if (id === undefined || idAt(from) === id) return undefined;
  for (let away = 1; away <= FARTHEST; away++) {
    for (const index of [from + away, from - away]) {
      if (index >= 0 && index < total && idAt(index) === id) return index;
    }
  }
  return undefined;
}

interface List {
  readonly scope: InboxScope;
  readonly total: number;
  readonly idAt: IdAt;
  /** The rows are still those of what was asked for before. */
  readonly isSettling: boolean;
}

/**
 * Tells where a sync moved the transaction of the row at `index`, for as long as nothing else chose another row or another list.
 * @param id of the transaction that was there before the list was shown, where one was
 */
export function useHeldRow(
  { scope, total, idAt, isSettling }: List,
  index: number,
  id: string | undefined,
  onMoved: (to: number) => void,
): void {
  const held = useRef({ scope, index, id });
  useEffect(() => {
    const before = held.current;
    const isSame = before.scope === scope && before.index === index;
    const here = idAt(index) ?? (isSame ? before.id : undefined);
    held.current = { scope, index, id: isSettling ? undefined : here };
    const to = isSettling || !isSame ? undefined : movedTo(index, before.id, total, idAt);
    if (to !== undefined) onMoved(to);
  });
}
