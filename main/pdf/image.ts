/** A mark's image as an image XObject (ISO 32000-2, 8.9.5): JPEG data as it is, PNG with its transparency as a soft mask (11.6.5.2). */
import { deflateSync } from 'node:zlib';
import { PdfError } from './errors.ts';
import { dict, name, type PdfDict, type PdfObject, type PdfRef } from './objects.ts';
import { decodePng, isPng } from './png.ts';
import type { ObjectWriter } from './text-face.ts';

export interface MarkImage {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Writes it once. */
  resource(objects: ObjectWriter): PdfRef;
}

const MAX_IMAGE_BYTES = 16 * 1024 * 1024;
const spaces = { 1: 'DeviceGray', 3: 'DeviceRGB', 4: 'DeviceCMYK' } as const;

function entriesOf(width: number, height: number, colors: 1 | 3 | 4, filter: string): Map<string, PdfObject> {
  return dict([
    ['Type', name('XObject')],
    ['Subtype', name('Image')],
    ['Width', width],
    ['Height', height],
    ['ColorSpace', name(spaces[colors])],
    ['BitsPerComponent', 8],
    ['Filter', name(filter)],
  ]);
}

interface JpegFacts {
  readonly width: number;
  readonly height: number;
  readonly colors: 1 | 3 | 4;
  /** Adobe's programs write CMYK the wrong way round. */
  readonly inverted: boolean;
}

/** Its frame header (ISO/IEC 10918-1, B.2.2). */
function readJpeg(bytes: Uint8Array): JpegFacts {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let adobe = false;
  for (let at = 2; at + 10 < bytes.length; ) {
    if (view.getUint8(at) !== 0xff) break;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at++;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) {
      const colors = view.getUint8(at + 9);
      const [height, width] = [view.getUint16(at + 5), view.getUint16(at + 7)];
      if ((colors !== 1 && colors !== 3 && colors !== 4) || view.getUint8(at + 4) !== 8 || !width || !height) break;
      return { width, height, colors, inverted: adobe && colors === 4 };
    }
    if (marker === 0xee) adobe = true;
    at += 2 + view.getUint16(at + 2);
  }
  throw new PdfError('image-unreadable', 'JPEG');
}

function once(write: (objects: ObjectWriter) => PdfRef): (objects: ObjectWriter) => PdfRef {
  let written: PdfRef | undefined;
  return (objects) => {
    written ??= write(objects);
    return written;
  };
}

function putImage(objects: ObjectWriter, entries: PdfDict, data: Uint8Array): PdfRef {
  const at = objects.allocate();
  objects.putStream(at, entries, data);
  return at;
}

function jpegImage(bytes: Uint8Array): MarkImage {
  const { width, height, colors, inverted } = readJpeg(bytes);
  const entries = entriesOf(width, height, colors, 'DCTDecode');
  if (inverted) entries.set('Decode', [1, 0, 1, 0, 1, 0, 1, 0]);
  return { width, height, resource: once((objects) => putImage(objects, entries, bytes)) };
}

function pngImage(bytes: Uint8Array): MarkImage {
  const { width, height, colors, data, alpha } = decodePng(bytes);
  return {
    width,
    height,
    resource: once((objects) => {
      const entries = entriesOf(width, height, colors, 'FlateDecode');
      if (alpha) {
        const mask = entriesOf(width, height, 1, 'FlateDecode');
        entries.set('SMask', putImage(objects, mask, deflateSync(alpha)));
      }
      return putImage(objects, entries, deflateSync(data));
    }),
  };
}

/** @param bytes a PNG or JPEG file @throws PdfError image-unreadable */
export function readImage(bytes: Uint8Array): MarkImage {
  if (bytes.length > MAX_IMAGE_BYTES) throw new PdfError('image-unreadable', 'too large');
  if (isPng(bytes)) return pngImage(bytes);
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return jpegImage(bytes);
  throw new PdfError('image-unreadable', 'neither PNG nor JPEG');
}

/** Pixels of an image that can go into a PDF; undefined for one that cannot. It is decoded in full to know. */
export function measureImage(bytes: Uint8Array): { width: number; height: number } | undefined {
  try {
    const { width, height } = readImage(bytes);
    return { width, height };
  } catch (error) {
    if (error instanceof PdfError) return undefined;
    throw error;
  }
}
