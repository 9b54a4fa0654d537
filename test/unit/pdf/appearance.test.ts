import { PDFDocument, StandardFonts } from 'pdf-lib';
import { beforeAll, describe, expect, it } from 'vitest';
import { openMark } from '../../../main/pdf/appearance.ts';
import { ref } from '../../../main/pdf/objects.ts';
import { textWidth, toWinAnsi } from '../../../main/pdf/win-ansi.ts';

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

describe('text for Helvetica', () => {
  it.each([
    ['Anna Ozola', 'Anna Ozola'],
    ['Jürgen Groß, Façade', 'J\xfcrgen Gro\xdf, Fa\xe7ade'],
    ['Ārija Bērziņa', 'Arija Berzina'],
    ['Łukasz Đorđe ıĦ', 'Lukasz Dorde iH'],
    ['€ “x” – …', '\x80 \x93x\x94 \x96 \x85'],
    ['Žižek Šimon', '\x8ei\x9eek \x8aimon'],
    ['e\u0301', '\xe9'],
    ['ﬁne', 'fine'],
    ['Юрий', '????'],
    ['\u{1f600}!', '?!'],
    ['a\tb\u2009c', 'a b c'],
    ['a\u200bb', 'ab'],
    ['\ufffd', '?'],
    ['', ''],
  ])('says %j as %j', (text, expected) => {
    expect(latin1(toWinAnsi(text))).toBe(expected);
  });

  it('is as wide as another library measures it', async () => {
    const font = await (await PDFDocument.create()).embedFont(StandardFonts.Helvetica);
    for (let code = 32; code < 256; code++) {
      const char = new TextDecoder('windows-1252').decode(Uint8Array.of(code));
      // The other library takes Ÿ for ÿ.
      if (code === 0x7f || char === 'Ÿ' || (code > 0x7f && code < 0xa0 && char.codePointAt(0) === code)) continue;
      expect([char, textWidth(toWinAnsi(char))]).toEqual([char, expect.closeTo(font.widthOfTextAtSize(char, 1), 5)]);
    }
  });
});

interface Drawn {
  readonly size: number;
  readonly lines: readonly string[];
  readonly content: string;
}

/** Helvetica needs no object of its own. */
const nothingWritten = {
  allocate: () => ref(1),
  put: () => expect.unreachable(),
  putStream: () => expect.unreachable(),
};

function draw(lines: readonly string[], width: number, height: number, userUnit = 1): Drawn {
  const rect = { x0: 0, y0: 0, x1: width, y1: height };
  const content = latin1(openMark({ lines }).drawIn({ rect, rotation: 0, userUnit }, nothingWritten).data);
  const size = Number(/\/Helv ([\d.]+) Tf/.exec(content)?.[1]);
  return { size, content, lines: [...content.matchAll(/\((.*)\) Tj/g)].map((match) => match[1] ?? '') };
}

describe('the mark of a signature', () => {
  const lines = ['Anna Ozola', 'Signed 2026-01-02 10:00 +02:00', 'I agree'];
  let wide: Drawn;
  beforeAll(() => {
    wide = draw(lines, 300, 100);
  });

  it('keeps its lines whole where there is room', () => {
    expect(wide).toMatchObject({ size: 12, lines });
  });

  it.each([
    [150, 60],
    [90, 60],
    [60, 40],
    [40, 100],
  ])('fits its text into %d by %d', (width, height) => {
    const drawn = draw(lines, width, height);
    for (const line of drawn.lines) expect(textWidth(Buffer.from(line, 'latin1')) * drawn.size).toBeLessThan(width);
    expect(drawn.lines.length * drawn.size).toBeLessThan(height);
    expect(drawn.lines.join(' ')).toBe(lines.join(' '));
  });

  it('counts in units of the page', () => {
    expect(draw(lines, 30, 10, 10).size).toBeCloseTo(wide.size / 10, 2);
  });

  it('breaks a word that is wider than the box', () => {
    const drawn = draw(['x'.repeat(200)], 50, 40);
    expect(drawn.lines.length).toBeGreaterThan(1);
    expect(drawn.lines.join('')).toBe('x'.repeat(200));
  });

  it('leaves out what does not fit at all', () => {
    const drawn = draw(['word '.repeat(500)], 30, 10);
    expect(drawn.lines.length).toBeGreaterThan(0);
    expect(drawn.lines.length * drawn.size).toBeLessThan(11);
  });

  it('escapes what a string would end at', () => {
    expect(wide.content).not.toContain('\\');
    expect(draw(['a(b)\\c'], 200, 50).lines).toEqual(['a\\(b\\)\\\\c']);
  });

  it.each([[[]], [['']], [['  ']]])('draws a frame alone for %j', (none) => {
    const drawn = draw(none, 100, 50);
    expect(drawn.content).toContain(' re S');
    expect(drawn.content).not.toContain('Tj');
  });

  it('survives a box with hardly any area', () => {
    expect(draw(lines, 0.5, 0.5).content).not.toMatch(/NaN|Infinity|e-/);
  });
});
