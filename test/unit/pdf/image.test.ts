import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readImage } from '../../../main/pdf/image.ts';
import { isStream, type PdfDict, ref } from '../../../main/pdf/objects.ts';
import { decodePng } from '../../../main/pdf/png.ts';
import { codeOf } from './sample-pdfs.ts';

interface Raw {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly type: number;
  readonly interlaced?: boolean;
  /** Rows with their filter bytes. */
  readonly data: readonly number[];
  readonly more?: readonly (readonly [string, readonly number[]])[];
}

function png({ width, height, bits, type, interlaced = false, data, more = [] }: Raw): Buffer {
  const chunk = (kind: string, bytes: Uint8Array) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, Buffer.from(kind, 'latin1'), bytes, Buffer.alloc(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([bits, type, 0, 0, interlaced ? 1 : 0], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    ...more.map(([kind, bytes]) => chunk(kind, Buffer.from(bytes))),
    chunk('IDAT', deflateSync(Buffer.from(data))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const shown = (raw: Raw) => {
  const { data, alpha, colors } = decodePng(png(raw));
  return { colors, data: [...data], alpha: alpha && [...alpha] };
};

describe('decoding PNG', () => {
  it.each<[string, Raw, { colors: number; data: number[]; alpha: number[] | undefined }]>([
    [
      'grey of one bit, stretched to eight',
      { width: 3, height: 2, bits: 1, type: 0, data: [0, 0b10100000, 0, 0b01000000] },
      { colors: 1, data: [255, 0, 255, 0, 255, 0], alpha: undefined },
    ],
    [
      'a transparent grey',
      { width: 2, height: 1, bits: 8, type: 0, data: [0, 7, 9], more: [['tRNS', [0, 7]]] },
      { colors: 1, data: [7, 9], alpha: [0, 255] },
    ],
    [
      'a palette of two bits with its transparency',
      {
        width: 3,
        height: 1,
        bits: 2,
        type: 3,
        data: [0, 0b00011000],
        more: [
          ['PLTE', [1, 2, 3, 4, 5, 6, 7, 8, 9]],
          ['tRNS', [0, 128]],
        ],
      },
      { colors: 3, data: [1, 2, 3, 4, 5, 6, 7, 8, 9], alpha: [0, 128, 255] },
    ],
    [
      'colours of sixteen bits, cut to eight',
      { width: 1, height: 1, bits: 16, type: 2, data: [0, 1, 99, 2, 99, 3, 99] },
      { colors: 3, data: [1, 2, 3], alpha: undefined },
    ],
    [
      'grey with alpha, each row by a filter',
      { width: 2, height: 2, bits: 8, type: 4, data: [1, 10, 255, 5, 0, 2, 1, 0, 1, 1] },
      { colors: 1, data: [10, 15, 11, 16], alpha: [255, 255, 255, 0] },
    ],
    [
      'seven passes',
      { width: 3, height: 2, bits: 8, type: 0, interlaced: true, data: [0, 1, 0, 3, 0, 2, 0, 4, 5, 6] },
      { colors: 1, data: [1, 2, 3, 4, 5, 6], alpha: undefined },
    ],
  ])('%s', (_, raw, expected) => {
    expect(shown(raw)).toEqual(expected);
  });

  it.each<[string, Buffer]>([
    ['too many pixels', png({ width: 5000, height: 5000, bits: 8, type: 0, data: [0] })],
    ['rows that are missing', png({ width: 2, height: 2, bits: 8, type: 0, data: [0, 1, 2] })],
    ['a depth of no meaning', png({ width: 1, height: 1, bits: 4, type: 2, data: [0, 1, 2, 3] })],
    ['no pixels', png({ width: 0, height: 1, bits: 8, type: 0, data: [0] })],
    ['a signature alone', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')],
  ])('refuses %s', async (_, bytes) => {
    expect(await codeOf(async () => readImage(bytes))).toBe('image-unreadable');
  });
});

const jpeg = (colors: number, adobe: boolean) =>
  Buffer.from([
    0xff,
    0xd8,
    0xff,
    0xe0,
    0,
    4,
    0,
    0,
    ...(adobe ? [0xff, 0xee, 0, 4, 0, 0] : []),
    0xff,
    0xff,
    0xc2,
    0,
    11,
    8,
    0,
    20,
    0,
    30,
    colors,
    1,
    0x11,
    0,
  ]);

describe('an image in a document', () => {
  function written(bytes: Uint8Array): PdfDict[] {
    const dictionaries: PdfDict[] = [];
    let num = 1;
    const image = readImage(bytes);
    const objects = {
      allocate: () => ref(num++),
      put: () => expect.unreachable(),
      putStream: (_: unknown, dictionary: PdfDict) => dictionaries.push(dictionary),
    };
    expect(image.resource(objects)).toBe(image.resource(objects));
    return dictionaries;
  }

  it.each([
    [1, false, 'DeviceGray'],
    [3, true, 'DeviceRGB'],
    [4, true, 'DeviceCMYK'],
  ])('is a JPEG of %i colours as it is', (colors, adobe, space) => {
    const [dictionary] = written(jpeg(colors, adobe));
    expect(dictionary?.get('ColorSpace')).toMatchObject({ value: space });
    expect([dictionary?.get('Width'), dictionary?.get('Height')]).toEqual([30, 20]);
    expect(dictionary?.get('Filter')).toMatchObject({ value: 'DCTDecode' });
    expect(dictionary?.has('Decode')).toBe(colors === 4);
  });

  it('has a soft mask where it is transparent, and none where it is not', () => {
    const [mask, image] = written(png({ width: 1, height: 1, bits: 8, type: 6, data: [0, 1, 2, 3, 4] }));
    expect(image?.get('SMask')).toEqual(ref(1));
    expect(mask?.get('ColorSpace')).toMatchObject({ value: 'DeviceGray' });
    expect(isStream(image?.get('SMask'))).toBe(false);
    expect(written(png({ width: 1, height: 1, bits: 8, type: 2, data: [0, 1, 2, 3] }))).toHaveLength(1);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a picture of another kind', Buffer.from('GIF89a')],
    ['a JPEG without a frame', jpeg(3, false).subarray(0, 12)],
    ['a JPEG of two colours', jpeg(2, false)],
  ])('is refused: %s', async (_, bytes) => {
    expect(await codeOf(async () => readImage(bytes))).toBe('image-unreadable');
  });

  it('ends in an image or a code, whatever the bytes', async () => {
    const samples = [
      jpeg(3, true),
      png({ width: 2, height: 2, bits: 8, type: 4, data: [1, 1, 2, 3, 4, 4, 1, 2, 3, 4] }),
    ];
    const change = fc.record({ sample: fc.nat(1), at: fc.nat(200), to: fc.nat(255), cut: fc.nat(200) });
    await fc.assert(
      fc.asyncProperty(change, async ({ sample, at, to, cut }) => {
        const bytes = Buffer.from(samples[sample] ?? []);
        bytes[at % bytes.length] = to;
        const code = await codeOf(async () => readImage(bytes.subarray(0, Math.max(8, bytes.length - (cut % 40)))));
        expect(['none', 'image-unreadable']).toContain(code);
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});
