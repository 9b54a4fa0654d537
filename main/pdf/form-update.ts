/** Changes to the interactive form that a signature brings (ISO 32000-2, 12.7.3). */
import { dictAt, type PdfDocument } from './document.ts';
import type { Increment } from './increment.ts';
import { countOf, dict, isArray, isDict, isRef, type Maybe, type PdfDict, type PdfRef } from './objects.ts';

/** SignaturesExist and AppendOnly (Table 225). */
const SIGNATURES_EXIST = 3;

/** Changes of one increment that may fall on one object: the catalog and the form are collected and written once. */
export interface FormUpdate {
  /** Lists a new field. */
  addField(at: PdfRef): Promise<void>;
  /** Puts a reference where a field was written in the array itself. */
  replaceField(index: number, at: PdfRef): Promise<void>;
  /** /Perms /DocMDP of the catalog (12.8.6). */
  certify(signature: PdfRef): Promise<void>;
  /** Writes all that changed; the form says from now on that it is signed. */
  finish(): Promise<void>;
}

/**
 * An array one longer. One that is an object of its own is changed in place.
 * @returns the array to write into its holder, undefined where the holder need not change
 */
export async function appended(document: PdfDocument, increment: Increment, array: Maybe, item: PdfRef) {
  const known = await document.resolve(array);
  const next = [...(isArray(known) ? known : []), item];
  if (!isRef(array) || !isArray(known)) return next;
  increment.put(array, next);
  return undefined;
}

/** Where the form is missing it is made; where it lies in the catalog it stays there. */
export async function startFormUpdate(document: PdfDocument, increment: Increment): Promise<FormUpdate> {
  const at = document.catalog.get('AcroForm');
  const known = await dictAt(document, at);
  const form = dict(known ?? []);
  const catalog = dict(document.catalog);
  const flags = countOf(await document.resolve(form.get('SigFlags'))) ?? 0;
  let formChanged = (flags & SIGNATURES_EXIST) !== SIGNATURES_EXIST;
  let catalogChanged = false;
  form.set('SigFlags', flags | SIGNATURES_EXIST);

  async function certify(signature: PdfRef): Promise<void> {
    const permissions = catalog.get('Perms');
    const next: PdfDict = new Map([...((await dictAt(document, permissions)) ?? []), ['DocMDP', signature] as const]);
    if (isRef(permissions)) {
      increment.put(permissions, next);
      return;
    }
    catalog.set('Perms', next);
    catalogChanged = true;
  }

  return {
    certify,
    async addField(field) {
      const fields = await appended(document, increment, form.get('Fields'), field);
      if (!fields) return;
      form.set('Fields', fields);
      formChanged = true;
    },
    async replaceField(index, field) {
      const fields = form.get('Fields');
      const found = await document.resolve(fields);
      const next = isArray(found) ? found.with(index, field) : [field];
      if (isRef(fields)) {
        increment.put(fields, next);
        return;
      }
      form.set('Fields', next);
      formChanged = true;
    },
    async finish() {
      if (formChanged && isRef(at) && isDict(known)) increment.put(at, form);
      else if (formChanged) {
        const own = isDict(at) ? form : increment.allocate();
        if (isRef(own)) increment.put(own, form);
        catalog.set('AcroForm', own);
        catalogChanged = true;
      }
      if (catalogChanged) increment.put(document.catalogRef, catalog);
    },
  };
}
