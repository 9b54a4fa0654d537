/** The signature dictionary with room for its byte range and its contents (ISO 32000-2, 12.8.1; ETSI EN 319 142-1, 6.3). */
import { fromLatin1 } from './characters.ts';
import { dict, name, type PdfDict, type PdfObject } from './objects.ts';
import { objectText } from './serializer.ts';
import { dateText, encodeText } from './text-string.ts';

export interface SignatureEntries {
  /** A document timestamp is a signature dictionary of its own type (EN 319 142-1, 5.4.3). */
  readonly type?: 'Sig' | 'DocTimeStamp';
  /** /SubFilter, as `ETSI.CAdES.detached`. */
  readonly subFilter: string;
  /** /M, epoch ms; undefined for a document timestamp, which says it itself. */
  readonly signedAt: number | undefined;
  readonly name: string | undefined;
  readonly reason: string | undefined;
  readonly location: string | undefined;
  /** /Reference: what the signature certifies or locks (Table 256). */
  readonly references?: readonly PdfDict[];
}

export interface SignatureText {
  readonly text: Uint8Array;
  /** The placeholder of the byte range, brackets included, relative to `text`. */
  readonly range: { readonly offset: number; readonly length: number };
  /** The hex digits of /Contents, without < and >, relative to `text`. */
  readonly gap: { readonly offset: number; readonly length: number };
}

const AFTER_GAP = '> >>';
/** Fits four figures of a file as large as Number.MAX_SAFE_INTEGER. */
const RANGE_LENGTH = '[0 ]'.length + 3 * 17;

/**
 * @param contentsBytes room for the DER, bytes; filled with zeros
 * @param seal encrypts the strings of an encrypted file; /Contents never is (7.6.2)
 */
export function signatureText(
  entries: SignatureEntries,
  contentsBytes: number,
  seal: (value: PdfObject) => PdfObject,
): SignatureText {
  const entry = (key: string, value: string | undefined): [string, PdfObject][] =>
    value === undefined || value === '' ? [] : [[key, encodeText(value)]];
  const known = objectText(
    seal(
      dict([
        ['Type', name(entries.type ?? 'Sig')],
        ['Filter', name('Adobe.PPKLite')],
        ['SubFilter', name(entries.subFilter)],
        ...entry('M', entries.signedAt === undefined ? undefined : dateText(entries.signedAt)),
        ...entry('Name', entries.name),
        ...entry('Reason', entries.reason),
        ...entry('Location', entries.location),
        ...(entries.references?.length ? [['Reference', entries.references] as const] : []),
      ]),
    ),
  );
  const beforeRange = `${known.slice(0, -'>>'.length)}/ByteRange `;
  const beforeGap = `${beforeRange}${' '.repeat(RANGE_LENGTH)} /Contents <`;
  const digits = 2 * contentsBytes;
  const text = Buffer.alloc(beforeGap.length + digits + AFTER_GAP.length, '0');
  text.write(beforeGap, 0, 'latin1');
  text.write(AFTER_GAP, beforeGap.length + digits, 'latin1');
  return {
    text,
    range: { offset: beforeRange.length, length: RANGE_LENGTH },
    gap: { offset: beforeGap.length, length: digits },
  };
}

/** The four figures, padded to the placeholder's length. */
export const rangeText = (range: readonly number[]): Uint8Array =>
  fromLatin1(`[${range.join(' ')}]`.padEnd(RANGE_LENGTH, ' '));
