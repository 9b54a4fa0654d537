/** Puts a signature into a document as one increment: the field, its widget, the form, the dictionary with its gap (ISO 32000-2, 12.7.5.5). */
import { addField, freeFieldName } from './add-field.ts';
import { type MarkSpec, openMark } from './appearance.ts';
import type { PdfDocument } from './document.ts';
import { PdfError } from './errors.ts';
import { type DocMdpLevel, docMdpReference, lockReferences, readLock } from './field-lock.ts';
import { emptyFieldNamed, fillField } from './fill-field.ts';
import { type FormField, formFields } from './form-fields.ts';
import { startFormUpdate } from './form-update.ts';
import type { PlaceBox } from './geometry.ts';
import { startIncrement } from './increment.ts';
import type { PdfDict } from './objects.ts';
import {
  assertFieldPermitted,
  assertSigningPermitted,
  type Restrictions,
  readRestrictions,
  type SigningWarning,
  warningsFor,
} from './permissions.ts';
import { assertSeedValue, type Offer, seededLevel } from './seed-value.ts';
import { rangeText, type SignatureEntries, signatureText } from './signature-dictionary.ts';

export type FieldTarget =
  /** An empty signature field by its full name. */
  | { readonly kind: 'existing'; readonly name: string }
  | { readonly kind: 'new-invisible' }
  | { readonly kind: 'new-visible'; readonly box: PlaceBox };

export interface SignatureRequest {
  readonly target: FieldTarget;
  readonly entries: SignatureEntries;
  /** Room for the CMS, bytes. */
  readonly contentsBytes: number;
  /** Text of the mark; nothing is drawn where the field has no area. */
  readonly lines: readonly string[];
  /** Font, image and layout of the mark. */
  readonly mark?: Omit<MarkSpec, 'lines'> | undefined;
  /** Makes this a certification that allows no more than this (12.8.2.2). */
  readonly certify?: DocMdpLevel | undefined;
  /** What a seed value is held against besides the entries; undefined for a document timestamp. */
  readonly offer?: Pick<Offer, 'digestMethod' | 'hasTimestamp' | 'certificates'>;
}

export interface PlacedSignature {
  /** What is appended; /ByteRange is filled in, /Contents is zeros. */
  readonly increment: Uint8Array;
  readonly byteRange: readonly [number, number, number, number];
  /** Hex digits of /Contents, relative to the increment. */
  readonly gap: { readonly offset: number; readonly length: number };
  readonly fieldName: string;
  readonly warnings: readonly SigningWarning[];
}

interface Plan {
  readonly field: FormField | undefined;
  readonly fieldName: string;
  readonly references: readonly PdfDict[];
  readonly certify: DocMdpLevel | undefined;
}

/** A field that exists says what it asks for and what it locks. */
async function planExisting(
  document: PdfDocument,
  request: SignatureRequest,
  field: FormField,
  { signatures }: Restrictions,
): Promise<Plan> {
  const { offer, entries } = request;
  const seeded = offer && signatures === 0 ? await seededLevel(document, field.dict) : undefined;
  const certify = request.certify ?? seeded;
  if (offer) await assertSeedValue(document, field.dict, { ...offer, ...entries, certify });
  const lock = offer && (await readLock(document, field.dict.get('Lock')));
  const references = lock ? lockReferences(document, certify === undefined ? lock : { ...lock, level: undefined }) : [];
  return { field, fieldName: field.fullName, references, certify };
}

async function planFor(
  document: PdfDocument,
  request: SignatureRequest,
  fields: readonly FormField[],
  restrictions: Restrictions,
): Promise<Plan> {
  const { target, certify } = request;
  if (target.kind === 'existing') {
    const field = await emptyFieldNamed(document, fields, target.name);
    return planExisting(document, request, field, restrictions);
  }
  return { field: undefined, fieldName: await freeFieldName(document), references: [], certify };
}

/**
 * Document timestamps (entries.type) may be added whatever a certification says (12.8.2.2).
 * @throws PdfError field-not-found, field-already-signed, page-not-found, changes-not-permitted, already-signed, seed-value,
 * image-unreadable, font-unreadable, damaged, limit
 */
export async function placeSignature(document: PdfDocument, request: SignatureRequest): Promise<PlacedSignature> {
  if (document.repaired) throw new PdfError('damaged', 'repaired');
  const fields = await formFields(document);
  const restrictions = await readRestrictions(document, fields);
  const isTimestamp = request.entries.type === 'DocTimeStamp';
  if (!isTimestamp) assertSigningPermitted(restrictions);
  const plan = await planFor(document, request, fields, restrictions);
  if (!isTimestamp) assertFieldPermitted(restrictions, plan.fieldName);
  if (plan.certify !== undefined && restrictions.signatures > 0) throw new PdfError('already-signed');
  return write(document, request, plan, restrictions);
}

async function write(
  document: PdfDocument,
  request: SignatureRequest,
  plan: Plan,
  restrictions: Restrictions,
): Promise<PlacedSignature> {
  const { target, entries, contentsBytes, lines, mark: look } = request;
  const increment = await startIncrement(document);
  const form = await startFormUpdate(document, increment);
  const value = increment.allocate();
  const mark = openMark({ ...look, lines });
  const filling = { document, increment, form, mark, value };
  if (plan.field) await fillField(filling, plan.field);
  else await addField(filling, plan.fieldName, target.kind === 'new-visible' ? target.box : undefined);
  const references = [...plan.references];
  if (plan.certify !== undefined) {
    references.unshift(docMdpReference(plan.certify));
    await form.certify(value);
  }
  await form.finish();
  const signature = signatureText({ ...entries, references }, contentsBytes, (given) => increment.seal(value, given));
  increment.putRaw(value, signature.text);
  const { bytes, valueOffset } = increment.finish();
  const base = document.reader.size;
  const at = valueOffset(value);
  const gap = { offset: at + signature.gap.offset, length: signature.gap.length };
  const before = base + gap.offset - 1;
  const after = base + gap.offset + gap.length + 1;
  const byteRange = [0, before, after, base + bytes.length - after] as const;
  bytes.set(rangeText(byteRange), at + signature.range.offset);
  const warnings = await warningsFor(document, restrictions, target.kind === 'new-visible');
  return { increment: bytes, byteRange, gap, fieldName: plan.fieldName, warnings };
}
