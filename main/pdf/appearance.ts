/** The visible mark of a signature: a form XObject with a light frame and text fitted into it (ISO 32000-2, 8.10 and 12.5.5). */
import { fromLatin1, latin1 } from './characters.ts';
import { type Rect, type Rotation, uprightForm } from './geometry.ts';
import { dict, name, type PdfDict } from './objects.ts';
import { textWidth, toWinAnsi } from './win-ansi.ts';

export interface Mark {
  readonly lines: readonly string[];
  readonly rect: Rect;
  readonly rotation: Rotation;
  /** Points per unit of `rect`. */
  readonly userUnit: number;
}

/** Points. */
const LARGEST_FONT = 12;
const SMALLEST_FONT = 2;
/** Down to this size lines are rather made smaller than wrapped. */
const UNWRAPPED_FONT = 7;
/** Down to this size words are not cut. */
const UNCUT_FONT = 4;
const FRAME = 0.6;
const BAR = 2.5;
const LEADING = 1.22;
/** Helvetica's ascender and descender, shares of the font size. */
const ASCENT = 0.75;
const DESCENT = 0.22;

interface Layout {
  readonly size: number;
  readonly lines: readonly Uint8Array[];
}

const SPACE = fromLatin1(' ');

/** A word wider than the line, cut where the line is full. */
function cutWord(word: Uint8Array, width: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (let to = 1; to <= word.length; to++) {
    if (to - from > 1 && textWidth(word.subarray(from, to)) > width) {
      pieces.push(word.subarray(from, to - 1));
      from = to - 1;
    }
  }
  return [...pieces, word.subarray(from)];
}

/** @param width of the line at font size 1 */
function wrap(line: string, width: number): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let current: Uint8Array | undefined;
  for (const word of line.split(/\s+/).filter((part) => part !== '')) {
    for (const piece of cutWord(toWinAnsi(word), width)) {
      const joined: Uint8Array = current ? Buffer.concat([current, SPACE, piece]) : piece;
      if (current && textWidth(joined) > width) {
        lines.push(current);
        current = piece;
      } else current = joined;
    }
  }
  return current ? [...lines, current] : lines;
}

const heightAt = (size: number, count: number) => size * (ASCENT + DESCENT + LEADING * (count - 1));

/** Sizes from large to small, points. */
function* sizes(from: number, to: number): Generator<number> {
  for (let points = from; points >= to; points -= 0.25) yield points;
}

/**
 * The largest size at which every line fits as it is; where that would be small print, the largest at which the lines fit wrapped, then
 * with words cut. At the smallest size, what does not fit is left out.
 */
function fitLines(texts: readonly string[], width: number, height: number, unit: number): Layout {
  const plain = texts.flatMap((text) => wrap(text, Number.POSITIVE_INFINITY));
  const widest = Math.max(0, ...plain.map(textWidth));
  for (const points of sizes(LARGEST_FONT, UNWRAPPED_FONT)) {
    const size = points / unit;
    if (widest * size <= width && heightAt(size, plain.length) <= height) return { size, lines: plain };
  }
  const words = plain.flatMap((line) => latin1(line).split(' ')).map((word) => textWidth(fromLatin1(word)));
  const widestWord = Math.max(0, ...words);
  for (const points of sizes(LARGEST_FONT, UNCUT_FONT)) {
    const size = points / unit;
    const lines = texts.flatMap((text) => wrap(text, width / size));
    if (widestWord * size <= width && heightAt(size, lines.length) <= height) return { size, lines };
  }
  for (const points of sizes(LARGEST_FONT, SMALLEST_FONT)) {
    const size = points / unit;
    const lines = texts.flatMap((text) => wrap(text, width / size));
    if (heightAt(size, lines.length) <= height) return { size, lines };
  }
  const size = SMALLEST_FONT / unit;
  const lines = texts.flatMap((text) => wrap(text, width / size));
  return { size, lines: lines.slice(0, Math.max(1, Math.floor((height / size - 1) / LEADING) + 1)) };
}

const figure = (value: number) => String(Math.round(value * 1000) / 1000);

function draw(mark: Mark, width: number, height: number): Uint8Array {
  const unit = mark.userUnit;
  const short = Math.min(width, height);
  const frame = Math.min(FRAME / unit, short / 20);
  const bar = Math.min(BAR / unit, short / 10);
  const padding = Math.min(4 / unit, short / 12);
  const left = frame + bar + padding;
  const { size, lines } = fitLines(mark.lines, width - left - frame - padding, height - 2 * (frame + padding), unit);
  const inset = [frame / 2, frame / 2, width - frame, height - frame].map(figure).join(' ');
  const body = [
    'q',
    `0.72 0.76 0.82 RG ${figure(frame)} w ${inset} re S`,
    `0.2 0.36 0.6 rg ${figure(frame)} ${figure(frame)} ${figure(bar)} ${figure(height - 2 * frame)} re f`,
    'Q',
  ];
  if (lines.length > 0) {
    const top = (height + heightAt(size, lines.length)) / 2 - ASCENT * size;
    body.push('q', `0 0 ${figure(width)} ${figure(height)} re W n`, 'BT', '0.13 0.15 0.2 rg');
    body.push(`/Helv ${figure(size)} Tf ${figure(size * LEADING)} TL ${figure(left)} ${figure(top)} Td`);
    lines.forEach((line, i) => {
      body.push(`${i === 0 ? '' : 'T* '}(${latin1(line).replace(/[\\()]/g, '\\$&')}) Tj`);
    });
    body.push('ET', 'Q');
  }
  return fromLatin1(`${body.join('\n')}\n`);
}

/** Dictionary and data of the form; drawn upright as the page is displayed. */
export function signatureAppearance(mark: Mark): { dictionary: PdfDict; data: Uint8Array } {
  const { width, height, matrix } = uprightForm(mark.rotation, mark.rect);
  const font = dict([
    ['Type', name('Font')],
    ['Subtype', name('Type1')],
    ['BaseFont', name('Helvetica')],
    ['Encoding', name('WinAnsiEncoding')],
  ]);
  const dictionary = dict([
    ['Type', name('XObject')],
    ['Subtype', name('Form')],
    ['BBox', [0, 0, width, height]],
    ['Matrix', [...matrix]],
    ['Resources', dict([['Font', dict([['Helv', font]])]])],
  ]);
  return { dictionary, data: draw(mark, width, height) };
}
