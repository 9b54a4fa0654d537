import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { create, type Font } from '@cantoo/fontkit';
import { describe, expect, it } from 'vitest';
import { readTrueType } from '../../../main/pdf/true-type.ts';
import { codeOf } from './sample-pdfs.ts';

const file = readFileSync(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'));
const font = readTrueType(file);
const other = create(file) as Font;
const text = 'Ārija Bērziņa, Γιώργος, Юрий Щербаков 2026 €';

describe('a TrueType font', () => {
  it('is read as another library reads it', () => {
    expect(font.name).toBe('DejaVuSans');
    expect([font.unitsPerEm, font.ascent, font.descent]).toEqual([other.unitsPerEm, other.ascent, other.descent]);
    for (const char of `${text}\u{1d400}`) {
      const code = char.codePointAt(0) ?? 0;
      expect(font.glyphOf(code)).toBe(other.glyphForCodePoint(code)?.id);
      expect(font.advanceOf(font.glyphOf(code))).toBe(other.glyphForCodePoint(code)?.advanceWidth);
    }
    expect(font.glyphOf(0x10ffff)).toBe(0);
  });

  it('is cut down to the glyphs asked for and their parts', () => {
    const glyphs = [...new Set([...text].map((char) => font.glyphOf(char.codePointAt(0) ?? 0)))];
    const subset = font.subset(glyphs);
    expect(subset.length).toBeLessThan(40_000);
    const tables = new Map(
      Array.from({ length: Buffer.from(subset).readUInt16BE(4) }, (_, i) => {
        const at = 12 + 16 * i;
        const view = Buffer.from(subset);
        const from = view.readUInt32BE(at + 8);
        return [view.toString('latin1', at, at + 4), view.subarray(from, from + view.readUInt32BE(at + 12))] as const;
      }),
    );
    const [loca, glyf, hmtx] = ['loca', 'glyf', 'hmtx'].map((name) => tables.get(name) ?? Buffer.alloc(0));
    const count = tables.get('maxp')?.readUInt16BE(4) ?? 0;
    expect(count).toBeGreaterThan(glyphs.length);
    glyphs.forEach((glyph, i) => {
      expect(hmtx?.readUInt16BE(4 * (i + 1))).toBe(font.advanceOf(glyph));
      const at = loca?.readUInt32BE(4 * (i + 1)) ?? 0;
      if ((loca?.readUInt32BE(4 * (i + 2)) ?? 0) === at) return;
      const bbox = other.getGlyph(glyph)?.bbox;
      expect(glyf?.readInt16BE(at + 2)).toBe(bbox?.minX);
      expect(glyf?.readInt16BE(at + 8)).toBe(bbox?.maxY);
    });
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['another kind of font', Buffer.from('OTTO\0\x01')],
    ['a font cut short', file.subarray(0, 2000)],
    ['tables that are missing', Buffer.concat([file.subarray(0, 4), Buffer.from([0, 1]), file.subarray(6, 28)])],
  ])('is refused: %s', async (_, bytes) => {
    expect(await codeOf(async () => readTrueType(bytes).subset([1, 2, 3]))).toBe('font-unreadable');
  });

  it('whose tables lie ends in a subset or a code', async () => {
    for (let at = 12; at < 300; at += 3) {
      const bytes = Buffer.from(file);
      bytes[at] = (bytes[at] ?? 0) ^ 0xff;
      const code = await codeOf(async () => {
        const broken = readTrueType(bytes);
        broken.subset([broken.glyphOf(65), broken.glyphOf(256)]);
      });
      expect(['none', 'font-unreadable']).toContain(code);
    }
  });
});
