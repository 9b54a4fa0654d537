/** What a mark's text is set in: the standard font Helvetica, or a font that is embedded (ISO 32000-2, 9.6 and 9.7). */
import { fromLatin1, latin1 } from './characters.ts';
import type { Increment } from './increment.ts';
import { dict, name, type PdfObject } from './objects.ts';
import { textWidth, toWinAnsi } from './win-ansi.ts';

export type ObjectWriter = Pick<Increment, 'allocate' | 'put' | 'putStream'>;

export interface TextFace {
  /** Above and below the base line, shares of the font size. */
  readonly ascent: number;
  readonly descent: number;
  /** The text as this face can show it, a character for a glyph. */
  prepare(text: string): string;
  /** Of a prepared text at font size 1. */
  widthOf(prepared: string): number;
  /** Operand of Tj for a prepared text. */
  operand(prepared: string): string;
  /** The font as a resource; writes what it needs once. */
  resource(objects: ObjectWriter): PdfObject;
}

/** Prepared texts are WinAnsi, a character per byte. */
export const helvetica: TextFace = {
  ascent: 0.75,
  descent: 0.22,
  prepare: (text) => latin1(toWinAnsi(text)),
  widthOf: (prepared) => textWidth(fromLatin1(prepared)),
  operand: (prepared) => `(${prepared.replace(/[\\()]/g, '\\$&')})`,
  resource: () =>
    dict([
      ['Type', name('Font')],
      ['Subtype', name('Type1')],
      ['BaseFont', name('Helvetica')],
      ['Encoding', name('WinAnsiEncoding')],
    ]),
};
