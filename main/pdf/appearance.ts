/** The visible mark of a signature: a form XObject with text and an image fitted into it (ISO 32000-2, 8.10 and 12.5.5). */
import { fromLatin1 } from './characters.ts';
import { embeddedFace } from './embedded-face.ts';
import { type Rect, type Rotation, uprightForm } from './geometry.ts';
import { type MarkImage, readImage } from './image.ts';
import { dict, name, type PdfDict } from './objects.ts';
import { helvetica, type ObjectWriter, type TextFace } from './text-face.ts';
import { fitLines, heightAt, LEADING } from './text-layout.ts';

export type MarkLayout = 'image-left' | 'image-top' | 'text-only' | 'image-only';

export interface MarkSpec {
  readonly lines: readonly string[];
  /** A TrueType file to embed; without one the text is set in Helvetica, which knows Western letters only. */
  readonly font?: Uint8Array | undefined;
  /** A PNG or JPEG file. */
  readonly image?: Uint8Array | undefined;
  /** Undefined: what image, text and the shape of the box ask for. */
  readonly layout?: MarkLayout | undefined;
}

export interface MarkPlace {
  readonly rect: Rect;
  readonly rotation: Rotation;
  /** Points per unit of `rect`. */
  readonly userUnit: number;
}

export interface Mark {
  /** Dictionary and data of the form; drawn upright as the page is displayed. Fonts and images are written once for all places. */
  drawIn(place: MarkPlace, objects: ObjectWriter): { dictionary: PdfDict; data: Uint8Array };
}

/** Points. */
const FRAME = 0.6;
const BAR = 2.5;
const PADDING = 4;
/** Of the box's width or height that an image beside text gets at most. */
const IMAGE_SHARE = 0.42;
const FONT_NAME = 'Helv';
const IMAGE_NAME = 'Image';

interface Area {
  readonly left: number;
  readonly bottom: number;
  readonly width: number;
  readonly height: number;
}

const figure = (value: number) => String(Math.round(value * 1000) / 1000);
const figures = (...values: readonly number[]) => values.map(figure).join(' ');

/** The largest picture of its shape, in the middle of the area. */
function drawImage(image: MarkImage, area: Area): string[] {
  const scale = Math.min(area.width / image.width, area.height / image.height);
  if (!(scale > 0)) return [];
  const [width, height] = [image.width * scale, image.height * scale];
  const [left, bottom] = [area.left + (area.width - width) / 2, area.bottom + (area.height - height) / 2];
  return ['q', `${figures(width, 0, 0, height, left, bottom)} cm`, `/${IMAGE_NAME} Do`, 'Q'];
}

function drawText(face: TextFace, texts: readonly string[], area: Area, unit: number): string[] {
  if (!(area.width > 0 && area.height > 0)) return [];
  const { size, lines } = fitLines(face, texts, area.width, area.height, unit);
  if (lines.length === 0) return [];
  const top = area.bottom + (area.height + heightAt(face, size, lines.length)) / 2 - face.ascent * size;
  return [
    'q',
    `${figures(area.left, area.bottom, area.width, area.height)} re W n`,
    'BT',
    '0.13 0.15 0.2 rg',
    `/${FONT_NAME} ${figure(size)} Tf ${figure(size * LEADING)} TL ${figures(area.left, top)} Td`,
    ...lines.map((line, i) => `${i === 0 ? '' : 'T* '}${face.operand(line)} Tj`),
    'ET',
    'Q',
  ];
}

function layoutOf(spec: MarkSpec, width: number, height: number): MarkLayout {
  const wanted =
    spec.layout ?? (spec.lines.length === 0 ? 'image-only' : width > 1.5 * height ? 'image-left' : 'image-top');
  if (!spec.image) return 'text-only';
  return wanted;
}

/** Where image and text go inside the padding. */
function areasOf(
  layout: MarkLayout,
  inner: Area,
  image: MarkImage | undefined,
  gap: number,
): { image: Area; text: Area } {
  const none = { ...inner, width: 0, height: 0 };
  if (!image || layout === 'text-only') return { image: none, text: inner };
  if (layout === 'image-only') return { image: inner, text: none };
  if (layout === 'image-left') {
    const width = Math.min(inner.width * IMAGE_SHARE, (inner.height * image.width) / image.height);
    const text = { ...inner, left: inner.left + width + gap, width: Math.max(0, inner.width - width - gap) };
    return { image: { ...inner, width }, text };
  }
  const height = Math.min(inner.height * IMAGE_SHARE, (inner.width * image.height) / image.width);
  const text = { ...inner, height: Math.max(0, inner.height - height - gap) };
  return { image: { ...inner, bottom: inner.bottom + inner.height - height, height }, text };
}

function drawMark(
  spec: MarkSpec,
  face: TextFace,
  image: MarkImage | undefined,
  width: number,
  height: number,
  unit: number,
) {
  const layout = layoutOf(spec, width, height);
  const short = Math.min(width, height);
  if (layout === 'image-only') return image ? drawImage(image, { left: 0, bottom: 0, width, height }) : [];
  const frame = Math.min(FRAME / unit, short / 20);
  const bar = Math.min(BAR / unit, short / 10);
  const padding = Math.min(PADDING / unit, short / 12);
  const inner = {
    left: frame + bar + padding,
    bottom: frame + padding,
    width: width - 2 * (frame + padding) - bar,
    height: height - 2 * (frame + padding),
  };
  const areas = areasOf(layout, inner, image, padding);
  return [
    'q',
    `0.72 0.76 0.82 RG ${figure(frame)} w ${figures(frame / 2, frame / 2, width - frame, height - frame)} re S`,
    `0.2 0.36 0.6 rg ${figures(frame, frame, bar, height - 2 * frame)} re f`,
    'Q',
    ...(image ? drawImage(image, areas.image) : []),
    ...drawText(face, spec.lines, areas.text, unit),
  ];
}

/** @throws PdfError image-unreadable, font-unreadable */
export function openMark(spec: MarkSpec): Mark {
  const face = spec.font ? embeddedFace(spec.font) : helvetica;
  const image = spec.image && spec.layout !== 'text-only' ? readImage(spec.image) : undefined;
  let isNoted = false;
  return {
    drawIn({ rect, rotation, userUnit }, objects) {
      // The font is written with the first place, and holds what every other place may show.
      if (!isNoted) for (const line of spec.lines) face.operand(face.prepare(line));
      isNoted = true;
      const { width, height, matrix } = uprightForm(rotation, rect);
      const content = drawMark(spec, face, image, width, height, userUnit);
      const resources = dict();
      if (content.includes('BT')) resources.set('Font', dict([[FONT_NAME, face.resource(objects)]]));
      if (image && content.includes(`/${IMAGE_NAME} Do`)) {
        resources.set('XObject', dict([[IMAGE_NAME, image.resource(objects)]]));
      }
      const dictionary = dict([
        ['Type', name('XObject')],
        ['Subtype', name('Form')],
        ['BBox', [0, 0, width, height]],
        ['Matrix', [...matrix]],
        ['Resources', resources],
      ]);
      return { dictionary, data: fromLatin1(`${content.join('\n')}\n`) };
    },
  };
}
