/** Text fitted into a box: as large as it goes, wrapped and cut where it must be. */
import type { TextFace } from './text-face.ts';

export interface TextLayout {
  /** Font size, in the units of the box. */
  readonly size: number;
  /** Prepared by the face. */
  readonly lines: readonly string[];
}

/** Points. */
const LARGEST_FONT = 12;
const SMALLEST_FONT = 2;
/** Down to this size lines are rather made smaller than wrapped. */
const UNWRAPPED_FONT = 7;
/** Down to this size words are not cut. */
const UNCUT_FONT = 4;
/** From base line to base line, shares of the font size. */
export const LEADING = 1.22;

/** A word wider than the line, cut where the line is full. */
function cutWord(face: TextFace, word: string, width: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const char of word) {
    if (piece !== '' && face.widthOf(piece + char) > width) {
      pieces.push(piece);
      piece = '';
    }
    piece += char;
  }
  return [...pieces, piece];
}

/** @param line prepared @param width of the line at font size 1 */
function wrap(face: TextFace, line: string, width: number): string[] {
  const lines: string[] = [];
  let current: string | undefined;
  for (const word of line.split(' ').filter((part) => part !== '')) {
    for (const piece of face.widthOf(word) > width ? cutWord(face, word, width) : [word]) {
      const joined: string = current === undefined ? piece : `${current} ${piece}`;
      if (current !== undefined && face.widthOf(joined) > width) {
        lines.push(current);
        current = piece;
      } else current = joined;
    }
  }
  return current === undefined ? lines : [...lines, current];
}

/** Of so many lines. */
export const heightAt = (face: TextFace, size: number, count: number): number =>
  size * (face.ascent + face.descent + LEADING * (count - 1));

/** Sizes from large to small, points. */
function* sizes(from: number, to: number): Generator<number> {
  for (let points = from; points >= to; points -= 0.25) yield points;
}

/**
 * The largest size at which every line fits as it is; where that would be small print, the largest at which the lines fit wrapped, then
 * with words cut. At the smallest size, what does not fit is left out.
 * @param unit points per unit of width and height
 */
export function fitLines(
  face: TextFace,
  texts: readonly string[],
  width: number,
  height: number,
  unit: number,
): TextLayout {
  const plain = texts.map((text) =>
    face
      .prepare(text)
      .split(' ')
      .filter((word) => word !== '')
      .join(' '),
  );
  const given = plain.filter((line) => line !== '');
  const widest = Math.max(0, ...given.map((line) => face.widthOf(line)));
  for (const points of sizes(LARGEST_FONT, UNWRAPPED_FONT)) {
    const size = points / unit;
    if (widest * size <= width && heightAt(face, size, given.length) <= height) return { size, lines: given };
  }
  const wrapped = (size: number) => given.flatMap((line) => wrap(face, line, width / size));
  const widestWord = Math.max(0, ...given.flatMap((line) => line.split(' ')).map((word) => face.widthOf(word)));
  for (const smallest of [UNCUT_FONT, SMALLEST_FONT]) {
    for (const points of sizes(LARGEST_FONT, smallest)) {
      const size = points / unit;
      if (smallest === UNCUT_FONT && widestWord * size > width) continue;
      const lines = wrapped(size);
      if (heightAt(face, size, lines.length) <= height) return { size, lines };
    }
  }
  const size = SMALLEST_FONT / unit;
  return { size, lines: wrapped(size).slice(0, Math.max(1, Math.floor((height / size - 1) / LEADING) + 1)) };
}
