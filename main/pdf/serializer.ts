/** Objects to PDF syntax (ISO 32000-2, 7.3), in ASCII throughout: strings with other bytes are written in hex. */
import { fromLatin1, isDelimiter, latin1 } from './characters.ts';
import type { PdfDict, PdfObject } from './objects.ts';

/** Exact, and never with an exponent, which PDF does not know (7.3.3). */
function numberText(value: number): string {
  const text = String(value === 0 ? 0 : value);
  const [mantissa = '', exponent] = text.split('e');
  if (exponent === undefined) return text;
  const sign = mantissa.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = mantissa.slice(sign.length).split('.');
  const point = whole.length + Number(exponent);
  const digits = whole + fraction;
  return point > 0 ? `${sign}${digits.padEnd(point, '0')}` : `${sign}0.${'0'.repeat(-point)}${digits}`;
}

function nameText(value: string): string {
  let text = '/';
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i) & 0xff;
    const plain = code > 32 && code < 127 && code !== 35 && !isDelimiter(code);
    text += plain ? String.fromCharCode(code) : `#${code.toString(16).padStart(2, '0')}`;
  }
  return text;
}

function stringText(bytes: Uint8Array): string {
  if (bytes.some((byte) => byte < 32 || byte > 126)) return `<${Buffer.from(bytes).toString('hex')}>`;
  return `(${latin1(bytes).replace(/[\\()]/g, '\\$&')})`;
}

/** @throws TypeError for a stream: its data is not part of the value */
export function objectText(value: PdfObject): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return numberText(value);
  if (Array.isArray(value)) return `[${value.map(objectText).join(' ')}]`;
  if (value instanceof Map) return dictText(value);
  if (!('kind' in value)) throw new TypeError('not a PDF object');
  switch (value.kind) {
    case 'name':
      return nameText(value.value);
    case 'string':
      return stringText(value.bytes);
    case 'ref':
      return `${value.num} ${value.gen} R`;
    case 'stream':
      throw new TypeError('a stream is written with its data');
  }
}

function dictText(value: PdfDict): string {
  let text = '<<';
  for (const [key, entry] of value) text += ` ${nameText(key)} ${objectText(entry)}`;
  return `${text} >>`;
}

export const serialize = (value: PdfObject): Uint8Array => fromLatin1(objectText(value));

/** A stream with its data; /Length is set here. */
export function serializeStream(dictionary: PdfDict, data: Uint8Array): Uint8Array {
  const head = objectText(new Map([...dictionary, ['Length', data.length] as const]));
  return Buffer.concat([fromLatin1(`${head}\nstream\n`), data, fromLatin1('\nendstream')]);
}
