/** Sets blocks of text on pages: justified paragraphs, numbered clauses, tables, lines to write and to sign on. */
import type { Face, FaceSet } from './faces.ts';
import { createPress, type Layout, type LayoutOptions, type Press } from './press.ts';
import { breakLines, n, rule, showJustified, showText } from './type-setting.ts';

export type Block =
  | { readonly kind: 'title'; readonly text: string; readonly under?: string }
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'clause'; readonly number: string; readonly text: string }
  | {
      readonly kind: 'table';
      readonly head: readonly string[];
      readonly shares: readonly number[];
      readonly rows: readonly (readonly string[])[];
    }
  /** A labelled line to write on; its place is kept under `name`. */
  | { readonly kind: 'blank'; readonly name: string; readonly label: string }
  /** Lines to sign on, two in a row; the place above each is kept under `name`. */
  | {
      readonly kind: 'signatures';
      readonly parties: readonly { readonly name: string; readonly who: string; readonly role: string }[];
    }
  /** A picture the page's resources call `resource`, as wide as the text. */
  | { readonly kind: 'picture'; readonly resource: string; readonly height: number; readonly caption: string }
  | { readonly kind: 'page-break' };

const textSize = 10.5;
const leading = 15;

function setParagraph(press: Press, face: Face, text: string, indent: number, number = ''): void {
  const width = press.width() - indent;
  for (const [i, line] of breakLines(text, face, textSize, width).entries()) {
    press.need(leading);
    press.down(leading);
    if (i === 0 && number !== '') press.put(showText(face, textSize, press.left, press.y(), number));
    press.put(showJustified(face, textSize, press.left + indent, press.y(), line, width));
  }
  press.down(6);
}

function setTitle(press: Press, faces: FaceSet, text: string, under: string | undefined): void {
  for (const line of breakLines(text, faces.bold, 20, press.width())) {
    press.down(26);
    press.put(showText(faces.bold, 20, press.left, press.y(), line.words.join(' ')));
  }
  if (under !== undefined) {
    press.down(18);
    press.put(showText(faces.italic, 11, press.left, press.y(), under));
  }
  press.down(12);
  press.put(rule(press.left, press.y(), press.width(), 1));
  press.down(10);
}

function setTable(press: Press, faces: FaceSet, block: Extract<Block, { kind: 'table' }>): void {
  const total = block.shares.reduce((sum, share) => sum + share, 0);
  const setRow = (cells: readonly string[], face: Face) => {
    press.down(13);
    let x = press.left;
    for (const [i, cell] of cells.entries()) {
      press.put(showText(face, 8.5, x, press.y(), cell));
      x += (press.width() * (block.shares[i] ?? 0)) / total;
    }
    press.put(`0.8 G ${rule(press.left, press.y() - 3.5, press.width(), 0.4)}0 G\n`);
  };
  press.need(60);
  setRow(block.head, faces.sansBold);
  for (const row of block.rows) {
    const before = press.y();
    press.need(18);
    if (press.y() > before) setRow(block.head, faces.sansBold);
    setRow(row, faces.sans);
  }
  press.down(12);
}

function setSignatures(press: Press, faces: FaceSet, block: Extract<Block, { kind: 'signatures' }>): void {
  const gutter = 30;
  const width = (press.width() - gutter) / 2;
  for (let i = 0; i < block.parties.length; i += 2) {
    press.need(110);
    press.down(82);
    for (const [column, party] of block.parties.slice(i, i + 2).entries()) {
      const x = press.left + column * (width + gutter);
      press.put(rule(x, press.y(), width));
      press.put(showText(faces.bold, 10, x, press.y() - 13, party.who));
      press.put(showText(faces.italic, 9.5, x, press.y() - 25, party.role));
      press.mark(party.name, x, press.y() + 4, width, 58);
    }
    press.down(32);
  }
}

function setBlank(press: Press, faces: FaceSet, name: string, label: string): void {
  press.need(30);
  press.down(28);
  const x = press.left + 150;
  press.put(showText(faces.sans, 9, press.left, press.y() + 2, label));
  press.put(rule(x, press.y(), press.left + press.width() - x));
  press.mark(name, x, press.y() + 1.5, press.left + press.width() - x, 17);
}

function setHeading(press: Press, faces: FaceSet, text: string): void {
  press.need(60);
  press.down(24);
  press.put(showText(faces.sansBold, 11, press.left, press.y(), text));
  press.down(2);
}

function setPicture(press: Press, faces: FaceSet, block: Extract<Block, { kind: 'picture' }>): void {
  press.need(block.height + 24);
  press.down(block.height + 6);
  const matrix = `${n(press.width())} 0 0 ${n(block.height)} ${n(press.left)} ${n(press.y())} cm`;
  press.put(`q ${matrix} /${block.resource} Do Q\n`);
  press.down(14);
  press.put(showText(faces.italic, 9, press.left, press.y(), block.caption));
  press.down(10);
}

function setBlock(press: Press, faces: FaceSet, block: Block): void {
  switch (block.kind) {
    case 'title':
      setTitle(press, faces, block.text, block.under);
      break;
    case 'heading':
      setHeading(press, faces, block.text);
      break;
    case 'paragraph':
      setParagraph(press, faces.text, block.text, 0);
      break;
    case 'clause':
      setParagraph(press, faces.text, block.text, 30, block.number);
      break;
    case 'table':
      setTable(press, faces, block);
      break;
    case 'blank':
      setBlank(press, faces, block.name, block.label);
      break;
    case 'signatures':
      setSignatures(press, faces, block);
      break;
    case 'picture':
      setPicture(press, faces, block);
      break;
    case 'page-break':
      press.turnPage();
      break;
  }
}

/** Lays the blocks out one after another; what does not fit goes to the next page. */
export function layOut(blocks: readonly Block[], options: LayoutOptions): Layout {
  const press = createPress(options);
  for (const block of blocks) setBlock(press, options.faces, block);
  return press.finish();
}
