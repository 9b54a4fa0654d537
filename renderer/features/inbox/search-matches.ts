/** Cuts a text where it matches what was searched for, to mark it. */

export interface TextPiece {
  readonly text: string;
  readonly match: boolean;
}

/** Letters without their accents, in lower case, and for each the index in the text it came from. */
function fold(text: string): { folded: string; origin: number[] } {
  let folded = '';
  const origin: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const plain = text.charAt(i).normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
    folded += plain;
    for (let j = 0; j < plain.length; j++) origin.push(i);
  }
  return { folded, origin };
}

/** The text in pieces, in order; each word of `search` marks every place it occurs, accents and case aside. */
export function searchMatches(text: string, search: string): TextPiece[] {
  const words = [...new Set(fold(search).folded.split(/\s+/))].filter((word) => word !== '');
  const { folded, origin } = fold(text);
  const marked = new Array<boolean>(text.length).fill(false);
  for (const word of words) {
    for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + 1)) {
      const from = origin[at] ?? text.length;
      const to = origin[at + word.length - 1] ?? text.length - 1;
      marked.fill(true, from, to + 1);
    }
  }
  const pieces: TextPiece[] = [];
  for (let from = 0; from < text.length; ) {
    const match = marked[from] === true;
    let to = from;
    while (to < text.length && (marked[to] === true) === match) to++;
    pieces.push({ text: text.slice(from, to), match });
    from = to;
  }
  return pieces;
}
