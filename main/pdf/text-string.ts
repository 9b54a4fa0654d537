/** Text strings (ISO 32000-2, 7.9.2.2) and dates (7.9.4). */
import type { PdfString } from './objects.ts';

/** PDFDocEncoding where it differs from Latin-1 (Annex D.3); 0xfffd marks codes that mean nothing. */
const special: ReadonlyMap<number, string> = new Map([
  ...[...'˘ˇˆ˙˝˛˚˜'].map((char, i) => [0x18 + i, char] as const),
  ...[...'•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž\ufffd'].map((char, i) => [0x80 + i, char] as const),
  [0x7f, '\ufffd'],
  [0xa0, '€'],
  [0xad, '\ufffd'],
]);

/** True where PDFDocEncoding writes the character as Latin-1 does. */
function isPlain(code: number): boolean {
  return (
    (code >= 0x20 && code < 0x7f) ||
    (code > 0xa0 && code <= 0xff && code !== 0xad) ||
    code === 9 ||
    code === 10 ||
    code === 13
  );
}

/** PDFDocEncoding where it can say the text (and cannot be taken for a byte order mark), else UTF-16BE with its mark. */
export function encodeText(text: string): PdfString {
  let plain = !/^(þÿ|ÿþ|ï»¿)/.test(text);
  for (let i = 0; plain && i < text.length; i++) plain = isPlain(text.charCodeAt(i));
  if (plain) return { kind: 'string', bytes: Buffer.from(text, 'latin1') };
  return { kind: 'string', bytes: Buffer.from(`\ufeff${text}`, 'utf16le').swap16() };
}

/** Any of the encodings a text string may have; a lone surrogate or a bad sequence becomes U+FFFD. */
export function decodeText(value: PdfString): string {
  const { bytes } = value;
  const [first, second, third] = bytes;
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes.subarray(2));
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes.subarray(2));
  if (first === 0xef && second === 0xbb && third === 0xbf) return new TextDecoder().decode(bytes.subarray(3));
  let text = '';
  for (const byte of bytes) text += special.get(byte) ?? String.fromCharCode(byte);
  return text;
}

/** `D:YYYYMMDDHHmmSSZ`. @param at epoch ms */
export function dateText(at: number): string {
  return `D:${new Date(at).toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`;
}

const DATE = /^(?:D:)?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:([-+Z])(?:(\d\d)'?(\d\d)?'?)?)?/;

/** Epoch ms; a date without zone is taken as UTC; undefined where it is no date. */
export function parseDate(text: string): number | undefined {
  const match = DATE.exec(text);
  if (!match) return undefined;
  const part = (index: number, missing: number) => (match[index] === undefined ? missing : Number(match[index]));
  const [month, day, hour, minute, second] = [part(2, 1), part(3, 1), part(4, 0), part(5, 0), part(6, 0)];
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 59) return undefined;
  const zoneMinutes = (part(8, 0) * 60 + part(9, 0)) * (match[7] === '-' ? -1 : 1);
  return Date.UTC(part(1, 0), month - 1, day, hour, minute, second) - zoneMinutes * 60_000;
}
