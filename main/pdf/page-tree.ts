/** Pages by number, without reading the pages before them (ISO 32000-2, 7.7.3). */
import { dictAt, type PdfDocument } from './document.ts';
import { PdfError } from './errors.ts';
import { intersect, type PageView, type Rect, toRotation } from './geometry.ts';
import { limits } from './limits.ts';
import { countOf, isArray, isRef, type Maybe, type PdfArray, type PdfDict, type PdfRef } from './objects.ts';

export interface Page {
  readonly ref: PdfRef;
  readonly dict: PdfDict;
  /** From the page up to the root of the tree: inherited attributes are found in the first that has them. */
  readonly lineage: readonly PdfDict[];
}

const LETTER: Rect = { x0: 0, y0: 0, x1: 612, y1: 792 };

/** Finds pages below one node; `wanted` is a zero-based index among them. */
interface Walk {
  readonly document: PdfDocument;
  /** Object numbers on the way down: a tree that leads back to one is a loop. */
  readonly path: Set<number>;
  /** Whether /Count is believed, where it is not less than the kids. */
  readonly trusting: boolean;
  wanted: number;
  /** Nodes and pages that may still be looked at. */
  patience: number;
}

const SEARCH = 200_000;
/** A tree whose counts are wrong is searched page by page this far. */
const EXACT_SEARCH = 20_000;

const isNode = (dict: PdfDict) => dict.has('Kids');

async function kidsOf(document: PdfDocument, node: PdfDict): Promise<PdfArray> {
  const kids = await document.resolve(node.get('Kids'));
  return isArray(kids) ? kids : [];
}

/**
 * In a node with as many pages as kids each kid has one page, so the wanted one is gone to at once. (An empty node among them would make this
 * wrong; nobody writes those into a flat tree.)
 */
function startAmong(walk: Walk, node: PdfDict, kids: PdfArray): number {
  if (!walk.trusting || countOf(node.get('Count')) !== kids.length) return 0;
  const skipped = Math.min(walk.wanted, kids.length);
  walk.wanted -= skipped;
  return skipped;
}

async function descend(walk: Walk, at: Maybe, above: readonly PdfDict[]): Promise<Page | undefined> {
  const { document, path } = walk;
  if (!isRef(at) || path.has(at.num)) return undefined;
  const dict = await dictAt(document, at);
  if (!dict) return undefined;
  const lineage = [dict, ...above];
  if (!isNode(dict)) return walk.wanted-- === 0 ? { ref: at, dict, lineage } : undefined;
  const kids = await kidsOf(document, dict);
  const count = countOf(dict.get('Count')) ?? 0;
  if (walk.trusting && count >= kids.length && walk.wanted >= count) {
    walk.wanted -= count;
    return undefined;
  }
  if (lineage.length > limits.treeDepth) throw new PdfError('limit', 'page tree');
  path.add(at.num);
  for (let i = startAmong(walk, dict, kids); i < kids.length; i++) {
    if (walk.patience-- <= 0) return undefined;
    const page = await descend(walk, kids[i], lineage);
    if (page) return page;
  }
  path.delete(at.num);
  return undefined;
}

/** @param number from 1 @throws PdfError page-not-found */
export async function findPage(document: PdfDocument, number: number): Promise<Page> {
  const root = document.catalog.get('Pages');
  for (const trusting of number >= 1 ? [true, false] : []) {
    const patience = trusting ? SEARCH : EXACT_SEARCH;
    const page = await descend({ document, path: new Set(), trusting, wanted: number - 1, patience }, root, []);
    if (page) return page;
  }
  throw new PdfError('page-not-found', String(number));
}

/** An attribute of the page or of the nearest node above that has it (Table 31); null where none has. */
export async function inherited(document: PdfDocument, page: Page, key: string) {
  for (const dict of page.lineage) {
    const value = await document.resolve(dict.get(key));
    if (value !== null) return value;
  }
  return null;
}

/** Four numbers in any order of corners (7.9.5); undefined for anything else. */
export async function toRect(document: PdfDocument, value: Maybe): Promise<Rect | undefined> {
  const array = await document.resolve(value);
  if (!isArray(array) || array.length < 4) return undefined;
  const numbers: number[] = [];
  for (const item of array.slice(0, 4)) {
    const number = await document.resolve(item);
    if (typeof number !== 'number') return undefined;
    numbers.push(number);
  }
  const [a = 0, b = 0, c = 0, d = 0] = numbers;
  return { x0: Math.min(a, c), y0: Math.min(b, d), x1: Math.max(a, c), y1: Math.max(b, d) };
}

export interface PageBoxes {
  /** Inherited or own; undefined where the file has none. */
  readonly media: Rect | undefined;
  readonly crop: Rect | undefined;
  /** Own only (Table 31). */
  readonly bleed: Rect | undefined;
  readonly trim: Rect | undefined;
  readonly art: Rect | undefined;
}

export async function pageBoxes(document: PdfDocument, page: Page): Promise<PageBoxes> {
  return {
    media: await toRect(document, await inherited(document, page, 'MediaBox')),
    crop: await toRect(document, await inherited(document, page, 'CropBox')),
    bleed: await toRect(document, page.dict.get('BleedBox')),
    trim: await toRect(document, page.dict.get('TrimBox')),
    art: await toRect(document, page.dict.get('ArtBox')),
  };
}

export async function viewPage(document: PdfDocument, page: Page): Promise<PageView> {
  const given = await toRect(document, await inherited(document, page, 'MediaBox'));
  const media = given && given.x1 > given.x0 && given.y1 > given.y0 ? given : LETTER;
  const crop = await toRect(document, await inherited(document, page, 'CropBox'));
  const rotate = await inherited(document, page, 'Rotate');
  const userUnit = await document.resolve(page.dict.get('UserUnit'));
  return {
    rotation: typeof rotate === 'number' ? toRotation(rotate) : 0,
    visible: crop ? intersect(media, crop) : media,
    userUnit: typeof userUnit === 'number' && userUnit > 0 ? userUnit : 1,
  };
}

/** The turn of the page a reference leads to, by its own chain of /Parent. */
export async function viewPageAt(document: PdfDocument, at: Maybe): Promise<PageView | undefined> {
  const dict = await dictAt(document, at);
  if (!dict || !isRef(at)) return undefined;
  const lineage = [dict];
  for (let parent = await dictAt(document, dict.get('Parent')); parent; ) {
    if (lineage.length > limits.treeDepth) throw new PdfError('limit', 'page tree');
    lineage.push(parent);
    parent = await dictAt(document, parent.get('Parent'));
  }
  return viewPage(document, { ref: at, dict, lineage });
}

/** The page whose /Annots lists the annotation: for a widget that does not say itself (12.5.2). */
export async function findPageOf(document: PdfDocument, annotation: PdfRef): Promise<PageView | undefined> {
  const path = new Set<number>();
  let patience = EXACT_SEARCH;
  async function search(at: Maybe, above: readonly PdfDict[]): Promise<Page | undefined> {
    if (!isRef(at) || path.has(at.num) || patience-- <= 0 || above.length > limits.treeDepth) return undefined;
    const found = await dictAt(document, at);
    if (!found) return undefined;
    const lineage = [found, ...above];
    if (!isNode(found)) {
      const annotations = await document.resolve(found.get('Annots'));
      const lists = isArray(annotations) && annotations.some((item) => isRef(item) && item.num === annotation.num);
      return lists ? { ref: at, dict: found, lineage } : undefined;
    }
    path.add(at.num);
    for (const kid of await kidsOf(document, found)) {
      const page = await search(kid, lineage);
      if (page) return page;
    }
    path.delete(at.num);
    return undefined;
  }
  const page = await search(document.catalog.get('Pages'), []);
  return page && viewPage(document, page);
}
