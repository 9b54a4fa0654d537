/** An existing, empty signature field takes the signature (ISO 32000-2, 12.7.5.5). */
import type { Mark } from './appearance.ts';
import type { PdfDocument } from './document.ts';
import { PdfError } from './errors.ts';
import type { FormField, Widget } from './form-fields.ts';
import { appended, type FormUpdate } from './form-update.ts';
import { emptyRect, hasArea } from './geometry.ts';
import type { Increment } from './increment.ts';
import { countOf, dict, isArray, isDict, isRef, type PdfDict, type PdfRef } from './objects.ts';
import { findPageOf, toRect, viewPageAt } from './page-tree.ts';

/** Annotation flags (Table 167): Print and Locked. */
export const PRINT_LOCKED = 4 | 128;

export interface Filling {
  readonly document: PdfDocument;
  readonly increment: Increment;
  readonly form: FormUpdate;
  readonly mark: Mark;
  /** The signature dictionary. */
  readonly value: PdfRef;
}

/**
 * The first empty field of that name: names may be there twice.
 * @throws PdfError field-not-found, field-already-signed
 */
export async function emptyFieldNamed(document: PdfDocument, fields: readonly FormField[], wanted: string) {
  const named = fields.filter((field) => field.type === 'Sig' && field.fullName === wanted);
  if (named.length === 0) throw new PdfError('field-not-found');
  for (const field of named) if ((await document.resolve(field.value)) === null) return field;
  throw new PdfError('field-already-signed');
}

/** The widget with its flags and, where it has an area, its mark. */
async function dressed({ document, increment, mark }: Filling, widget: PdfDict, at: PdfRef | undefined) {
  const next = dict(widget);
  next.set('F', (countOf(await document.resolve(widget.get('F'))) ?? 0) | PRINT_LOCKED);
  const rect = (await toRect(document, widget.get('Rect'))) ?? emptyRect;
  if (!hasArea(rect)) return next;
  const view = (await viewPageAt(document, widget.get('P'))) ??
    (at && (await findPageOf(document, at))) ?? { rotation: 0, visible: rect, userUnit: 1 };
  const { dictionary, data } = mark.drawIn({ rect, rotation: view.rotation, userUnit: view.userUnit }, increment);
  const appearance = increment.allocate();
  increment.putStream(appearance, dictionary, data);
  next.set('AP', dict([['N', appearance]]));
  next.delete('AS');
  return next;
}

/** A field written in an array gets a number of its own, so that its page can list it and later revisions can speak of it. */
async function makeIndirect(filling: Filling, field: FormField): Promise<PdfRef> {
  const { document, increment, form } = filling;
  if (field.listedIn === undefined) throw new PdfError('damaged', 'field inside a direct field');
  const own = increment.allocate();
  if (field.listedIn === 'form') await form.replaceField(field.index, own);
  else {
    const parent = await document.load(field.listedIn);
    const kids = isDict(parent) ? await document.resolve(parent.get('Kids')) : null;
    if (!isDict(parent) || !isArray(kids)) throw new PdfError('damaged', 'kids');
    const listedBy = parent.get('Kids');
    const next = kids.with(field.index, own);
    if (isRef(listedBy)) increment.put(listedBy, next);
    else increment.put(field.listedIn, new Map([...parent, ['Kids', next]]));
  }
  const page = field.dict.get('P');
  const holder = isRef(page) ? await document.load(page) : null;
  if (isRef(page) && isDict(holder) && field.dict.has('Rect')) {
    const annotations = await appended(document, increment, holder.get('Annots'), own);
    if (annotations) increment.put(page, new Map([...holder, ['Annots', annotations]]));
  }
  return own;
}

export async function fillField(filling: Filling, field: FormField): Promise<void> {
  const { increment, value } = filling;
  const own = field.ref ?? (await makeIndirect(filling, field));
  const isMerged = field.widgets.some((widget) => widget.ref.num === own.num) || (!field.ref && field.dict.has('Rect'));
  const entries = isMerged ? await dressed(filling, field.dict, field.ref) : field.dict;
  increment.put(own, new Map([...entries, ['V', value]]));
  for (const widget of field.widgets) await dressKid(filling, widget, own);
}

async function dressKid(filling: Filling, widget: Widget, own: PdfRef): Promise<void> {
  if (widget.ref.num === own.num) return;
  filling.increment.put(widget.ref, await dressed(filling, widget.dict, widget.ref));
}
