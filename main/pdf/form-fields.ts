/** The interactive form's fields, by a walk over its tree (ISO 32000-2, 12.7.3 and 12.7.4). */
import { dictAt, oncePerDocument, type PdfDocument } from './document.ts';
import { PdfError } from './errors.ts';
import { limits } from './limits.ts';
import { isArray, isRef, isString, type Maybe, nameOf, type PdfDict, type PdfObject, type PdfRef } from './objects.ts';
import { decodeText } from './text-string.ts';

export interface Widget {
  readonly ref: PdfRef;
  readonly dict: PdfDict;
}

/** A terminal field. Widgets: the field itself where they are merged, else its kids without a name of their own. */
export interface FormField {
  /** Undefined for a field written in the array that lists it. */
  readonly ref: PdfRef | undefined;
  /** The array that lists it: /Fields of the form, or /Kids of the object named; undefined inside another direct field. */
  readonly listedIn: 'form' | PdfRef | undefined;
  /** Place in that array. */
  readonly index: number;
  readonly dict: PdfDict;
  /** Partial names joined by full stops (12.7.4.2). */
  readonly fullName: string;
  /** /FT, inherited or own. */
  readonly type: string | undefined;
  /** /V, inherited or own, not resolved. */
  readonly value: PdfObject;
  readonly widgets: readonly Widget[];
}

interface Inherited {
  readonly fullName: string;
  readonly type: string | undefined;
  readonly value: PdfObject;
  readonly depth: number;
  readonly listedIn: 'form' | PdfRef | undefined;
}

const isWidget = (dict: PdfDict) => nameOf(dict.get('Subtype')) === 'Widget' || dict.has('Rect');

async function join(document: PdfDocument, above: string, dict: PdfDict): Promise<string> {
  const partial = await document.resolve(dict.get('T'));
  if (!isString(partial)) return above;
  const text = decodeText(partial);
  return above === '' ? text : `${above}.${text}`;
}

async function collect(
  document: PdfDocument,
  at: Maybe,
  index: number,
  above: Inherited,
  seen: Set<number>,
  found: FormField[],
): Promise<void> {
  if (isRef(at)) {
    if (seen.has(at.num)) return;
    seen.add(at.num);
  }
  if (above.depth > limits.treeDepth) throw new PdfError('limit', 'field tree');
  const dict = await dictAt(document, at);
  if (!dict) return;
  const own: Inherited = {
    fullName: await join(document, above.fullName, dict),
    type: nameOf(await document.resolve(dict.get('FT'))) ?? above.type,
    value: dict.get('V') ?? above.value,
    depth: above.depth + 1,
    listedIn: isRef(at) ? at : undefined,
  };
  const fieldRef = isRef(at) ? at : undefined;
  const widgets: Widget[] = fieldRef && isWidget(dict) ? [{ ref: fieldRef, dict }] : [];
  const kids = await document.resolve(dict.get('Kids'));
  let terminal = true;
  for (const [place, kid] of isArray(kids) ? kids.entries() : []) {
    document.reader.spend('lookups', 1);
    if (isRef(kid) && seen.has(kid.num)) continue;
    const kidDict = await dictAt(document, kid);
    if (kidDict?.has('T') || kidDict?.has('Kids')) {
      terminal = false;
      await collect(document, kid, place, own, seen, found);
    } else if (kidDict && isRef(kid)) {
      seen.add(kid.num);
      widgets.push({ ref: kid, dict: kidDict });
    }
  }
  const { fullName, type, value } = own;
  if (terminal) found.push({ ref: fieldRef, listedIn: above.listedIn, index, dict, fullName, type, value, widgets });
}

/** Every terminal field, in the form's order, each object once. */
export const formFields = oncePerDocument(async (document): Promise<readonly FormField[]> => {
  const form = await dictAt(document, document.catalog.get('AcroForm'));
  const fields = await document.resolve(form?.get('Fields'));
  const seen = new Set<number>();
  const found: FormField[] = [];
  const top: Inherited = { fullName: '', type: undefined, value: null, depth: 0, listedIn: 'form' };
  for (const [place, field] of isArray(fields) ? fields.entries() : []) {
    document.reader.spend('lookups', 1);
    await collect(document, field, place, top, seen, found);
  }
  return found;
});

/** Names at the top of the form, which a new field must not repeat: of a field without a name of its own, those of its kids. */
export async function topFieldNames(document: PdfDocument): Promise<Set<string>> {
  const form = await dictAt(document, document.catalog.get('AcroForm'));
  const fields = await document.resolve(form?.get('Fields'));
  const names = new Set((await formFields(document)).map(({ fullName }) => fullName.split('.', 1)[0] ?? ''));
  for (const field of isArray(fields) ? fields : []) {
    const dict = await dictAt(document, field);
    if (dict) names.add(await join(document, '', dict));
  }
  return names;
}
