/** One cross-reference section, of either kind, read no further than asked (ISO 32000-2, 7.5.4 and 7.5.8). */
import type { PdfDict } from './objects.ts';

export type XrefEntry =
  | { readonly kind: 'free' }
  /** Absolute offset in the file. */
  | { readonly kind: 'offset'; readonly offset: number; readonly gen: number }
  | { readonly kind: 'compressed'; readonly container: number; readonly index: number };

/** At once where it is at hand; undefined where the object is not spoken of. */
export type FoundEntry = XrefEntry | undefined | Promise<XrefEntry | undefined>;

export interface XrefSection {
  readonly kind: 'table' | 'stream';
  /** Absolute offset of its first byte. */
  readonly offset: number;
  /** Absolute offset past its trailer dictionary or its stream's data. */
  readonly end: number;
  readonly trailer: PdfDict;
  /** Highest object number it speaks of, -1 for none. */
  readonly highest: number;
  /** The numbers it speaks of, in ascending order. */
  readonly runs: readonly Run[];
  /** Undefined where the section does not speak of the object. */
  entry(num: number): FoundEntry;
}

export interface Run {
  readonly first: number;
  readonly count: number;
}

/** The run that holds the number; `runs` as `sortRuns` leaves them. */
export function findRun<R extends Run>(runs: readonly R[], num: number): R | undefined {
  let low = 0;
  let high = runs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((runs[middle]?.first ?? 0) <= num) low = middle + 1;
    else high = middle;
  }
  const run = runs[low - 1];
  return run && num < run.first + run.count ? run : undefined;
}

export const sortRuns = <R extends Run>(runs: readonly R[]): R[] => runs.toSorted((a, b) => a.first - b.first);

export const highestOf = (runs: readonly Run[]): number =>
  runs.reduce((highest, run) => Math.max(highest, run.count > 0 ? run.first + run.count - 1 : -1), -1);
