/** A new signature field with its widget, visible or not (ISO 32000-2, 12.7.5.5). */

import type { PdfDocument } from './document.ts';
import { type Filling, PRINT_LOCKED } from './fill-field.ts';
import { topFieldNames } from './form-fields.ts';
import { appended } from './form-update.ts';
import { emptyRect, hasArea, type PlaceBox, placeBox } from './geometry.ts';
import { dict, name } from './objects.ts';
import { findPage, viewPage } from './page-tree.ts';
import { encodeText } from './text-string.ts';

/** The first `Signature<n>` no field at the top of the form has. */
export async function freeFieldName(document: PdfDocument): Promise<string> {
  const taken = await topFieldNames(document);
  let number = 1;
  while (taken.has(`Signature${number}`)) number++;
  return `Signature${number}`;
}

/**
 * @param box undefined: invisible, listed on page 1
 * @throws PdfError page-not-found
 */
export async function addField(filling: Filling, fieldName: string, box: PlaceBox | undefined): Promise<void> {
  const { document, increment, form, mark, value } = filling;
  const page = await findPage(document, box?.page ?? 1);
  const field = increment.allocate();
  const entries = dict([
    ['Type', name('Annot')],
    ['Subtype', name('Widget')],
    ['FT', name('Sig')],
    ['T', encodeText(fieldName)],
    ['F', PRINT_LOCKED],
    ['P', page.ref],
    ['V', value],
  ]);
  let rect = emptyRect;
  if (box) {
    const view = await viewPage(document, page);
    rect = placeBox(view, box);
    if (hasArea(rect)) {
      const { rotation, userUnit } = view;
      const { dictionary, data } = mark.drawIn({ rect, rotation, userUnit }, increment);
      const appearance = increment.allocate();
      increment.putStream(appearance, dictionary, data);
      entries.set('AP', dict([['N', appearance]]));
    }
  }
  entries.set('Rect', [rect.x0, rect.y0, rect.x1, rect.y1]);
  increment.put(field, entries);
  const annotations = await appended(document, increment, page.dict.get('Annots'), field);
  if (annotations) increment.put(page.ref, new Map([...page.dict, ['Annots', annotations]]));
  await form.addField(field);
}
