/** The empty signature field a sender has already drawn where a signature is asked for (ISO 32000-2, 12.7.5.5). */
import { type OpenOptions, openDocument, type PdfDocument } from './document.ts';
import { type FormField, formFields } from './form-fields.ts';
import { heightOf, type PlaceBox, placeBox, type Rect, widthOf } from './geometry.ts';
import { isArray, isRef } from './objects.ts';
import { findPage, toRect, viewPage } from './page-tree.ts';
import type { Source } from './source.ts';

/** Shared area over joint area from which two boxes are taken for one. */
const SAME_PLACE = 0.5;

function likeness(first: Rect, second: Rect): number {
  const width = Math.min(first.x1, second.x1) - Math.max(first.x0, second.x0);
  const height = Math.min(first.y1, second.y1) - Math.max(first.y0, second.y0);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (widthOf(first) * heightOf(first) + widthOf(second) * heightOf(second) - shared);
}

/** Signature fields nobody has signed. */
export async function emptyFields(document: PdfDocument): Promise<FormField[]> {
  const found: FormField[] = [];
  for (const field of await formFields(document)) {
    const empty = (await document.resolve(field.value)) === null;
    if (field.type === 'Sig' && empty && field.ref && field.fullName !== '') found.push(field);
  }
  return found;
}

async function fieldAt(
  document: PdfDocument,
  fields: readonly FormField[],
  box: PlaceBox,
): Promise<string | undefined> {
  const page = await findPage(document, box.page);
  const wanted = placeBox(await viewPage(document, page), box);
  const annotations = await document.resolve(page.dict.get('Annots'));
  const onPage = new Set(isArray(annotations) ? annotations.filter(isRef).map((ref) => ref.num) : []);
  for (const field of fields) {
    for (const widget of field.widgets) {
      if (!onPage.has(widget.ref.num)) continue;
      const rect = await toRect(document, widget.dict.get('Rect'));
      if (rect && likeness(rect, wanted) >= SAME_PLACE) return field.fullName;
    }
  }
  return undefined;
}

/**
 * With a box: the full name of the empty field whose widget lies there. Without: the only empty field, where there is just one.
 * @throws PdfError not-a-pdf, damaged, encrypted, password-needed, limit, page-not-found
 */
export async function findEmptyField(
  source: Source,
  box: PlaceBox | undefined,
  options: OpenOptions = {},
): Promise<string | undefined> {
  const document = await openDocument(source, options);
  const fields = await emptyFields(document);
  if (fields.length === 0) return undefined;
  if (box) return fieldAt(document, fields, box);
  return fields.length === 1 ? fields[0]?.fullName : undefined;
}
