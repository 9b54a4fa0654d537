/** The list's rows by their index: pages of them are asked for as they come near sight, and forgotten some time after. */
import { useQueries, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { InboxItem } from '../../../preload/model.ts';
import { ask } from '../../bridge.ts';
import { callKey, useBridge } from '../../desk.tsx';
import { type InboxScope, PAGE } from './inbox-state.ts';

/** Pages out of sight are kept this long: a way back is at once, a long scroll does not fill the memory. */
const KEEP_PAGES_MS = 30_000;
/** While the list is flung past its pages none is asked for; a page that stays in sight this long is. */
const SETTLE_MS = 60;
/** A batch takes no more (preload/calls/signing.ts). */
export const MOST_CHOSEN = 5_000;

const pageInput = (scope: InboxScope, page: number) => ({ ...scope, offset: page * PAGE, limit: PAGE });

/** The first and last page near the rows in sight, once they stay there. */
function useSettledPages(from: number, to: number): readonly [number, number] {
  const wanted = [Math.floor(from / PAGE), Math.floor(to / PAGE)] as const;
  const [settled, setSettled] = useState(wanted);
  const changedAt = useRef(0);
  const [first, last] = wanted;
  useEffect(() => {
    const now = performance.now();
    const fast = now - changedAt.current < SETTLE_MS;
    changedAt.current = now;
    const timer = setTimeout(() => setSettled([first, last]), fast ? SETTLE_MS : 0);
    return () => clearTimeout(timer);
  }, [first, last]);
  return settled;
}

/** @returns the row at an index, undefined until its page is there */
export function usePages(scope: InboxScope, total: number, from: number, to: number) {
  const bridge = useBridge();
  const [first, last] = useSettledPages(from, to);
  const lastPage = Math.max(0, Math.ceil(total / PAGE) - 1);
  const start = Math.max(0, Math.min(first, lastPage) - 1);
  const end = Math.min(lastPage, last + 1);
  const pages = useQueries({
    queries: Array.from({ length: Math.max(0, end - start + 1) }, (_, i) => {
      const input = pageInput(scope, start + i);
      return {
        queryKey: callKey('inbox.list', input),
        queryFn: () => ask(bridge, 'inbox.list', input),
        gcTime: KEEP_PAGES_MS,
      };
    }),
    combine: (results) => results.map(({ data }) => data?.items),
  });
  return useCallback(
    (index: number): InboxItem | undefined => pages[Math.floor(index / PAGE) - start]?.[index % PAGE],
    [pages, start],
  );
}

/** Reads the rows from one index to another, both counted in, at most `MOST_CHOSEN`; pages that are there are not asked for again. */
export function useReadRange(scope: InboxScope) {
  const bridge = useBridge();
  const client = useQueryClient();
  return useMemo(
    () =>
      async (from: number, to: number): Promise<InboxItem[]> => {
        const last = Math.min(to, from + MOST_CHOSEN - 1);
        const items: InboxItem[] = [];
        for (let page = Math.floor(from / PAGE); page * PAGE <= last; page++) {
          const input = pageInput(scope, page);
          const { items: rows } = await client.fetchQuery({
            queryKey: callKey('inbox.list', input),
            queryFn: () => ask(bridge, 'inbox.list', input),
            gcTime: KEEP_PAGES_MS,
          });
          items.push(...rows.slice(Math.max(0, from - page * PAGE), last - page * PAGE + 1));
          if (rows.length < PAGE) break;
        }
        return items;
      },
    [bridge, client, scope],
  );
}
