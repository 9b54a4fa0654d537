/** The letters samples are set in: standard fonts by their published metrics, and one embedded TrueType font for other scripts. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Encodings, Font, FontNames } from 'pdf-lib/standard-fonts';
import type { ObjectBook } from './pdf-objects.ts';
import { readTrueType, type TrueType } from './true-type.ts';

export interface Face {
  /** Name in the page's /Font resources. */
  readonly resource: string;
  /** Points. */
  width(text: string, size: number): number;
  /** The string operand that shows the text. */
  show(text: string): string;
  /** Adds the font to a file and gives its object number. */
  embed(objects: ObjectBook): number;
}

/** The roles type plays on a page. */
export interface FaceSet {
  readonly text: Face;
  readonly bold: Face;
  readonly italic: Face;
  readonly sans: Face;
  readonly sansBold: Face;
}

function standardFace(resource: string, name: FontNames): Face {
  const font = Font.load(name);
  const codes = new Map<string, { readonly code: number; readonly width: number }>();
  const lookUp = (letter: string) => {
    const known = codes.get(letter);
    if (known) return known;
    const glyph = Encodings.WinAnsi.encodeUnicodeCodePoint(letter.codePointAt(0) ?? 0x20);
    const entry = { code: glyph.code, width: font.getWidthOfGlyph(glyph.name) ?? 250 };
    codes.set(letter, entry);
    return entry;
  };
  return {
    resource,
    width: (text, size) => {
      let units = 0;
      for (const letter of text) units += lookUp(letter).width;
      return (units * size) / 1000;
    },
    show: (text) => {
      let shown = '(';
      for (const letter of text) {
        const { code } = lookUp(letter);
        if (code === 0x28 || code === 0x29 || code === 0x5c) shown += `\\${String.fromCharCode(code)}`;
        else if (code > 0x7e) shown += `\\${code.toString(8).padStart(3, '0')}`;
        else shown += String.fromCharCode(code);
      }
      return `${shown})`;
    },
    embed: (objects) => objects.add(`<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`),
  };
}

/** Times and Helvetica, in every reader; nothing is embedded. */
export function standardFaces(): FaceSet {
  return {
    text: standardFace('F1', FontNames.TimesRoman),
    bold: standardFace('F2', FontNames.TimesRomanBold),
    italic: standardFace('F3', FontNames.TimesRomanItalic),
    sans: standardFace('F4', FontNames.Helvetica),
    sansBold: standardFace('F5', FontNames.HelveticaBold),
  };
}

function embeddedFace(resource: string, font: TrueType): Face {
  const used = new Map<number, string>();
  const glyphOf = (letter: string) => {
    const glyph = font.glyphOf(letter.codePointAt(0) ?? 0x20);
    used.set(glyph, letter);
    return glyph;
  };
  return {
    resource,
    width: (text, size) => {
      let units = 0;
      for (const letter of text) units += font.advanceOf(font.glyphOf(letter.codePointAt(0) ?? 0x20));
      return (units * size) / 1000;
    },
    show: (text) => {
      let hex = '';
      for (const letter of text) hex += glyphOf(letter).toString(16).padStart(4, '0');
      return `<${hex}>`;
    },
    embed: (objects) => embedTrueType(objects, font, used),
  };
}

/** A CIDFontType2 (ISO 32000-1, 9.7.4) with Identity-H: codes are glyph numbers, /ToUnicode gives the text back. */
function embedTrueType(objects: ObjectBook, font: TrueType, used: ReadonlyMap<number, string>): number {
  const glyphs = [...used].sort(([a], [b]) => a - b);
  const file = objects.stream(`/Length1 ${font.bytes.length}`, font.bytes);
  const { ascent, descent, box } = font;
  const descriptor = objects.add(
    `<< /Type /FontDescriptor /FontName /${font.name} /Flags 4 /FontBBox [${box.join(' ')}] /ItalicAngle 0 /Ascent ${ascent} ` +
      `/Descent ${descent} /CapHeight ${ascent} /StemV 80 /FontFile2 ${file} 0 R >>`,
  );
  const widths = glyphs.map(([glyph]) => `${glyph} [${Math.round(font.advanceOf(glyph))}]`).join(' ');
  const descendant = objects.add(
    `<< /Type /Font /Subtype /CIDFontType2 /BaseFont /${font.name} /CIDToGIDMap /Identity /DW 600 /W [${widths}] ` +
      `/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor ${descriptor} 0 R >>`,
  );
  const hex = (n: number) => n.toString(16).padStart(4, '0');
  const chunks: string[] = [];
  for (let i = 0; i < glyphs.length; i += 100) {
    const part = glyphs
      .slice(i, i + 100)
      .map(([glyph, letter]) => `<${hex(glyph)}> <${hex(letter.codePointAt(0) ?? 0)}>`);
    chunks.push(`${part.length} beginbfchar\n${part.join('\n')}\nendbfchar`);
  }
  const map = objects.stream(
    '',
    `/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Adobe-Identity-UCS def /CMapType 2 def\n` +
      `1 begincodespacerange <0000> <ffff> endcodespacerange\n${chunks.join('\n')}\nendcmap end end`,
  );
  return objects.add(
    `<< /Type /Font /Subtype /Type0 /BaseFont /${font.name} /Encoding /Identity-H /DescendantFonts [${descendant} 0 R] ` +
      `/ToUnicode ${map} 0 R >>`,
  );
}

/** DejaVu, embedded: Latin, Greek, Cyrillic and more. Make a set of its own for every file: it remembers the letters used. */
export async function embeddedFaces(): Promise<FaceSet> {
  const require = createRequire(import.meta.url);
  const load = async (file: string) =>
    readTrueType(await readFile(require.resolve(`dejavu-fonts-ttf/ttf/${file}.ttf`)));
  const [serif, serifBold] = await Promise.all([load('DejaVuSerifCondensed'), load('DejaVuSerifCondensed-Bold')]);
  const text = embeddedFace('F1', serif);
  const bold = embeddedFace('F2', serifBold);
  return { text, bold, italic: text, sans: text, sansBold: bold };
}
