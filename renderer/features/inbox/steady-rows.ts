/** Rows that stay with their transactions while a sync puts others among them. */
import { useEffect, useLayoutEffect, useRef } from 'react';
import type { InboxScope } from './inbox-state.ts';

type IdAt = (index: number) => string | undefined;

export interface ShownRow {
  readonly index: number;
  /** Undefined until its page is there. */
  readonly id: string | undefined;
  readonly key: number;
}

/**
 * A key goes with its transaction, so that a row which moves is the same row: what is pressed on one is not released on its neighbour. A row whose
 * page comes is the one that waited for it, focus and all.
 * @param before as they were shown last
 * @param fresh a key that was never given
 */
export function keyRows(
  before: readonly ShownRow[],
  indexes: readonly number[],
  idAt: IdAt,
  fresh: () => number,
): readonly ShownRow[] {
  const byId = new Map(before.flatMap(({ id, key }) => (id === undefined ? [] : [[id, key]])));
  const waiting = new Map(before.flatMap(({ index, id, key }) => (id === undefined ? [[index, key]] : [])));
  const taken = new Set<number>();
  return indexes.map((index) => {
    const id = idAt(index);
    const known = (id === undefined ? undefined : byId.get(id)) ?? waiting.get(index);
    // Pages that were read at different times may have a transaction twice.
    const key = known === undefined || taken.has(known) ? fresh() : known;
    taken.add(key);
    return { index, id, key };
  });
}

/** @returns keys by index */
export function useRowKeys(indexes: readonly number[], idAt: IdAt): ReadonlyMap<number, number> {
  const before = useRef<readonly ShownRow[]>([]);
  const last = useRef(0);
  const rows = keyRows(before.current, indexes, idAt, () => ++last.current);
  useLayoutEffect(() => {
    before.current = rows;
  });
  return new Map(rows.map(({ index, key }) => [index, key]));
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
