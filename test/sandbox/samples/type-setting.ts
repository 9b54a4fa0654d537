/** Words into lines, lines into text operators (ISO 32000-1, 9.4). */
import type { Face } from './faces.ts';

/** A number as content streams have it: two decimals at most. */
export const n = (value: number): string => String(Math.round(value * 100) / 100);

/** `last`: the paragraph ends here, so the line is not stretched. */
export interface Line {
  readonly words: readonly string[];
  readonly last: boolean;
}

/** Lines no wider than `width` points, unless one word is. */
export function breakLines(text: string, face: Face, size: number, width: number): Line[] {
  const space = face.width(' ', size);
  const lines: Line[] = [];
  let words: string[] = [];
  let used = 0;
  for (const word of text.split(' ')) {
    const wordWidth = face.width(word, size);
    if (words.length > 0 && used + space + wordWidth > width) {
      lines.push({ words, last: false });
      words = [];
      used = 0;
    }
    used += (words.length > 0 ? space : 0) + wordWidth;
    words.push(word);
  }
  lines.push({ words, last: true });
  return lines;
}

export function showText(face: Face, size: number, x: number, y: number, text: string): string {
  return `BT /${face.resource} ${n(size)} Tf 1 0 0 1 ${n(x)} ${n(y)} Tm ${face.show(text)} Tj ET\n`;
}

/** The line stretched to `width` by its gaps, unless it is a paragraph's last. */
export function showJustified(face: Face, size: number, x: number, y: number, line: Line, width: number): string {
  const text = line.words.join(' ');
  const gaps = line.words.length - 1;
  if (line.last || gaps === 0) return showText(face, size, x, y, text);
  // Negative numbers in TJ widen the gap, in thousandths of the size.
  const extra = -Math.round(((width - face.width(text, size)) / gaps / size) * 1000);
  const parts = line.words.map((word, i) => (i < gaps ? `${face.show(`${word} `)} ${extra}` : face.show(word)));
  return `BT /${face.resource} ${n(size)} Tf 1 0 0 1 ${n(x)} ${n(y)} Tm [${parts.join(' ')}] TJ ET\n`;
}

export const rule = (x: number, y: number, width: number, weight = 0.5): string =>
  `${n(weight)} w ${n(x)} ${n(y)} m ${n(x + width)} ${n(y)} l S\n`;
