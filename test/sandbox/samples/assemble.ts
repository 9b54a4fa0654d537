/** From laid-out pages to a file's objects: page tree, resources, catalog, document information (ISO 32000-1, 7.7). */
import type { FaceSet } from './faces.ts';
import { type ObjectBook, type Trailer, textString } from './pdf-objects.ts';
import type { LaidOutPage, Layout } from './press.ts';

/** x, y of the lower left corner, width, height; points of user space. */
export type Rectangle = readonly [x: number, y: number, width: number, height: number];

export interface Geometry {
  readonly rotate: 0 | 90 | 180 | 270;
  readonly media: Rectangle;
  /** The MediaBox when missing. */
  readonly crop?: Rectangle;
  /** Operators in user space, drawn first: what lies outside the CropBox. */
  readonly under?: string;
}

export interface AssembleOptions {
  readonly title: string;
  readonly author: string;
  /** Names the file: /ID is derived from it. */
  readonly identity: string;
  readonly faces: FaceSet;
  /** How page `index` lies in its sheet; unturned and uncropped when missing. */
  readonly geometry?: (index: number, page: LaidOutPage) => Geometry;
  /** Pictures' object numbers by resource name. */
  readonly pictures?: Readonly<Record<string, number>>;
  /** More entries for the catalog, made when the pages have their numbers. */
  readonly catalog?: (pages: readonly number[]) => string;
}

export interface Assembled {
  readonly trailer: Trailer;
  readonly pages: readonly number[];
  readonly pagesRoot: number;
  readonly resources: number;
}

const box = ([x, y, width, height]: Rectangle): string => `[${x} ${y} ${x + width} ${y + height}]`;

const flat = (page: LaidOutPage): Geometry => ({ rotate: 0, media: [0, 0, page.width, page.height] });

/** The matrix from the displayed page (origin lower left) to user space; /Rotate turns clockwise when shown (8.3, 7.7.3.3). */
function displayMatrix({ rotate, media, crop = media }: Geometry): string {
  const [x, y, width, height] = crop;
  switch (rotate) {
    case 0:
      return `1 0 0 1 ${x} ${y} cm`;
    case 90:
      return `0 1 -1 0 ${x + width} ${y} cm`;
    case 180:
      return `-1 0 0 -1 ${x + width} ${y + height} cm`;
    case 270:
      return `0 -1 1 0 ${x} ${y + height} cm`;
  }
}

function pageBody(page: LaidOutPage, geometry: Geometry, parent: number, resources: number, contents: number): string {
  const turned = geometry.rotate === 0 ? '' : ` /Rotate ${geometry.rotate}`;
  const cropped = geometry.crop ? ` /CropBox ${box(geometry.crop)}` : '';
  // A4 is inherited from the page tree's root.
  const a4 = geometry.rotate === 0 && !geometry.crop && page.width === 595 && page.height === 842;
  const media = a4 ? '' : ` /MediaBox ${box(geometry.media)}`;
  return `<< /Type /Page /Parent ${parent} 0 R${media}${cropped}${turned} /Resources ${resources} 0 R /Contents ${contents} 0 R >>`;
}

/** Adds one page and gives its number. */
export function addPage(
  objects: ObjectBook,
  page: LaidOutPage,
  options: { readonly parent: number; readonly resources: number; readonly geometry?: Geometry },
): number {
  const geometry = options.geometry ?? flat(page);
  const content = `${geometry.under ?? ''}q ${displayMatrix(geometry)}\n${page.content}Q\n`;
  const contents = objects.stream('', content);
  return objects.add(pageBody(page, geometry, options.parent, options.resources, contents));
}

export const pagesBody = (kids: readonly number[], count: number, more: string): string =>
  `<< /Type /Pages /Count ${count} /Kids [${kids.map((kid) => `${kid} 0 R`).join(' ')}]${more} >>`;

const rootAttributes = ' /MediaBox [0 0 595 842]';

function resourcesBody(objects: ObjectBook, options: AssembleOptions): string {
  const fonts = new Map(Object.values(options.faces).map((face) => [face.resource, face]));
  const font = [...fonts].map(([name, face]) => `/${name} ${face.embed(objects)} 0 R`).join(' ');
  const pictures = Object.entries(options.pictures ?? {}).map(([name, number]) => `/${name} ${number} 0 R`);
  const xobjects = pictures.length > 0 ? ` /XObject << ${pictures.join(' ')} >>` : '';
  return `<< /Font << ${font} >>${xobjects} >>`;
}

const fanOut = 32;

/** Puts the whole document into `objects`; a tree of two levels where there are many pages. */
export function assemble(objects: ObjectBook, layout: Layout, options: AssembleOptions): Assembled {
  const root = objects.reserve();
  const pagesRoot = objects.reserve();
  const resources = objects.reserve();
  objects.set(resources, resourcesBody(objects, options));
  const geometry = options.geometry ?? ((_, page) => flat(page));
  const deep = layout.pages.length > fanOut;
  const pages: number[] = [];
  const branches: number[] = [];
  for (let from = 0; from < layout.pages.length; from += fanOut) {
    const parent = deep ? objects.reserve() : pagesRoot;
    const numbers = layout.pages
      .slice(from, from + fanOut)
      .map((page, i) => addPage(objects, page, { parent, resources, geometry: geometry(from + i, page) }));
    pages.push(...numbers);
    if (!deep) continue;
    branches.push(parent);
    objects.set(parent, pagesBody(numbers, numbers.length, ` /Parent ${pagesRoot} 0 R`));
  }
  objects.set(pagesRoot, pagesBody(deep ? branches : pages, pages.length, rootAttributes));
  objects.set(root, `<< /Type /Catalog /Pages ${pagesRoot} 0 R${options.catalog?.(pages) ?? ''} >>`);
  const info = objects.add(
    `<< /Title ${textString(options.title)} /Author ${textString(options.author)} /Creator (Countersign sandbox) ` +
      `/CreationDate (D:20260105090000Z) >>`,
  );
  return { trailer: { root, info, identity: options.identity }, pages, pagesRoot, resources };
}

/** The page tree's root with pages added behind, for an update. */
export function morePages(assembled: Assembled, added: readonly number[]): string {
  const kids = [...assembled.pages, ...added];
  return pagesBody(kids, kids.length, rootAttributes);
}
