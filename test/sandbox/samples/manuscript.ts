/** From a text with a name to a sample file. */
import { type Assembled, assemble, type Geometry } from './assemble.ts';
import { type FaceSet, standardFaces } from './faces.ts';
import { type Block, layOut } from './layout.ts';
import { createObjects, type ObjectBook, writeClassic } from './pdf-objects.ts';
import type { LaidOutPage, Layout, LayoutOptions } from './press.ts';
import type { Sample, SampleName, Trait } from './sample.ts';

export interface Manuscript {
  readonly name: SampleName;
  readonly title: string;
  readonly author: string;
  readonly blocks: readonly Block[];
  readonly traits: readonly Trait[];
}

/** How it is set; standard fonts on upright A4 where nothing is said. */
export interface Setting {
  readonly faces?: FaceSet;
  readonly pageSize?: NonNullable<LayoutOptions['pageSize']>;
  readonly geometry?: (index: number, page: LaidOutPage) => Geometry;
  readonly pictures?: (objects: ObjectBook) => Readonly<Record<string, number>>;
  readonly catalog?: (objects: ObjectBook, layout: Layout, pages: readonly number[]) => string;
}

export interface SetManuscript {
  readonly layout: Layout;
  readonly objects: ObjectBook;
  readonly assembled: Assembled;
  readonly faces: FaceSet;
}

/** Everything a writer needs, before the file is written. */
export function setManuscript(manuscript: Manuscript, setting: Setting = {}): SetManuscript {
  const faces = setting.faces ?? standardFaces();
  const { pageSize, geometry, catalog } = setting;
  const running = `${manuscript.author} · ${manuscript.title}`;
  const layout = layOut(manuscript.blocks, { faces, running, ...(pageSize ? { pageSize } : {}) });
  const objects = createObjects();
  const pictures = setting.pictures?.(objects);
  const assembled = assemble(objects, layout, {
    title: manuscript.title,
    author: manuscript.author,
    identity: manuscript.name,
    faces,
    ...(geometry ? { geometry } : {}),
    ...(pictures ? { pictures } : {}),
    ...(catalog ? { catalog: (pages) => catalog(objects, layout, pages) } : {}),
  });
  return { layout, objects, assembled, faces };
}

/** The sample whose file is `bytes`. */
export function toSample(manuscript: Manuscript, layout: Layout, bytes: Uint8Array): Sample {
  const { name, title, traits } = manuscript;
  return { name, title, bytes, pages: layout.pages.length, traits, places: layout.places };
}

/** The sample as a file with a plain cross-reference table. */
export function classicSample(manuscript: Manuscript, setting: Setting = {}): Sample {
  const { layout, objects, assembled } = setManuscript(manuscript, setting);
  return toSample(manuscript, layout, writeClassic(objects, assembled.trailer));
}
