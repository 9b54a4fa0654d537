/** PNG files as a mark's image (ISO/IEC 15948): pixels without transparency as they are, else colour and alpha apart. */
import { inflateSync } from 'node:zlib';
import { latin1 } from './characters.ts';
import { PdfError } from './errors.ts';
import { undoPng } from './filters.ts';

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** 1 grey, 3 red, green, blue. */
  readonly colors: 1 | 3;
  /** A byte per colour and pixel. */
  readonly data: Uint8Array;
  /** A byte per pixel, 255 opaque; undefined where all of it is. */
  readonly alpha: Uint8Array | undefined;
}

const MAX_PIXELS = 16_000_000;
const unreadable = (detail: string) => new PdfError('image-unreadable', detail);
const SIGNATURE = '\x89PNG\r\n\x1a\n';

export const isPng = (bytes: Uint8Array): boolean => latin1(bytes.subarray(0, 8)) === SIGNATURE;

interface Header {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  /** 0 grey, 2 colour, 3 palette, 4 grey and alpha, 6 colour and alpha (Table 11.1). */
  readonly type: number;
  readonly interlaced: boolean;
}

interface Parts {
  readonly header: Header;
  readonly palette: Uint8Array;
  readonly transparency: Uint8Array | undefined;
  readonly data: Uint8Array;
}

const channelsOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

function readHeader(chunk: Uint8Array): Header {
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.length);
  const header = {
    width: view.getUint32(0),
    height: view.getUint32(4),
    bits: view.getUint8(8),
    type: view.getUint8(9),
    interlaced: view.getUint8(12) === 1,
  };
  const { width, height, bits, type } = header;
  const depths = type === 0 ? [1, 2, 4, 8, 16] : type === 3 ? [1, 2, 4, 8] : [8, 16];
  if (channelsOf[type] === undefined || !depths.includes(bits) || width < 1 || height < 1)
    throw unreadable('PNG header');
  if (width * height > MAX_PIXELS) throw unreadable('too many pixels');
  return header;
}

function readParts(bytes: Uint8Array): Parts {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let header: Header | undefined;
  let palette = new Uint8Array(0);
  let transparency: Uint8Array | undefined;
  const data: Uint8Array[] = [];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const kind = latin1(bytes.subarray(at + 4, at + 8));
    const chunk = bytes.subarray(at + 8, at + 8 + length);
    if (chunk.length < length || kind === 'IEND') break;
    if (kind === 'IHDR' && length === 13) header = readHeader(chunk);
    else if (kind === 'PLTE') palette = new Uint8Array(chunk);
    else if (kind === 'tRNS') transparency = chunk;
    else if (kind === 'IDAT') data.push(chunk);
    at += 12 + length;
  }
  if (!header || data.length === 0) throw unreadable('PNG chunks');
  return { header, palette, transparency, data: Buffer.concat(data) };
}

/** Start and step of the seven passes, across and down (8.2, Adam7). */
const passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

interface Pass {
  readonly columns: number;
  readonly rows: number;
  /** Where in the picture its pixel stands. */
  place(column: number, row: number): number;
}

function passesOf({ width, height, interlaced }: Header): Pass[] {
  if (!interlaced) return [{ columns: width, rows: height, place: (column, row) => row * width + column }];
  return passes.map(([left, top, across, down]) => ({
    columns: Math.max(0, Math.ceil((width - left) / across)),
    rows: Math.max(0, Math.ceil((height - top) / down)),
    place: (column, row) => (top + row * down) * width + left + column * across,
  }));
}

/** Samples as they are, 16 bits cut to 8, pixel by pixel in the picture's order. */
function readSamples({ header, data }: Parts): Uint8Array {
  const channels = channelsOf[header.type] ?? 1;
  const pixelBits = channels * header.bits;
  const rowBytesOf = (columns: number) => Math.ceil((columns * pixelBits) / 8);
  const wanted = passesOf(header).filter(({ columns, rows }) => columns > 0 && rows > 0);
  const total = wanted.reduce((sum, { columns, rows }) => sum + rows * (rowBytesOf(columns) + 1), 0);
  const inflated = inflateSync(data, { maxOutputLength: total + 65_536 });
  if (inflated.length < total) throw unreadable('PNG data');
  const samples = new Uint8Array(header.width * header.height * channels);
  let at = 0;
  for (const { columns, rows, place } of wanted) {
    const rowBytes = rowBytesOf(columns);
    const length = rows * (rowBytes + 1);
    const plain = undoPng(inflated.subarray(at, at + length), rowBytes, Math.max(1, pixelBits >> 3));
    at += length;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const to = place(column, row) * channels;
        for (let channel = 0; channel < channels; channel++) {
          samples[to + channel] = sampleAt(plain, row * rowBytes, column * channels + channel, header.bits);
        }
      }
    }
  }
  return samples;
}

function sampleAt(row: Uint8Array, from: number, index: number, bits: number): number {
  if (bits === 16) return row[from + 2 * index] ?? 0;
  if (bits === 8) return row[from + index] ?? 0;
  const perByte = 8 / bits;
  const byte = row[from + Math.floor(index / perByte)] ?? 0;
  return (byte >> (8 - bits * ((index % perByte) + 1))) & ((1 << bits) - 1);
}

function fromPalette({ header, palette, transparency }: Parts, samples: Uint8Array): Pixels {
  const data = new Uint8Array(samples.length * 3);
  const alpha = transparency && new Uint8Array(samples.length);
  samples.forEach((index, i) => {
    data.set(palette.subarray(index * 3, index * 3 + 3), i * 3);
    if (alpha) alpha[i] = transparency[index] ?? 255;
  });
  return { width: header.width, height: header.height, colors: 3, data, alpha };
}

/** The last of each pixel's samples is its alpha. */
function splitAlpha({ width, height }: Header, samples: Uint8Array, colors: 1 | 3): Pixels {
  const pixels = width * height;
  const data = new Uint8Array(pixels * colors);
  const alpha = new Uint8Array(pixels);
  for (let i = 0; i < pixels; i++) {
    const from = i * (colors + 1);
    for (let channel = 0; channel < colors; channel++) data[i * colors + channel] = samples[from + channel] ?? 0;
    alpha[i] = samples[from + colors] ?? 255;
  }
  return { width, height, colors, data, alpha };
}

/** One colour may stand for transparent (11.3.2.1); it is given in the file's own depth. */
function keyed({ header, transparency }: Parts, samples: Uint8Array, colors: 1 | 3): Pixels {
  const { width, height, bits } = header;
  const scale = bits < 8 ? 255 / ((1 << bits) - 1) : 1;
  const data = scale === 1 ? samples : samples.map((value) => value * scale);
  if (!transparency || transparency.length < 2 * colors) return { width, height, colors, data, alpha: undefined };
  const key = Array.from({ length: colors }, (_, i) => transparency[2 * i + (bits === 16 ? 0 : 1)]);
  const alpha = new Uint8Array(width * height).fill(255);
  for (let i = 0; i < alpha.length; i++) {
    if (key.every((value, channel) => samples[i * colors + channel] === value)) alpha[i] = 0;
  }
  return { width, height, colors, data, alpha };
}

function decode(bytes: Uint8Array): Pixels {
  const parts = readParts(bytes);
  const samples = readSamples(parts);
  const { type } = parts.header;
  if (type === 3) return fromPalette(parts, samples);
  const colors = type === 0 || type === 4 ? 1 : 3;
  return type >= 4 ? splitAlpha(parts.header, samples, colors) : keyed(parts, samples, colors);
}

/** @throws PdfError image-unreadable, also for more than 16 million pixels */
export function decodePng(bytes: Uint8Array): Pixels {
  try {
    return decode(bytes);
  } catch (error) {
    if (error instanceof PdfError) throw error;
    throw new PdfError('image-unreadable', 'PNG', error);
  }
}
