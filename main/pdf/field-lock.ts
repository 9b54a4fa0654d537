/** What a signature forbids to those that follow: FieldMDP and DocMDP (ISO 32000-2, 12.8.2.2 and 12.8.2.4; Table 236, /Lock). */
import { dictAt, type PdfDocument } from './document.ts';
import { dict, isArray, isName, isString, type Maybe, name, nameOf, type PdfDict, type PdfObject } from './objects.ts';
import { decodeText, encodeText } from './text-string.ts';

/** 1: nothing more; 2: forms and signatures; 3: annotations too (Table 257). */
export type DocMdpLevel = 1 | 2 | 3;

export interface FieldLock {
  readonly action: 'All' | 'Include' | 'Exclude';
  /** Full names. */
  readonly fields: readonly string[];
  /** /P of a lock: what the whole document allows from then on. */
  readonly level: DocMdpLevel | undefined;
}

export const toLevel = (value: PdfObject): DocMdpLevel | undefined =>
  value === 1 || value === 2 || value === 3 ? value : undefined;

/** Of a /Lock dictionary or of a FieldMDP's parameters; undefined where it is neither. */
export async function readLock(document: PdfDocument, value: Maybe): Promise<FieldLock | undefined> {
  const found = await dictAt(document, value);
  const action = nameOf(await document.resolve(found?.get('Action')));
  if (!found || (action !== 'All' && action !== 'Include' && action !== 'Exclude')) return undefined;
  const listed = await document.resolve(found.get('Fields'));
  const fields: string[] = [];
  for (const item of isArray(listed) ? listed : []) {
    const text = await document.resolve(item);
    if (isString(text)) fields.push(decodeText(text));
  }
  return { action, fields, level: toLevel(await document.resolve(found.get('P'))) };
}

/** A name locks the fields below it as well. */
export function locks(lock: FieldLock, fullName: string): boolean {
  const listed = lock.fields.some((field) => field === fullName || fullName.startsWith(`${field}.`));
  return lock.action === 'All' || (lock.action === 'Include' ? listed : !listed);
}

function reference(method: 'DocMDP' | 'FieldMDP', parameters: PdfDict): Map<string, PdfObject> {
  return dict([
    ['Type', name('SigRef')],
    ['TransformMethod', name(method)],
    ['TransformParams', parameters],
  ]);
}

/** A signature reference that certifies the document or, by an approval signature's lock, restricts it from then on. */
export function docMdpReference(level: DocMdpLevel): PdfDict {
  const parameters = dict([
    ['Type', name('TransformParams')],
    ['P', level],
    ['V', name('1.2')],
  ]);
  return reference('DocMDP', parameters);
}

/** The signature references that carry out a /Lock. */
export function lockReferences(document: PdfDocument, lock: FieldLock): PdfDict[] {
  const parameters = dict([
    ['Type', name('TransformParams')],
    ['Action', name(lock.action)],
    ...(lock.action === 'All' ? [] : [['Fields', lock.fields.map(encodeText)] as const]),
    ['V', name('1.2')],
  ]);
  const locked = reference('FieldMDP', parameters).set('Data', document.catalogRef);
  return lock.level === undefined ? [locked] : [locked, docMdpReference(lock.level)];
}

/** /Reference of a signature dictionary, by transform method. */
export async function referencesOf(
  document: PdfDocument,
  signature: Maybe,
): Promise<{ method: string; parameters: Maybe }[]> {
  const listed = await document.resolve((await dictAt(document, signature))?.get('Reference'));
  const found: { method: string; parameters: Maybe }[] = [];
  for (const item of isArray(listed) ? listed.slice(0, 64) : []) {
    const entry = await dictAt(document, item);
    const method = await document.resolve(entry?.get('TransformMethod'));
    if (isName(method)) found.push({ method: method.value, parameters: entry?.get('TransformParams') });
  }
  return found;
}
