/** Search in a document's text: case and accents make no difference, a line's end counts as a space. */

/** A stretch of a page's text by its runs, as pdf.js gives them (one span of the text layer each). */
export interface TextMatch {
  readonly page: number;
  readonly start: TextPlace;
  /** Exclusive. */
  readonly end: TextPlace;
}

export interface TextPlace {
  /** Index of the run. */
  readonly run: number;
  /** UTF-16 offset in the run's text. */
  readonly offset: number;
}

export interface TextRun {
  readonly text: string;
  readonly endsLine: boolean;
}

interface Folded {
  readonly text: string;
  /** For each UTF-16 unit of `text` the unit of the original it comes from. */
  readonly from: readonly number[];
}

const marks = /\p{M}/gu;

/** Lower case without accents and with single spaces. */
function fold(text: string): Folded {
  let folded = '';
  const from: number[] = [];
  let at = 0;
  for (const character of text) {
    const plain = character.normalize('NFKD').replace(marks, '').toLowerCase();
    const kept = /^\s+$/.test(plain) ? (folded.endsWith(' ') ? '' : ' ') : plain;
    for (let i = 0; i < kept.length; i++) from.push(at);
    folded += kept;
    at += character.length;
  }
  return { text: folded, from };
}

/** What is looked for, as it is compared. Empty where there is nothing to look for. */
export function foldQuery(query: string): string {
  return fold(query.trim()).text;
}

/** All places of a page where the query stands, in reading order; they do not overlap. */
export function findInPage(page: number, runs: readonly TextRun[], query: string): TextMatch[] {
  const wanted = foldQuery(query);
  if (wanted === '') return [];
  const starts: number[] = [];
  let whole = '';
  for (const { text, endsLine } of runs) {
    starts.push(whole.length);
    whole += endsLine ? `${text}\n` : text;
  }
  const { text, from } = fold(whole);
  const placeOf = (at: number): TextPlace => {
    const run = starts.findLastIndex((start) => start <= at);
    const offset = at - (starts[run] ?? 0);
    return { run, offset: Math.min(offset, runs[run]?.text.length ?? 0) };
  };
  const matches: TextMatch[] = [];
  for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + wanted.length)) {
    const first = from[at] ?? 0;
    const last = from[at + wanted.length - 1] ?? first;
    const end = placeOf(last);
    matches.push({ page, start: placeOf(first), end: { run: end.run, offset: end.offset + 1 } });
  }
  return matches;
}
