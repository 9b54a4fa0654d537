/** What a person who is about to sign a file wants to know of it: pages as displayed, empty fields with their places, what blocks a signature. */
import type { FileInspection, PercentBox } from '../../preload/model.ts';
import { type OpenOptions, openDocument, type PdfDocument } from './document.ts';
import { emptyFields } from './empty-field.ts';
import { boxOf, displayedSize, hasArea, type PageView } from './geometry.ts';
import { type Inspection, inspectPdf } from './inspection.ts';
import { isArray, isDict, isRef } from './objects.ts';
import { findPage, toRect, viewPage } from './page-tree.ts';
import type { Source } from './source.ts';

interface ShownPage {
  readonly page: number;
  readonly view: PageView;
  /** Object numbers of its annotations. */
  readonly annotations: ReadonlySet<number>;
}

async function showPages(document: PdfDocument, count: number): Promise<ShownPage[]> {
  const shown: ShownPage[] = [];
  for (let number = 1; number <= count; number++) {
    const page = await findPage(document, number);
    const listed = await document.resolve(page.dict.get('Annots'));
    const annotations = new Set(isArray(listed) ? listed.filter(isRef).map(({ num }) => num) : []);
    shown.push({ page: number, view: await viewPage(document, page), annotations });
  }
  return shown;
}

async function fieldsOf(document: PdfDocument, pages: readonly ShownPage[]): Promise<FileInspection['emptyFields']> {
  const fields: FileInspection['emptyFields'] = [];
  for (const field of await emptyFields(document)) {
    let box: PercentBox | undefined;
    for (const { ref, dict } of field.widgets) {
      const on = pages.find(({ annotations }) => annotations.has(ref.num));
      const rect = await toRect(document, dict.get('Rect'));
      if (!box && on && rect && hasArea(rect)) box = boxOf(on.view, on.page, rect);
    }
    const hasSeedValue = isDict(await document.resolve(field.dict.get('SV')));
    fields.push({ name: field.fullName, hasSeedValue, ...(box ? { box } : {}) });
  }
  return fields;
}

/** Damage is searched through; a certification against all changes (P=1) forbids signatures (ISO 32000-2, 12.8.2.2). */
function blockOf({ repaired, certifiedLevel }: Inspection): FileInspection['blocked'] {
  if (repaired) return 'damaged';
  return certifiedLevel === 1 ? 'changes-not-permitted' : undefined;
}

/** @throws PdfError not-a-pdf, damaged where nothing is found, encrypted, password-needed, limit */
export async function overviewOf(source: Source, options: OpenOptions = {}): Promise<FileInspection> {
  const seen = await inspectPdf(source, options);
  const document = await openDocument(source, { ...options, repair: true });
  const pages = await showPages(document, seen.pages.length);
  const blocked = blockOf(seen);
  return {
    version: seen.version,
    pageCount: seen.pageCount,
    pages: pages.map(({ page, view }) => ({ page, ...displayedSize(view) })),
    encrypted: seen.encryption !== undefined,
    repaired: seen.repaired,
    emptyFields: await fieldsOf(document, pages),
    signatures: seen.signatures.map(({ fieldName, type, signedAt, reason }) => ({
      fieldName,
      kind: type === 'DocTimeStamp' ? 'document-timestamp' : 'signature',
      ...(signedAt === undefined ? {} : { signedAt }),
      ...(reason === undefined ? {} : { reason }),
    })),
    ...(seen.certifiedLevel === undefined ? {} : { certifiedLevel: seen.certifiedLevel }),
    warnings: [...seen.warnings],
    ...(blocked === undefined ? {} : { blocked }),
    mayRewrite: blocked === 'damaged' && seen.signatures.length === 0,
  };
}
