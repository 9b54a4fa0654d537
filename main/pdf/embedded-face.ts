/** A TrueType font embedded with the glyphs a mark uses: a Type 0 font with Identity-H and a ToUnicode map (ISO 32000-2, 9.7 and 9.10.3). */
import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { fromLatin1 } from './characters.ts';
import { dict, name, type PdfObject, type PdfRef, string } from './objects.ts';
import type { ObjectWriter, TextFace } from './text-face.ts';
import { readTrueType, type TrueType } from './true-type.ts';

/** Reading a font's tables again for each signature of a batch would be waste. */
const opened = new WeakMap<Uint8Array, TrueType>();

function openFont(bytes: Uint8Array): TrueType {
  const font = opened.get(bytes) ?? readTrueType(bytes);
  opened.set(bytes, font);
  return font;
}

const hex = (value: number) => value.toString(16).padStart(4, '0');
const utf16 = (char: string) => Buffer.from(char, 'utf16le').swap16().toString('hex');

/** At most a hundred characters to a block (9.10.3 after Adobe's CMap rules). */
function toUnicode(used: ReadonlyMap<string, number>): Uint8Array {
  const pairs = [...used].map(([char, code]) => `<${hex(code)}> <${utf16(char)}>`);
  const blocks: string[] = [];
  for (let i = 0; i < pairs.length; i += 100) {
    const block = pairs.slice(i, i + 100);
    blocks.push(`${block.length} beginbfchar\n${block.join('\n')}\nendbfchar`);
  }
  return fromLatin1(
    `/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n${blocks.join('\n')}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n`,
  );
}

/** Six capitals that say which subset it is (9.9.2). */
function tagOf(file: Uint8Array): string {
  const digest = createHash('sha256').update(file).digest();
  return [...digest.subarray(0, 6)].map((byte) => String.fromCharCode(65 + (byte % 26))).join('');
}

/**
 * A face for one mark: it notes which characters are asked for, so its font is written after all text is.
 * @param bytes a TrueType file; kept by identity
 * @throws PdfError font-unreadable
 */
export function embeddedFace(bytes: Uint8Array): TextFace {
  const font = openFont(bytes);
  const scale = 1000 / font.unitsPerEm;
  /** Character to its code, which is the glyph's number in the subset. */
  const used = new Map<string, number>();
  const glyphs: number[] = [];
  const known = (char: string) => font.glyphOf(char.codePointAt(0) ?? 0) !== 0;
  const codeOf = (char: string) => {
    const code = used.get(char) ?? glyphs.push(font.glyphOf(char.codePointAt(0) ?? 0));
    used.set(char, code);
    return code;
  };
  const advance = (char: string) => Math.round(font.advanceOf(font.glyphOf(char.codePointAt(0) ?? 0)) * scale);
  let written: PdfRef | undefined;

  function descriptor(objects: ObjectWriter, fontName: string, file: Uint8Array): PdfObject {
    const fileRef = objects.allocate();
    const entries = dict([
      ['Length1', file.length],
      ['Filter', name('FlateDecode')],
    ]);
    objects.putStream(fileRef, entries, deflateSync(file));
    const at = objects.allocate();
    objects.put(
      at,
      dict([
        ['Type', name('FontDescriptor')],
        ['FontName', name(fontName)],
        // Symbolic: its characters are not those of the standard Latin set (Table 121).
        ['Flags', 4],
        ['FontBBox', font.box.map((value) => Math.round(value * scale))],
        ['ItalicAngle', 0],
        ['Ascent', Math.round(font.ascent * scale)],
        ['Descent', Math.round(font.descent * scale)],
        ['CapHeight', Math.round(font.ascent * scale)],
        ['StemV', 80],
        ['FontFile2', fileRef],
      ]),
    );
    return at;
  }

  function write(objects: ObjectWriter): PdfRef {
    // Equal glyphs of two characters stay two codes: the subset lists a glyph once, so codes are looked up anew.
    const distinct = [...new Set([0, ...glyphs])];
    const file = font.subset(distinct);
    const fontName = `${tagOf(file)}+${font.name}`;
    const system = dict([
      ['Registry', string(fromLatin1('Adobe'))],
      ['Ordering', string(fromLatin1('Identity'))],
      ['Supplement', 0],
    ]);
    const map = Buffer.alloc(2 * (glyphs.length + 1));
    for (const [i, glyph] of glyphs.entries()) map.writeUInt16BE(distinct.indexOf(glyph), 2 * (i + 1));
    const [mapRef, unicodeRef, cidRef, at] = [0, 0, 0, 0].map(() => objects.allocate());
    if (!mapRef || !unicodeRef || !cidRef || !at) throw new RangeError('references');
    objects.putStream(mapRef, dict([['Filter', name('FlateDecode')]]), deflateSync(map));
    objects.putStream(unicodeRef, dict([['Filter', name('FlateDecode')]]), deflateSync(toUnicode(used)));
    objects.put(
      cidRef,
      dict([
        ['Type', name('Font')],
        ['Subtype', name('CIDFontType2')],
        ['BaseFont', name(fontName)],
        ['CIDSystemInfo', system],
        ['CIDToGIDMap', mapRef],
        ['W', [1, [...used.keys()].map(advance)]],
        ['FontDescriptor', descriptor(objects, fontName, file)],
      ]),
    );
    objects.put(
      at,
      dict([
        ['Type', name('Font')],
        ['Subtype', name('Type0')],
        ['BaseFont', name(fontName)],
        ['Encoding', name('Identity-H')],
        ['DescendantFonts', [cidRef]],
        ['ToUnicode', unicodeRef],
      ]),
    );
    return at;
  }

  return {
    ascent: 0.76,
    descent: 0.24,
    prepare(text) {
      const shown = [...text.normalize('NFC').replace(/\s/g, ' ')].filter((char) => !/[\p{Cf}\p{Cc}]/u.test(char));
      return shown.map((char) => (known(char) ? char : (plain(char, known) ?? '?'))).join('');
    },
    widthOf: (prepared) => [...prepared].reduce((sum, char) => sum + advance(char), 0) / 1000,
    operand: (prepared) => `<${[...prepared].map((char) => hex(codeOf(char))).join('')}>`,
    resource(objects) {
      written ??= write(objects);
      return written;
    },
  };
}

/** Compatibility forms, where the font has all of what they come apart into. */
function plain(char: string, known: (char: string) => boolean): string | undefined {
  const parts = [...char.normalize('NFKC')];
  return parts.length > 0 && parts.every(known) ? parts.join('') : undefined;
}
