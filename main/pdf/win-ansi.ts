/** Text for the standard font Helvetica: WinAnsiEncoding (ISO 32000-2, Annex D) and the widths of its characters. */

/** Windows-1252 from 0x80 on; what it leaves open is U+FFFD. */
const high = '€\ufffd‚ƒ„…†‡ˆ‰Š‹Œ\ufffdŽ\ufffd\ufffd‘’“”•–—˜™š›œ\ufffdžŸ';
const codes: ReadonlyMap<string, number> = new Map([...high].map((char, i) => [char, 0x80 + i] as const));

/** Letters that do not come apart into a base letter and an accent. */
const likenesses: Readonly<Record<string, string>> = {
  Đ: 'D',
  đ: 'd',
  Ħ: 'H',
  ħ: 'h',
  ı: 'i',
  ĸ: 'k',
  Ł: 'L',
  ł: 'l',
  Ŋ: 'N',
  ŋ: 'n',
  Ŧ: 'T',
  ŧ: 't',
  ẞ: 'SS',
  Ə: 'A',
  ə: 'a',
  '‐': '-',
  '‑': '-',
  '‒': '-',
  '―': '—',
  '−': '-',
  '′': "'",
  '″': '"',
  '\u2009': ' ',
  '\u202f': ' ',
};

function codeOf(char: string): number | undefined {
  const code = char.codePointAt(0) ?? 0;
  if ((code >= 0x20 && code < 0x7f) || (code >= 0xa0 && code <= 0xff)) return code;
  return char === '\ufffd' ? undefined : codes.get(char);
}

/** Latin letters lose the accents the encoding lacks, signs without a width are left out, the rest becomes a question mark. */
export function toWinAnsi(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const char of text.normalize('NFC').replace(/\s/g, ' ')) {
    const own = codeOf(char);
    if (own !== undefined) {
      bytes.push(own);
      continue;
    }
    const likeness = likenesses[char] ?? char.normalize('NFKD').replace(/[\p{M}\p{Cf}]/gu, '');
    if (likeness === '') continue;
    const known = [...likeness].map(codeOf);
    if (known.includes(undefined)) bytes.push(0x3f);
    else for (const code of known) if (code !== undefined) bytes.push(code);
  }
  return Uint8Array.from(bytes);
}

/** Helvetica's advance widths in thousandths of the font size, by WinAnsi code from 32 (Adobe's core font metrics). */
const widths: readonly number[] = (
  '278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 584 584 584 556 ' +
  '1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 ' +
  '333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584 350 ' +
  '556 350 222 556 333 1000 556 556 333 1000 667 333 1000 350 611 350 350 222 222 333 333 350 556 1000 333 1000 500 333 944 350 500 667 ' +
  '278 333 556 556 556 556 260 556 333 737 370 556 584 333 737 333 400 584 333 333 333 556 537 278 333 333 365 556 834 834 834 611 ' +
  '667 667 667 667 667 667 1000 722 667 667 667 667 278 278 278 278 722 722 778 778 778 778 778 584 778 722 722 722 722 667 667 611 ' +
  '556 556 556 556 556 556 889 500 556 556 556 556 278 278 278 278 556 556 556 556 556 556 556 584 611 556 556 556 556 500 556 500'
)
  .split(' ')
  .map(Number);

/** Width at font size 1. */
export function textWidth(text: Uint8Array): number {
  let sum = 0;
  for (const code of text) sum += widths[code - 32] ?? 0;
  return sum / 1000;
}
