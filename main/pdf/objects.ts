/** PDF objects as values (ISO 32000-2, 7.3). Dictionaries are maps, arrays are arrays, numbers and booleans are themselves. */

export interface PdfName {
  readonly kind: 'name';
  /** Its bytes, #-escapes resolved, one character per byte. */
  readonly value: string;
}

export interface PdfString {
  readonly kind: 'string';
  readonly bytes: Uint8Array;
  /** Where it stands in the file, delimiters included; absent for a string that was made here or lies in an object stream. */
  readonly place?: FilePlace;
}

export interface FilePlace {
  readonly offset: number;
  readonly length: number;
}

export interface PdfRef {
  readonly kind: 'ref';
  readonly num: number;
  readonly gen: number;
}

export interface PdfStream {
  readonly kind: 'stream';
  readonly dict: PdfDict;
  /** Absolute offset of the first data byte in the file. */
  readonly dataOffset: number;
}

export type PdfDict = ReadonlyMap<string, PdfObject>;
export type PdfArray = readonly PdfObject[];
export type PdfObject = null | boolean | number | PdfName | PdfString | PdfRef | PdfStream | PdfDict | PdfArray;

export const name = (value: string): PdfName => ({ kind: 'name', value });
export const ref = (num: number, gen = 0): PdfRef => ({ kind: 'ref', num, gen });
export const string = (bytes: Uint8Array): PdfString => ({ kind: 'string', bytes });
export const dict = (entries: Iterable<readonly [string, PdfObject]> = []): Map<string, PdfObject> => new Map(entries);

/** A missing key and the null object are the same thing (7.3.7). */
export type Maybe = PdfObject | undefined;

export const isDict = (value: Maybe): value is PdfDict => value instanceof Map;
export const isArray = (value: Maybe): value is PdfArray => Array.isArray(value);

function isKind(value: Maybe, kind: 'name' | 'string' | 'ref' | 'stream'): boolean {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind;
}
export const isName = (value: Maybe): value is PdfName => isKind(value, 'name');
export const isString = (value: Maybe): value is PdfString => isKind(value, 'string');
export const isRef = (value: Maybe): value is PdfRef => isKind(value, 'ref');
export const isStream = (value: Maybe): value is PdfStream => isKind(value, 'stream');

/** The name's value, undefined where it is not a name. */
export const nameOf = (value: Maybe): string | undefined => (isName(value) ? value.value : undefined);
/** A whole number that fits a file offset, undefined where it is anything else. */
export const countOf = (value: Maybe): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
