/** What a sample is. */
import type { Place } from './press.ts';

export type SampleName =
  | 'classic-xref'
  | 'object-streams'
  | 'rotated-pages'
  | 'crop-box'
  | 'empty-field'
  | 'signed-by-other'
  | 'three-hundred-pages'
  | 'twenty-megabytes'
  | 'text-forms'
  | 'incremental-update'
  | 'hybrid-xref'
  | 'non-latin';

/** What a reader or a signer has to cope with in the file. */
export type Trait =
  | 'xref-table'
  | 'xref-stream'
  | 'object-streams'
  | 'hybrid'
  | 'incremental'
  | 'rotated'
  | 'cropped'
  | 'signature-field'
  | 'signed'
  | 'many-pages'
  | 'large'
  | 'images'
  | 'blanks'
  | 'embedded-font'
  | 'page-tree';

export interface Sample {
  readonly name: SampleName;
  /** The document's title; a file name is made from it. */
  readonly title: string;
  readonly bytes: Uint8Array;
  readonly pages: number;
  readonly traits: readonly Trait[];
  /** Where to sign and to write, by name, in percent of the page as displayed. */
  readonly places: Readonly<Record<string, Place>>;
}

/** The place of that name. @throws Error where the sample has none */
export function placeNamed(sample: Sample, name: string): Place {
  const place = sample.places[name];
  if (!place) throw new Error(`sample ${sample.name} has no place ${name}`);
  return place;
}
