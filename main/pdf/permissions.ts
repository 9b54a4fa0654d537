/** What earlier signatures and the form allow the next one (ISO 32000-2, 12.8.2.2: DocMDP; 12.8.2.4: FieldMDP). */
import { dictAt, type PdfDocument } from './document.ts';
import { PdfError } from './errors.ts';
import { type DocMdpLevel, type FieldLock, locks, readLock, referencesOf, toLevel } from './field-lock.ts';
import type { FormField } from './form-fields.ts';
import type { Maybe } from './objects.ts';

/** What a person may want to know before signing; none of them keeps a signature from being made. */
export type SigningWarning =
  /** The document is certified for form filling and signing: a new visible field is more than that in some readers' eyes. */
  | 'certified-new-visible-field'
  /** The form has an XFA part, which readers that know it show instead. */
  | 'xfa'
  /** The form asks readers to draw its fields anew, which changes what was signed in some of them. */
  | 'need-appearances'
  /** The password opens the file, but its permissions do not allow signing (Table 22). */
  | 'encryption-permissions';

export interface Restrictions {
  /** The strictest DocMDP; undefined where nothing is certified. */
  readonly level: DocMdpLevel | undefined;
  readonly locks: readonly FieldLock[];
  /** How many signature fields hold a value. */
  readonly signatures: number;
}

async function restrictionsOf(document: PdfDocument, signature: Maybe) {
  let level: DocMdpLevel | undefined;
  const found: FieldLock[] = [];
  for (const { method, parameters } of await referencesOf(document, signature)) {
    if (method === 'DocMDP') {
      const given = await document.resolve((await dictAt(document, parameters))?.get('P'));
      level = toLevel(given) ?? 2;
    } else if (method === 'FieldMDP') {
      const lock = await readLock(document, parameters);
      if (lock) found.push(lock);
    }
  }
  return { level, locks: found };
}

/** What the signatures in the document forbid. */
export async function readRestrictions(document: PdfDocument, fields: readonly FormField[]): Promise<Restrictions> {
  const permissions = await dictAt(document, document.catalog.get('Perms'));
  const values: Maybe[] = [permissions?.get('DocMDP')];
  for (const field of fields) {
    if (field.type === 'Sig' && (await document.resolve(field.value)) !== null) values.push(field.value);
  }
  let level: DocMdpLevel | undefined;
  const found: FieldLock[] = [];
  for (const value of values) {
    const one = await restrictionsOf(document, value);
    if (one.level !== undefined && (level === undefined || one.level < level)) level = one.level;
    found.push(...one.locks);
  }
  return { level, locks: found, signatures: values.length - 1 };
}

/** @throws PdfError changes-not-permitted where the document was certified against any change (P=1) */
export function assertSigningPermitted({ level }: Restrictions): void {
  if (level === 1) throw new PdfError('changes-not-permitted', 'DocMDP 1');
}

/** @throws PdfError changes-not-permitted where an earlier signature locks the field */
export function assertFieldPermitted(restrictions: Restrictions, fullName: string): void {
  if (restrictions.locks.some((lock) => locks(lock, fullName))) {
    throw new PdfError('changes-not-permitted', `FieldMDP ${fullName}`);
  }
}

/** Bits of /P, from 1: annotate and fill in, fill in (Table 22). */
const MAY_SIGN = (1 << 5) | (1 << 8);

export async function warningsFor(
  document: PdfDocument,
  restrictions: Restrictions,
  addsVisibleField: boolean,
): Promise<SigningWarning[]> {
  const form = await dictAt(document, document.catalog.get('AcroForm'));
  const warnings: SigningWarning[] = [];
  if (restrictions.level !== undefined && addsVisibleField) warnings.push('certified-new-visible-field');
  if (form?.has('XFA')) warnings.push('xfa');
  if ((await document.resolve(form?.get('NeedAppearances'))) === true) warnings.push('need-appearances');
  const { encryption } = document;
  if (encryption && !encryption.isOwner && (encryption.facts.permissions & MAY_SIGN) === 0) {
    warnings.push('encryption-permissions');
  }
  return warnings;
}
