/** Puts a signature into a document as one increment: the field, its widget, the form, the dictionary with its gap (ISO 32000-2, 12.7.5.5). */
import type { PercentBox } from '../../preload/model.ts';
import { signatureAppearance } from './appearance.ts';
import { dictAt, type PdfDocument } from './document.ts';
import { PdfError } from './errors.ts';
import { type FormField, formFields, topFieldNames, type Widget } from './form-fields.ts';
import { emptyRect, heightOf, type PageView, placeBox, type Rect, widthOf } from './geometry.ts';
import { type Increment, startIncrement } from './increment.ts';
import {
  countOf,
  dict,
  isArray,
  isDict,
  isRef,
  type Maybe,
  name,
  type PdfDict,
  type PdfObject,
  type PdfRef,
} from './objects.ts';
import { findPage, findPageOf, toRect, viewPage, viewPageAt } from './page-tree.ts';
import { assertSigningPermitted } from './permissions.ts';
import { rangeText, type SignatureEntries, signatureText } from './signature-dictionary.ts';
import { encodeText } from './text-string.ts';

export type FieldTarget =
  /** An empty signature field by its full name. */
  | { readonly kind: 'existing'; readonly name: string }
  | { readonly kind: 'new-invisible' }
  | { readonly kind: 'new-visible'; readonly box: PercentBox };

export interface SignatureRequest {
  readonly target: FieldTarget;
  readonly entries: SignatureEntries;
  /** Room for the CMS, bytes. */
  readonly contentsBytes: number;
  /** Text of the mark; nothing is drawn where the field has no area. */
  readonly lines: readonly string[];
}

export interface PlacedSignature {
  /** What is appended; /ByteRange is filled in, /Contents is zeros. */
  readonly increment: Uint8Array;
  readonly byteRange: readonly [number, number, number, number];
  /** Hex digits of /Contents, relative to the increment. */
  readonly gap: { readonly offset: number; readonly length: number };
  readonly fieldName: string;
}

/** Annotation flags (Table 167): Print and Locked. */
const PRINT_LOCKED = 4 | 128;
/** SignaturesExist and AppendOnly (Table 225). */
const SIGNATURES_EXIST = 3;

/**
 * @throws PdfError field-not-found, field-already-signed, page-not-found, changes-not-permitted, damaged, limit
 */
export async function placeSignature(document: PdfDocument, request: SignatureRequest): Promise<PlacedSignature> {
  if (document.repaired) throw new PdfError('damaged', 'repaired');
  const fields: FormField[] = [];
  for await (const field of formFields(document)) fields.push(field);
  await assertSigningPermitted(document, fields);
  const increment = await startIncrement(document);
  const value = increment.allocate();
  const { target } = request;
  const fieldName =
    target.kind === 'existing'
      ? await fillField(document, increment, fields, target.name, value, request.lines)
      : await addField(document, increment, target, value, request.lines);
  const signature = signatureText(request.entries, request.contentsBytes, (given) => increment.seal(value, given));
  increment.putRaw(value, signature.text);
  const { bytes, valueOffset } = increment.finish();
  const base = document.reader.size;
  const at = valueOffset(value);
  const gap = { offset: at + signature.gap.offset, length: signature.gap.length };
  const before = base + gap.offset - 1;
  const after = base + gap.offset + gap.length + 1;
  const byteRange = [0, before, after, base + bytes.length - after] as const;
  bytes.set(rangeText(byteRange), at + signature.range.offset);
  return { increment: bytes, byteRange, gap, fieldName };
}

/** Adds the appearance to the increment. @returns the widget's /AP */
function putAppearance(increment: Increment, rect: Rect, view: PageView, lines: readonly string[]): PdfDict {
  const { dictionary, data } = signatureAppearance({ lines, rect, rotation: view.rotation, userUnit: view.userUnit });
  const at = increment.allocate();
  increment.putStream(at, dictionary, data);
  return dict([['N', at]]);
}

const hasArea = (rect: Rect) => widthOf(rect) > 0 && heightOf(rect) > 0;

async function fillField(
  document: PdfDocument,
  increment: Increment,
  fields: readonly FormField[],
  wanted: string,
  value: PdfRef,
  lines: readonly string[],
): Promise<string> {
  const named = fields.filter((field) => field.type === 'Sig' && field.fullName === wanted);
  if (named.length === 0) throw new PdfError('field-not-found');
  const empty: FormField[] = [];
  for (const field of named) if ((await document.resolve(field.value)) === null) empty.push(field);
  const [field] = empty;
  if (!field) throw new PdfError('field-already-signed');
  if (!field.ref) throw new PdfError('damaged', 'field is not an indirect object');
  const own = field.ref;
  const merged = field.widgets.find((widget) => widget.ref.num === own.num);
  increment.put(
    own,
    new Map([...(merged ? await dressed(document, increment, merged, lines) : field.dict), ['V', value]]),
  );
  for (const widget of field.widgets) {
    if (widget !== merged) increment.put(widget.ref, await dressed(document, increment, widget, lines));
  }
  await markForm(document, increment, undefined);
  return field.fullName;
}

/** The widget of an existing field with its flags and, where it has an area, its mark. */
async function dressed(
  document: PdfDocument,
  increment: Increment,
  widget: Widget,
  lines: readonly string[],
): Promise<Map<string, PdfObject>> {
  const next = dict(widget.dict);
  next.set('F', (countOf(await document.resolve(widget.dict.get('F'))) ?? 0) | PRINT_LOCKED);
  const rect = (await toRect(document, widget.dict.get('Rect'))) ?? emptyRect;
  if (!hasArea(rect)) return next;
  const view = (await viewPageAt(document, widget.dict.get('P'))) ??
    (await findPageOf(document, widget.ref)) ?? { rotation: 0, visible: rect, userUnit: 1 };
  next.set('AP', putAppearance(increment, rect, view, lines));
  next.delete('AS');
  return next;
}

async function addField(
  document: PdfDocument,
  increment: Increment,
  target: Exclude<FieldTarget, { kind: 'existing' }>,
  value: PdfRef,
  lines: readonly string[],
): Promise<string> {
  const page = await findPage(document, target.kind === 'new-visible' ? target.box.page : 1);
  const fieldName = await freeName(document);
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
  if (target.kind === 'new-visible') {
    const view = await viewPage(document, page);
    rect = placeBox(view, target.box);
    if (hasArea(rect)) entries.set('AP', putAppearance(increment, rect, view, lines));
  }
  entries.set('Rect', [rect.x0, rect.y0, rect.x1, rect.y1]);
  increment.put(field, entries);
  const annotations = await appended(document, increment, page.dict.get('Annots'), field);
  if (annotations) increment.put(page.ref, new Map([...page.dict, ['Annots', annotations]]));
  await markForm(document, increment, field);
  return fieldName;
}

async function freeName(document: PdfDocument): Promise<string> {
  const taken = await topFieldNames(document);
  let number = 1;
  while (taken.has(`Signature${number}`)) number++;
  return `Signature${number}`;
}

/**
 * An array one longer. One that is an object of its own is changed in place.
 * @returns the array to write into its holder, undefined where the holder need not change
 */
async function appended(document: PdfDocument, increment: Increment, array: Maybe, item: PdfRef) {
  const known = await document.resolve(array);
  const next = [...(isArray(known) ? known : []), item];
  if (!isRef(array) || !isArray(known)) return next;
  increment.put(array, next);
  return undefined;
}

/** Sets /SigFlags and lists a new field, in the form where it is: missing, in the catalog, or an object of its own. */
async function markForm(document: PdfDocument, increment: Increment, added: PdfRef | undefined): Promise<void> {
  const at = document.catalog.get('AcroForm');
  const known = await dictAt(document, at);
  const form = dict(known ?? []);
  const flags = countOf(await document.resolve(form.get('SigFlags'))) ?? 0;
  const fields = added && (await appended(document, increment, form.get('Fields'), added));
  if ((flags & SIGNATURES_EXIST) === SIGNATURES_EXIST && !fields) return;
  form.set('SigFlags', flags | SIGNATURES_EXIST);
  if (fields) form.set('Fields', fields);
  if (isRef(at) && isDict(known)) {
    increment.put(at, form);
    return;
  }
  const own = isDict(at) ? form : increment.allocate();
  if (isRef(own)) increment.put(own, form);
  increment.put(document.catalogRef, new Map([...document.catalog, ['AcroForm', own]]));
}
