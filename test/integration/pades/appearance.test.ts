/** Marks as pdftoppm shows them, held against pictures that were looked at (test/vectors/appearance). */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { deflateSync } from 'node:zlib';
import { degrees, PDFDocument, PDFName, PDFNumber } from 'pdf-lib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SignatureSpec } from '../../../main/pades/index.ts';
import { decodePng } from '../../../main/pdf/png.ts';
import { markLines } from '../../../main/signing/mark.ts';
import { issue } from '../../unit/pades/credentials.ts';
import type { Picture } from './judges.ts';
import { openSoftSigner, type SoftSigner } from './soft-signer.ts';

const vectors = new URL('../../vectors/appearance/', import.meta.url);
let signer: SoftSigner;
let font: Uint8Array;
beforeAll(async () => {
  signer = await openSoftSigner();
  font = await readFile(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'));
});
afterAll(() => signer.close());

function chunk(kind: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(data.length);
  // Readers of ours do not look at the check sum.
  return Buffer.concat([head, body, Buffer.alloc(4)]);
}

/** Bytes of a PNG, one filter byte a row. @param type 0 grey, 6 colour and alpha */
function png(width: number, height: number, type: 0 | 6, at: (x: number, y: number) => readonly number[]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  header[9] = type;
  const rows: number[] = [];
  for (let y = 0; y < height; y++) {
    rows.push(0);
    for (let x = 0; x < width; x++) rows.push(...at(x, y));
  }
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.from(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A red disc on nothing. */
const disc = () => png(64, 64, 6, (x, y) => [200, 30, 30, (x - 31.5) ** 2 + (y - 31.5) ** 2 < 900 ? 255 : 0]);

interface Sheet {
  readonly rotate?: number;
  readonly crop?: readonly [number, number, number, number];
}

async function sheet({ rotate = 0, crop }: Sheet): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  const page = document.addPage([300, 200]);
  page.setRotation(degrees(rotate));
  if (crop) page.setCropBox(...crop);
  page.drawRectangle({ x: 0, y: 0, width: 300, height: 200, opacity: 0.15 });
  return document.save();
}

/** A certificate whose serial number is 42. */
const issuedOnce = () => issue({ kind: 'p-256', name: 'Ārija Bērziņa', serial: 42, now: 0 }).certificate;

const lines = ['Ārija Bērziņa', 'Γιώργος Παπαδόπουλος', 'Юрий Щербаков', '2026-01-02 10:00 +02:00'];
const box = { page: 1, x: 20, y: 30, width: 60, height: 45 };

/** In tenths of the picture: a picture small enough to be kept, coarse enough that letters' edges do not matter. */
function coarse(picture: Picture): { width: number; height: number; cells: number[] } {
  const step = 4;
  const [width, height] = [Math.floor(picture.width / step), Math.floor(picture.height / step)];
  const cells: number[] = [];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      let sum = 0;
      for (let y = 0; y < step; y++) {
        for (let x = 0; x < step; x++) {
          const [red, green, blue] = picture.at(column * step + x, row * step + y);
          sum += (red + green + blue) / 3;
        }
      }
      cells.push(Math.round(sum / step ** 2));
    }
  }
  return { width, height, cells };
}

/** UPDATE_VECTORS=1 writes the picture anew: look at it before it is committed. */
async function expectLooks(name: string, picture: Picture): Promise<void> {
  const { width, height, cells } = coarse(picture);
  const file = new URL(`${name}.png`, vectors);
  if (process.env.UPDATE_VECTORS === '1') {
    await mkdir(vectors, { recursive: true });
    await writeFile(
      file,
      png(width, height, 0, (x, y) => [cells[y * width + x] ?? 0]),
    );
  }
  const golden = decodePng(await readFile(file));
  expect([width, height]).toEqual([golden.width, golden.height]);
  const differences = cells.map((cell, i) => Math.abs(cell - (golden.data[i] ?? 0)));
  expect(differences.filter((difference) => difference > 24).length).toBeLessThan(0.01 * cells.length);
}

async function shown(base: Uint8Array, spec: Partial<SignatureSpec>): Promise<Picture> {
  const { pdf } = await signer.sign(base, { field: { kind: 'new-visible', box }, appearanceLines: lines, ...spec });
  await signer.expectAccepted(pdf, 1);
  return signer.judges.render(pdf);
}

describe('a mark with an image and text of three scripts', () => {
  it.each<[string, Sheet]>([
    ['turned-0', {}],
    ['turned-90', { rotate: 90 }],
    ['turned-180', { rotate: 180 }],
    ['turned-270', { rotate: 270 }],
    ['cropped', { crop: [40, 30, 200, 150] }],
    ['cropped-turned-90', { crop: [40, 30, 200, 150], rotate: 90 }],
  ])('on a page %s', async (name, given) => {
    await expectLooks(name, await shown(await sheet(given), { mark: { font, image: disc() } }));
  });

  it('is the same size on a page of large units', async () => {
    const document = await PDFDocument.load(await sheet({}));
    document.getPage(0).node.set(PDFName.of('UserUnit'), PDFNumber.of(2));
    const { pdf } = await signer.sign(await document.save(), {
      field: {
        kind: 'new-visible',
        box: { page: 1, unit: 'pt', corner: 'top-left', x: 60, y: 60, width: 180, height: 90 },
      },
      appearanceLines: lines,
      mark: { font, image: disc() },
    });
    await expectLooks('user-unit', await signer.judges.render(pdf));
  });
});

describe('the layouts of a mark', () => {
  it.each(['image-left', 'image-top', 'text-only', 'image-only'] as const)('%s', async (layout) => {
    await expectLooks(layout, await shown(await sheet({}), { mark: { font, image: disc(), layout } }));
  });
});

describe('a place in points', () => {
  it.each(['top-left', 'top-right', 'bottom-left', 'bottom-right'] as const)('from the %s corner', async (corner) => {
    for (const rotate of [0, 90]) {
      const field = { kind: 'new-visible', box: { page: 1, unit: 'pt', corner, x: 10, y: 20, width: 80, height: 40 } };
      const base = await sheet({ rotate });
      const picture = await shown(base, { field: field as never, mark: { image: disc(), layout: 'image-only' } });
      const [width, height] = rotate === 0 ? [300, 200] : [200, 300];
      expect([picture.width, picture.height]).toEqual([width, height]);
      const x = corner.endsWith('left') ? 50 : width - 50;
      const y = corner.startsWith('top') ? 40 : height - 40;
      const [red, green] = picture.at(x, y);
      expect(red - green).toBeGreaterThan(100);
    }
  });
});

describe('the text of a mark', () => {
  it('is found by pdftotext, whatever its script', async () => {
    for (const rotate of [0, 90]) {
      const { pdf } = await signer.sign(await sheet({ rotate }), {
        field: { kind: 'new-visible', box },
        appearanceLines: lines,
        mark: { font },
      });
      const text = await signer.judges.text(pdf);
      for (const line of lines) expect(text).toContain(line);
    }
  });
});

describe('the words of a template', () => {
  const facts = { name: 'Ārija Bērziņa', at: Date.UTC(2026, 0, 2, 10), reason: 'Approved', location: 'Rīga' };
  const role = 'Notary';

  it.each(['image-left', 'image-top', 'text-only'] as const)('role, serial number and all, %s', async (layout) => {
    const template = '{name}, {role}\nNo. {serial}\n{reason}, {location}\n{date}';
    const appearanceLines = markLines({ ...facts, role, certificate: issuedOnce(), template });
    expect(appearanceLines).toEqual(['Ārija Bērziņa, Notary', 'No. 2a', 'Approved, Rīga', '2026-01-02 10:00 UTC']);
    const mark = { font, image: disc(), layout };
    await expectLooks(`template-${layout}`, await shown(await sheet({}), { appearanceLines, mark }));
  });

  it('goes without lines that stay empty', () => {
    const given = { ...facts, reason: '', certificate: issuedOnce(), template: '{role}\n{reason}\nSeen by {name}' };
    expect(markLines(given)).toEqual(['Seen by Ārija Bērziņa']);
  });
});
