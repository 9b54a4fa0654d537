/**
 * What the revisions after a signature changed, in kind (ISO 32000-2, 12.8.2.2 and Annex: what DocMDP and FieldMDP allow). Every
 * object the later revisions speak of must be accounted for by its role in the document; one that is not counts as `other`.
 */
import { dictAt, type PdfDocument } from './document.ts';
import { formFields } from './form-fields.ts';
import { limits } from './limits.ts';
import {
  isArray,
  isDict,
  isRef,
  isStream,
  type Maybe,
  nameOf,
  type PdfDict,
  type PdfObject,
  type PdfRef,
  ref,
} from './objects.ts';
import { objectText } from './serializer.ts';

export type ChangeKind =
  | 'validation-data'
  | 'document-timestamp'
  | 'signature-field'
  | 'form-fill'
  | 'annotation'
  | 'metadata'
  | 'other';

export interface LaterChanges {
  readonly kinds: readonly ChangeKind[];
  /** Full names of the fields that were filled, signed or added. */
  readonly fields: readonly string[];
}

const MAX_CHANGED_OBJECTS = 20_000;

/** Numbers that sections after `end` speak of; undefined for too many. */
async function changedNumbers(document: PdfDocument, end: number): Promise<Set<number> | undefined> {
  const numbers = new Set<number>();
  for (const { section, hidden } of document.chain.links) {
    if (section.offset < end) continue;
    for (const { first, count } of [...section.runs, ...(hidden?.runs ?? [])]) {
      if (numbers.size + count > MAX_CHANGED_OBJECTS) return undefined;
      for (let num = first; num < first + count; num++) numbers.add(num);
    }
  }
  return numbers;
}

/** The later sections lead back to exactly those of the earlier revision: none of them is left out, and none that lay dormant is in. */
function continues(before: PdfDocument, after: PdfDocument, end: number): boolean {
  const offsets = after.chain.links.map(({ section }) => section.offset);
  const older = before.chain.links.map(({ section }) => section.offset);
  const newer = offsets.slice(0, offsets.length - older.length);
  return newer.every((offset) => offset >= end) && offsets.slice(newer.length).join() === older.join();
}

const textOf = (value: Maybe): string => {
  if (isStream(value)) return `stream ${value.dataOffset} ${objectText(value.dict)}`;
  return objectText(value ?? null);
};

/** The keys whose values differ. */
function changedKeys(before: PdfDict | undefined, after: PdfDict): string[] {
  const all = new Set([...(before?.keys() ?? []), ...after.keys()]);
  return [...all].filter((key) => textOf(before?.get(key)) !== textOf(after.get(key)));
}

const within = (keys: readonly string[], allowed: readonly string[]) => keys.every((key) => allowed.includes(key));

/** Compares two states of one document and books every changed object to a kind. */
class Comparison {
  readonly #before: PdfDocument;
  readonly #after: PdfDocument;
  readonly #open: Set<number>;
  readonly #kinds = new Set<ChangeKind>();
  readonly #fields = new Set<string>();

  constructor(before: PdfDocument, after: PdfDocument, changed: Set<number>) {
    this.#before = before;
    this.#after = after;
    this.#open = changed;
  }

  async run(): Promise<LaterChanges> {
    await this.#catalog();
    await this.#form();
    await this.#store();
    await this.#metadata();
    await this.#pages();
    for (const num of this.#open) await this.#unclaimed(ref(num));
    return { kinds: [...this.#kinds], fields: [...this.#fields] };
  }

  /** True, once, for an object that was changed and has not been booked yet. */
  #take(at: Maybe): boolean {
    return isRef(at) && this.#open.delete(at.num);
  }

  async #isNew(at: PdfRef): Promise<boolean> {
    return (await this.#before.load(at)) === null;
  }

  /** New objects below `value` belong to what names them; an old one that was changed there does not. */
  async #claimNew(value: Maybe, kind: ChangeKind, depth = 0): Promise<void> {
    if (depth > limits.treeDepth) return;
    if (isRef(value)) {
      if (!this.#open.has(value.num)) return;
      if (!(await this.#isNew(value))) return;
      this.#open.delete(value.num);
      this.#kinds.add(kind);
      await this.#claimNew(await this.#after.load(value), kind, depth + 1);
    } else if (isArray(value)) {
      for (const item of value) await this.#claimNew(item, kind, depth + 1);
    } else if (isDict(value) || isStream(value)) {
      for (const [key, item] of isStream(value) ? value.dict : value) {
        if (key !== 'P' && key !== 'Parent') await this.#claimNew(item, kind, depth + 1);
      }
    }
  }

  async #catalog(): Promise<void> {
    const { catalogRef, catalog } = this.#after;
    if (!this.#take(catalogRef)) {
      if (catalogRef.num !== this.#before.catalogRef.num) this.#kinds.add('other');
      return;
    }
    const keys = changedKeys(this.#before.catalog, catalog);
    if (keys.includes('DSS') || keys.includes('Extensions')) this.#kinds.add('validation-data');
    const perms = keys.includes('Perms') && this.#before.catalog.has('Perms');
    if (perms || !within(keys, ['DSS', 'Extensions', 'AcroForm', 'Metadata', 'Perms'])) this.#kinds.add('other');
    await this.#claimNew(catalog.get('Extensions'), 'validation-data');
    const permissions = catalog.get('Perms');
    if (isRef(permissions) && (await this.#isNew(permissions))) this.#take(permissions);
  }

  async #store(): Promise<void> {
    const at = this.#after.catalog.get('DSS');
    const take = async (value: Maybe, depth: number): Promise<void> => {
      if (depth > 6) return;
      if (isRef(value)) {
        if (!this.#take(value)) return;
        this.#kinds.add('validation-data');
        // A store's object that the signed revision used for something else is no store's object.
        const before = await this.#before.load(value);
        const wasStore = this.#before.catalog.get('DSS');
        if (before !== null && !(isRef(wasStore) && wasStore.num === value.num) && !isStream(before)) {
          if (!(await this.#isPartOfOldStore(value))) this.#kinds.add('other');
        }
        await take(await this.#after.load(value), depth + 1);
      } else if (isArray(value)) for (const item of value) await take(item, depth + 1);
      else if (isDict(value)) for (const item of value.values()) await take(item, depth + 1);
    };
    await take(at, 0);
    if (!isRef(at)) await take(await dictAt(this.#after, at), 0);
  }

  async #isPartOfOldStore(at: PdfRef): Promise<boolean> {
    const store = await dictAt(this.#before, this.#before.catalog.get('DSS'));
    return [...(store?.values() ?? [])].some((value) => isRef(value) && value.num === at.num);
  }

  async #metadata(): Promise<void> {
    for (const at of [this.#after.trailer.get('Info'), this.#after.catalog.get('Metadata')]) {
      if (this.#take(at)) this.#kinds.add('metadata');
    }
  }

  async #form(): Promise<void> {
    const [beforeForm, afterForm] = [this.#before, this.#after].map((d) => d.catalog.get('AcroForm'));
    const before = await dictAt(this.#before, beforeForm);
    const after = await dictAt(this.#after, afterForm);
    if (after) {
      const keys = changedKeys(before, after);
      if (!within(keys, ['Fields', 'SigFlags', 'DR', 'DA', 'NeedAppearances'])) this.#kinds.add('other');
      if (keys.some((key) => key === 'DR' || key === 'DA' || key === 'NeedAppearances')) this.#kinds.add('form-fill');
      this.#take(afterForm);
      this.#take(after.get('Fields'));
      await this.#claimNew(after.get('DR'), 'form-fill');
    } else if (before) this.#kinds.add('other');
    const known = new Map<number, PdfDict>();
    for (const field of await formFields(this.#before)) if (field.ref) known.set(field.ref.num, field.dict);
    const kept = new Set<number>();
    for (const field of await formFields(this.#after)) {
      if (field.ref) kept.add(field.ref.num);
      await this.#field(field.ref, field.dict, field.fullName, field.type, field.value, known);
      for (const widget of field.widgets) await this.#widget(widget.ref, widget.dict, field.type, field.fullName);
    }
    // A field that is gone took its value with it.
    if ([...known.keys()].some((num) => !kept.has(num))) this.#kinds.add('other');
  }

  async #field(
    at: PdfRef | undefined,
    dict: PdfDict,
    fullName: string,
    type: string | undefined,
    value: PdfObject,
    known: ReadonlyMap<number, PdfDict>,
  ): Promise<void> {
    if (!at || !this.#take(at)) return;
    const before = known.get(at.num);
    if (!before && !(await this.#isNew(at))) this.#kinds.add('other');
    const keys = changedKeys(before, dict);
    if (type === 'Sig') {
      const signature = await dictAt(this.#after, value);
      const isStamp =
        nameOf(signature?.get('Type')) === 'DocTimeStamp' || nameOf(signature?.get('SubFilter')) === 'ETSI.RFC3161';
      const kind: ChangeKind = isStamp ? 'document-timestamp' : 'signature-field';
      this.#kinds.add(kind);
      if (!isStamp) this.#fields.add(fullName);
      const wasSigned = before?.has('V') === true && keys.includes('V');
      if (wasSigned || (before && !within(keys, ['V', 'AP', 'AS', 'F', 'MK', 'Lock']))) this.#kinds.add('other');
      await this.#claimNew(value, kind);
      await this.#claimNew(dict.get('AP'), kind);
      await this.#claimNew(dict.get('Lock'), kind);
      return;
    }
    this.#fields.add(fullName);
    this.#kinds.add(before ? 'form-fill' : 'other');
    if (before && !within(keys, ['V', 'AP', 'AS', 'M', 'I', 'RV'])) this.#kinds.add('other');
    await this.#claimNew(value, 'form-fill');
    await this.#claimNew(dict.get('AP'), 'form-fill');
  }

  async #widget(at: PdfRef, dict: PdfDict, type: string | undefined, fullName: string): Promise<void> {
    if (!this.#take(at)) return;
    const before = await dictAt(this.#before, at);
    const kind = type === 'Sig' ? 'signature-field' : 'form-fill';
    this.#kinds.add(kind);
    this.#fields.add(fullName);
    if (before && !within(changedKeys(before, dict), ['AP', 'AS', 'F', 'M', 'MK'])) this.#kinds.add('other');
    await this.#claimNew(dict.get('AP'), kind);
  }

  /** Pages that were changed may have other annotations, and nothing else. */
  async #pages(): Promise<void> {
    for (const num of [...this.#open]) {
      const at = ref(num);
      const [before, after] = [await this.#before.load(at), await this.#after.load(at)];
      if (!isDict(before) || !isDict(after) || nameOf(after.get('Type')) !== 'Page') continue;
      this.#open.delete(num);
      if (!within(changedKeys(before, after), ['Annots'])) this.#kinds.add('other');
      await this.#annotations(before.get('Annots'), after.get('Annots'));
    }
    // Lists of annotations that are objects of their own.
    for (const num of [...this.#open]) {
      const at = ref(num);
      const [before, after] = [await this.#before.load(at), await this.#after.load(at)];
      if (isArray(before) && isArray(after) && (await this.#areAnnotations(before, after))) {
        this.#open.delete(num);
        await this.#annotations(before, after);
      }
    }
    await this.#changedAnnotations();
  }

  async #areAnnotations(before: readonly PdfObject[], after: readonly PdfObject[]): Promise<boolean> {
    for (const item of [...before, ...after]) {
      const found = (await dictAt(this.#after, item)) ?? (await dictAt(this.#before, item));
      if (!found?.has('Subtype') || !found.has('Rect')) return false;
    }
    return true;
  }

  async #annotations(before: Maybe, after: Maybe): Promise<void> {
    const [old, next] = [await this.#before.resolve(before), await this.#after.resolve(after)];
    this.#take(after);
    const known = new Set((isArray(old) ? old : []).map(textOf));
    const now = new Set((isArray(next) ? next : []).map(textOf));
    if ([...known].some((text) => !now.has(text))) this.#kinds.add('annotation');
    for (const item of isArray(next) ? next : []) {
      if (known.has(textOf(item))) continue;
      const found = await dictAt(this.#after, item);
      if (nameOf(found?.get('Subtype')) === 'Widget' && !(isRef(item) && this.#open.has(item.num))) continue;
      this.#kinds.add('annotation');
      await this.#claimNew(item, 'annotation');
    }
  }

  async #changedAnnotations(): Promise<void> {
    for (const num of [...this.#open]) {
      const at = ref(num);
      const [before, after] = [await this.#before.load(at), await this.#after.load(at)];
      const isAnnotation = (value: PdfObject) => isDict(value) && value.has('Subtype') && value.has('Rect');
      if (!isAnnotation(before) || !isDict(after) || !isAnnotation(after)) continue;
      this.#open.delete(num);
      this.#kinds.add('annotation');
      await this.#claimNew(after, 'annotation');
    }
  }

  /** Streams of the file's own bookkeeping are nobody's content. */
  async #unclaimed(at: PdfRef): Promise<void> {
    const [before, after] = [await this.#before.load(at), await this.#after.load(at)];
    const type = isStream(after) ? nameOf(after.dict.get('Type')) : undefined;
    if (before === null && (after === null || type === 'XRef' || type === 'ObjStm')) return;
    if (textOf(before) === textOf(after) && !isStream(after)) return;
    this.#kinds.add('other');
  }
}

/**
 * @param before the document as its revision ended at `end`
 * @param after the document as it is
 * @param end size of the file at the end of the earlier revision
 * @throws PdfError damaged, limit
 */
export async function laterChanges(before: PdfDocument, after: PdfDocument, end: number): Promise<LaterChanges> {
  const changed = continues(before, after, end) ? await changedNumbers(after, end) : undefined;
  if (!changed) return { kinds: ['other'], fields: [] };
  if (changed.size === 0) return { kinds: [], fields: [] };
  changed.delete(0);
  return new Comparison(before, after, changed).run();
}
