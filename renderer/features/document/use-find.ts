/** Searches the document page by page, as fast as its text comes, and marks what was found on the pages in sight. */
import type { PDFDocumentProxy } from 'pdfjs-dist';
import { useCallback, useEffect, useRef, useState } from 'react';
import { findInPage, foldQuery, type TextMatch, type TextRun } from './text-search.ts';

/** A search that finds more shows the first ones. */
const MAX_MATCHES = 2_000;

export interface Find {
  readonly query: string;
  readonly matches: readonly TextMatch[];
  /** Index into the matches. */
  readonly current: number;
  readonly searching: boolean;
  setQuery(query: string): void;
  step(direction: 1 | -1): void;
  /** The spans of a page in sight; undefined when it goes out of it. */
  readonly onText: (page: number, spans: readonly HTMLElement[] | undefined) => void;
}

async function runsOf(pdf: PDFDocumentProxy, page: number): Promise<TextRun[]> {
  const { items } = await (await pdf.getPage(page)).getTextContent();
  return items.flatMap((item) => ('str' in item ? [{ text: item.str, endsLine: item.hasEOL }] : []));
}

function rangeOf({ start, end }: TextMatch, spans: readonly HTMLElement[]): Range | undefined {
  const from = spans[start.run]?.firstChild;
  const to = spans[end.run]?.firstChild;
  if (!from || !to) return undefined;
  const length = (node: Node) => node.textContent?.length ?? 0;
  const range = document.createRange();
  range.setStart(from, Math.min(start.offset, length(from)));
  range.setEnd(to, Math.min(end.offset, length(to)));
  return range;
}

/** CSS Custom Highlight API: nothing is changed in the pages' own elements. */
function highlight(name: string, ranges: readonly Range[]): void {
  if (ranges.length === 0) CSS.highlights.delete(name);
  else CSS.highlights.set(name, new Highlight(...ranges));
}

export function useFind(pdf: PDFDocumentProxy, whole: boolean): Find {
  const [query, setQuery] = useState('');
  const [found, setFound] = useState<{
    readonly query: string;
    readonly matches: readonly TextMatch[];
    done: boolean;
  }>();
  const [current, setCurrent] = useState(0);
  const texts = useRef(new Map<number, TextRun[]>());
  const spans = useRef(new Map<number, readonly HTMLElement[]>());
  const wanted = foldQuery(query);
  const matches = found?.query === wanted ? found.matches : [];

  // biome-ignore lint/correctness/useExhaustiveDependencies: another document has other texts
  useEffect(() => {
    texts.current = new Map();
  }, [pdf]);

  useEffect(() => {
    if (wanted === '' || !whole) return;
    let asked = true;
    const search = async () => {
      let all: TextMatch[] = [];
      for (let page = 1; page <= pdf.numPages && asked && all.length < MAX_MATCHES; page++) {
        const known = texts.current.get(page) ?? (await runsOf(pdf, page).catch(() => []));
        texts.current.set(page, known);
        const here = findInPage(page, known, wanted);
        if (here.length === 0 || !asked) continue;
        all = [...all, ...here];
        setFound({ query: wanted, matches: all, done: false });
      }
      if (asked) setFound({ query: wanted, matches: all, done: true });
    };
    void search();
    return () => {
      asked = false;
    };
  }, [pdf, whole, wanted]);

  const paint = useCallback(() => {
    const here: Range[] = [];
    const now: Range[] = [];
    for (const [index, match] of matches.entries()) {
      const shown = spans.current.get(match.page);
      const range = shown && rangeOf(match, shown);
      if (range) (index === current ? now : here).push(range);
    }
    highlight('cs-found', here);
    highlight('cs-found-now', now);
  }, [matches, current]);
  useEffect(() => {
    paint();
    return () => {
      highlight('cs-found', []);
      highlight('cs-found-now', []);
    };
  }, [paint]);

  const painter = useRef(paint);
  painter.current = paint;
  const onText = useCallback((page: number, shown: readonly HTMLElement[] | undefined) => {
    if (shown) spans.current.set(page, shown);
    else spans.current.delete(page);
    painter.current();
  }, []);

  return {
    query,
    matches,
    current: Math.min(current, Math.max(0, matches.length - 1)),
    searching: wanted !== '' && !(found?.query === wanted && found.done),
    setQuery(next) {
      setQuery(next);
      setCurrent(0);
    },
    step(direction) {
      if (matches.length > 0) setCurrent((current + direction + matches.length) % matches.length);
    },
    onText,
  };
}
