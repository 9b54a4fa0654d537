/** What a file is made of, as plain data: for people who ask why it is signed or refused as it is. */
import { latin1 } from './characters.ts';
import { dictAt, type OpenOptions, openDocument, type PdfDocument } from './document.ts';
import { signaturesOf } from './embedded-signatures.ts';
import type { EncryptionFacts } from './encryption.ts';
import { PdfError } from './errors.ts';
import { type FieldLock, readLock } from './field-lock.ts';
import { type FormField, formFields } from './form-fields.ts';
import type { Rotation } from './geometry.ts';
import { countOf, isDict, isString, nameOf } from './objects.ts';
import { findPage, type PageBoxes, pageBoxes, viewPage } from './page-tree.ts';
import { readRestrictions, type SigningWarning, warningsFor } from './permissions.ts';
import { findRevisions } from './revisions.ts';
import type { Source } from './source.ts';

export interface InspectedPage extends PageBoxes {
  readonly page: number;
  readonly rotation: Rotation;
  readonly userUnit: number;
}

export interface InspectedField {
  readonly name: string;
  /** /FT: Tx, Btn, Ch, Sig. */
  readonly type: string | undefined;
  readonly filled: boolean;
  readonly widgets: number;
  readonly hasSeedValue: boolean;
  readonly lock: FieldLock | undefined;
}

export interface Inspection {
  readonly sizeBytes: number;
  /** Of the header, and of the catalog where that says another. */
  readonly version: string;
  readonly bytesBeforeHeader: number;
  readonly linearized: boolean;
  /** True where the cross-reference data was wrong: what follows was searched for, and the file is not signed. */
  readonly repaired: boolean;
  /** Cross-reference sections, newest first. */
  readonly sections: readonly { readonly kind: 'table' | 'stream' | 'hybrid'; readonly offset: number }[];
  /** Offsets past each revision's `%%EOF`, oldest first. */
  readonly revisionEnds: readonly number[];
  readonly encryption: (EncryptionFacts & { readonly openedBy: 'owner' | 'user' }) | undefined;
  /** As the page tree says. */
  readonly pageCount: number;
  /** The first ones. */
  readonly pages: readonly InspectedPage[];
  readonly fields: readonly InspectedField[];
  readonly signatures: readonly {
    readonly fieldName: string;
    readonly type: string | undefined;
    readonly subFilter: string;
    readonly byteRange: readonly number[];
    readonly revisionEnd: number;
    readonly signedAt: number | undefined;
    readonly reason: string | undefined;
  }[];
  /** What the signatures allow from here on; undefined where nothing is certified. */
  readonly certifiedLevel: 1 | 2 | 3 | undefined;
  readonly locks: readonly FieldLock[];
  readonly warnings: readonly SigningWarning[];
}

const SHOWN_PAGES = 50;
const HEADER_BYTES = 1024;

async function versionOf(document: PdfDocument): Promise<{ version: string; bytesBeforeHeader: number }> {
  const head = latin1(await document.reader.bytes(0, HEADER_BYTES));
  const header = /%PDF-(\d\.\d)/.exec(head);
  const own = nameOf(await document.resolve(document.catalog.get('Version')));
  const version = [header?.[1] ?? '', own ?? ''].toSorted().at(-1) ?? '';
  return { version, bytesBeforeHeader: Math.max(0, head.indexOf('%PDF-')) };
}

/** The first object of a linearized file says so (Annex F.3.3). */
async function isLinearized(document: PdfDocument): Promise<boolean> {
  const head = latin1(await document.reader.bytes(0, HEADER_BYTES));
  const match = /(\d+)\s+(\d+)\s+obj\s*<<[^>]*\/Linearized/.exec(head);
  return match !== null;
}

async function pagesOf(document: PdfDocument): Promise<{ pageCount: number; pages: InspectedPage[] }> {
  const root = await dictAt(document, document.catalog.get('Pages'));
  const pageCount = countOf(await document.resolve(root?.get('Count'))) ?? 0;
  const pages: InspectedPage[] = [];
  for (let number = 1; number <= Math.min(pageCount, SHOWN_PAGES); number++) {
    try {
      const page = await findPage(document, number);
      const { rotation, userUnit } = await viewPage(document, page);
      pages.push({ page: number, ...(await pageBoxes(document, page)), rotation, userUnit });
    } catch (error) {
      if (error instanceof PdfError && error.code === 'page-not-found') break;
      throw error;
    }
  }
  return { pageCount, pages };
}

async function inspectField(document: PdfDocument, field: FormField): Promise<InspectedField> {
  const value = await document.resolve(field.value);
  return {
    name: field.fullName,
    type: field.type,
    filled: isString(value) ? value.bytes.length > 0 : value !== null,
    widgets: field.widgets.length,
    hasSeedValue: isDict(await document.resolve(field.dict.get('SV'))),
    lock: await readLock(document, field.dict.get('Lock')),
  };
}

/**
 * Reads structure only, and repairs what is damaged so that it can be looked at.
 * @throws PdfError not-a-pdf, damaged where nothing is found, encrypted, password-needed, limit
 */
export async function inspectPdf(source: Source, options: OpenOptions = {}): Promise<Inspection> {
  const document = await openDocument(source, { ...options, repair: true });
  const fields = await formFields(document);
  const restrictions = await readRestrictions(document, fields);
  const signatures = await signaturesOf(document);
  const inspected: InspectedField[] = [];
  for (const field of fields) inspected.push(await inspectField(document, field));
  const { encryption } = document;
  return {
    sizeBytes: source.size,
    ...(await versionOf(document)),
    linearized: await isLinearized(document),
    repaired: document.repaired,
    sections: document.repaired
      ? []
      : document.chain.links.map(({ section, hidden }) => ({
          kind: hidden ? 'hybrid' : section.kind,
          offset: section.offset,
        })),
    revisionEnds: (await findRevisions(document)).map(({ end }) => end),
    encryption: encryption && { ...encryption.facts, openedBy: encryption.isOwner ? 'owner' : 'user' },
    ...(await pagesOf(document)),
    fields: inspected,
    signatures: signatures.map(({ contents: _, contentsPlace: __, ...rest }) => rest),
    certifiedLevel: restrictions.level,
    locks: restrictions.locks,
    warnings: await warningsFor(document, restrictions, false),
  };
}
