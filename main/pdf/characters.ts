/** Character classes of PDF syntax (ISO 32000-2, 7.2.3). */

const SPACE = 1;
const DELIMITER = 2;

const classes = new Uint8Array(256);
for (const code of [0, 9, 10, 12, 13, 32]) classes[code] = SPACE;
for (const char of '()<>[]{}/%') classes[char.charCodeAt(0)] = DELIMITER;

export const isSpace = (code: number | undefined): boolean => code !== undefined && classes[code] === SPACE;
export const isDelimiter = (code: number | undefined): boolean => code !== undefined && classes[code] === DELIMITER;
/** Neither white space nor delimiter; false past the end. */
export const isRegular = (code: number | undefined): boolean => code !== undefined && classes[code] === 0;
export const isDigit = (code: number | undefined): boolean => code !== undefined && code >= 48 && code <= 57;
export const isEndOfLine = (code: number | undefined): boolean => code === 10 || code === 13;

export const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
export const fromLatin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');
