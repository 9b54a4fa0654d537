import { describe, expect, it } from 'vitest';
import { sameText, toLine, toText } from '../../../../main/providers/signing-today/text.ts';

describe('text from a server', () => {
  it.each([
    ['plain', 'plain'],
    ['  two\r\nlines\u2028three ', 'two lines three'],
    ['bell\u0007 null\u0000 escape\u001b[31m', 'bell null escape [31m'],
    // U+202E shows "fdp.exe" as "exe.pdf".
    ['contract\u202Efdp.exe', 'contractfdp.exe'],
    ['a\u2066b\u2069c\u200Bd\uFEFFe', 'abcde'],
    ['lone \uD800 surrogate', 'lone \uFFFD surrogate'],
    ['e\u0301', '\u00e9'],
    [undefined, ''],
  ])('as one line: %j', (given, shown) => {
    expect(toLine(given)).toBe(shown);
  });

  it('keeps line breaks and tabs of a text', () => {
    expect(toText('a\r\nb\rc\n\td\u0008')).toBe('a\nb\nc\n\td');
  });

  it('is cut, never through a pair', () => {
    expect(toLine('x'.repeat(600))).toHaveLength(500);
    expect(toLine('😀'.repeat(300), 4).isWellFormed()).toBe(true);
    expect(toText('x'.repeat(30_000))).toHaveLength(20_000);
  });

  it('is the same where only line ends, outer space or Unicode form differ', () => {
    expect(sameText('a\r\nb ', ' a\nb')).toBe(true);
    expect(sameText('e\u0301', '\u00e9')).toBe(true);
    expect(sameText('a b', 'a  b')).toBe(false);
  });
});
