/** What came after a signature, and whether what was signed allows it (ISO 32000-2, 12.8.2.2: DocMDP; 12.8.2.4: FieldMDP). */

import {
  type ChangeKind,
  type DocMdpLevel,
  formFields,
  laterChanges,
  locks,
  type OpenOptions,
  openDocument,
  PdfError,
  readRestrictions,
  type Source,
} from '../pdf/index.ts';
import { asPadesError } from './pades-error.ts';

export interface ChangesAfter {
  readonly kinds: readonly ChangeKind[];
  /** True where a certification or a lock in force at that revision does not allow one of them. */
  readonly forbidden: boolean;
}

/** The first `end` bytes. */
function prefixOf(source: Source, end: number): Source {
  return {
    size: end,
    read(offset, length) {
      if (offset + length > end) return Promise.reject(new RangeError('read outside the source'));
      return source.read(offset, length);
    },
  };
}

/** Validation data and document timestamps are allowed whatever a certification says. */
const always: readonly ChangeKind[] = ['validation-data', 'document-timestamp'];
const allowed: Readonly<Record<DocMdpLevel, readonly ChangeKind[]>> = {
  1: always,
  2: [...always, 'metadata', 'signature-field', 'form-fill'],
  3: [...always, 'metadata', 'signature-field', 'form-fill', 'annotation'],
};

async function compare(source: Source, end: number, options: OpenOptions): Promise<ChangesAfter> {
  const before = await openDocument(prefixOf(source, end), options);
  const { kinds, fields } = await laterChanges(before, await openDocument(source, options), end);
  const { level, locks: held } = await readRestrictions(before, await formFields(before));
  const outside = level !== undefined && kinds.some((kind) => !allowed[level].includes(kind));
  const locked = fields.some((field) => held.some((lock) => locks(lock, field)));
  return { kinds, forbidden: outside || locked };
}

/**
 * @param end size of the file at the end of the signature's revision
 * @throws PadesError limit, encrypted, password-needed; whatever the source throws. A revision that cannot be read was changed in
 * some other way.
 */
export async function listChangesAfter(source: Source, end: number, options: OpenOptions = {}): Promise<ChangesAfter> {
  if (end >= source.size) return { kinds: [], forbidden: false };
  return compare(source, end, options).catch((error: unknown) => {
    if (error instanceof PdfError && (error.code === 'damaged' || error.code === 'not-a-pdf')) {
      return { kinds: ['other'], forbidden: false } satisfies ChangesAfter;
    }
    throw asPadesError(error);
  });
}
