/** The signatures a document holds, as its fields name them (ISO 32000-2, 12.8.1). */
import { dictAt, type OpenOptions, oncePerDocument, openDocument, type PdfDocument } from './document.ts';
import { type FormField, formFields } from './form-fields.ts';
import { type FilePlace, isArray, isRef, isString, nameOf, type PdfDict, type PdfObject } from './objects.ts';
import { findRevisions, type Revision } from './revisions.ts';
import type { Source } from './source.ts';
import { decodeText, parseDate } from './text-string.ts';

export interface FoundSignature {
  readonly fieldName: string;
  /** /Type, where it has one. */
  readonly type: string | undefined;
  readonly subFilter: string;
  /** Empty where it is no array of numbers. */
  readonly byteRange: readonly number[];
  /** /Contents with its padding. */
  readonly contents: Uint8Array;
  readonly contentsPlace: FilePlace | undefined;
  readonly revisionEnd: number;
  readonly signedAt: number | undefined;
  readonly reason: string | undefined;
}

const asText = (value: PdfObject) => (isString(value) ? decodeText(value) : undefined);

function textAt(document: PdfDocument, dict: PdfDict, key: string): string | undefined | Promise<string | undefined> {
  const value = document.resolve(dict.get(key));
  return value instanceof Promise ? value.then(asText) : asText(value);
}

async function numbersAt(document: PdfDocument, dict: PdfDict, key: string): Promise<number[]> {
  const value = await document.resolve(dict.get(key));
  if (!isArray(value) || value.length > 64) return [];
  const numbers: number[] = [];
  for (const item of value) {
    const number = isRef(item) ? await document.resolve(item) : item;
    if (typeof number !== 'number') return [];
    numbers.push(number);
  }
  return numbers;
}

/**
 * The end of the revision the signature's own bytes lie in. Whether end-of-line bytes behind `%%EOF` belong to it only the byte range can
 * tell; a byte range that ends elsewhere is not followed.
 */
function revisionEnd(revisions: readonly Revision[], at: number, rangeEnd: number, size: number): number {
  const own = revisions.find((revision) => revision.end > at);
  if (!own) return size;
  if (rangeEnd >= own.end && rangeEnd <= own.end + own.slack) return rangeEnd;
  return own.end + Math.min(own.slack, 1);
}

async function readSignature(
  document: PdfDocument,
  field: FormField,
  revisions: readonly Revision[],
): Promise<FoundSignature | undefined> {
  const dict = await dictAt(document, field.value);
  if (!dict) return undefined;
  const contents = await document.resolve(dict.get('Contents'));
  const byteRange = await numbersAt(document, dict, 'ByteRange');
  const date = await textAt(document, dict, 'M');
  const place = isString(contents) ? contents.place : undefined;
  const holder = isRef(field.value) ? field.value : field.ref;
  const at = (holder && (await document.offsetOf(holder))) ?? place?.offset ?? 0;
  return {
    fieldName: field.fullName,
    type: nameOf(await document.resolve(dict.get('Type'))),
    subFilter: nameOf(await document.resolve(dict.get('SubFilter'))) ?? '',
    byteRange,
    contents: isString(contents) ? contents.bytes : new Uint8Array(0),
    contentsPlace: isString(dict.get('Contents') ?? null) ? place : undefined,
    revisionEnd: revisionEnd(revisions, at, (byteRange[2] ?? 0) + (byteRange[3] ?? 0), document.reader.size),
    signedAt: date === undefined ? undefined : parseDate(date),
    reason: await textAt(document, dict, 'Reason'),
  };
}

/** In the form's order; fields without a value are left out. */
export const signaturesOf = oncePerDocument(async (document): Promise<readonly FoundSignature[]> => {
  const found: FoundSignature[] = [];
  let revisions: Revision[] | undefined;
  for (const field of await formFields(document)) {
    if (field.type !== 'Sig') continue;
    revisions ??= await findRevisions(document);
    const signature = await readSignature(document, field, revisions);
    if (signature) found.push(signature);
  }
  return found;
});

/** As signaturesOf. @throws PdfError not-a-pdf, damaged, encrypted, password-needed, limit */
export async function findSignatures(source: Source, options: OpenOptions = {}): Promise<readonly FoundSignature[]> {
  return signaturesOf(await openDocument(source, options));
}
