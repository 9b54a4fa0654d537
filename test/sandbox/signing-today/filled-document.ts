/** Renders a document with its text forms filled, as the server does when the last one is. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import fontkit from '@cantoo/fontkit';
import { degrees, PDFDocument, type PDFFont, type PDFPage } from 'pdf-lib';
import type { FillableForm } from './model.ts';
import { placeOnPage } from './page-place.ts';

const LINE_HEIGHT = 1.2;
const LARGEST_PT = 12;

const fontFile = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf');

function drawValue(page: PDFPage, font: PDFFont, form: FillableForm): void {
  const crop = page.getCropBox();
  const place = placeOnPage(
    { ...crop, rotation: page.getRotation().angle },
    {
      x: Number(form.positionX),
      y: Number(form.positionY),
      width: Number(form.width),
      height: Number(form.height),
    },
  );
  const value = form.extraData.value;
  const lines = (typeof value === 'string' ? value : '').split(/\r\n|\r|\n/);
  const widest = Math.max(...lines.map((line) => font.widthOfTextAtSize(line, 1)), 0.001);
  const size = Math.min(LARGEST_PT, place.width / widest, place.height / (lines.length * LINE_HEIGHT));
  lines.forEach((line, index) => {
    const baseline = (index + 1) * size * LINE_HEIGHT - size * (LINE_HEIGHT - 1);
    page.drawText(line, { ...place.at(0, baseline), size, font, rotate: degrees(place.angle) });
  });
}

/**
 * The PDF with every visible text form's value drawn at its place.
 * @throws Error where the file cannot be read, is encrypted, or lacks a form's page
 */
export async function renderFilled(plain: Uint8Array, forms: readonly FillableForm[]): Promise<Uint8Array> {
  const pdf = await PDFDocument.load(plain, { updateMetadata: false });
  pdf.registerFontkit(fontkit);
  const font = await pdf.embedFont(await readFile(fontFile), { subset: true });
  for (const form of forms) {
    if (form.type === 'TextForm' && form.filled && !form.invisible) drawValue(pdf.getPage(form.page - 1), font, form);
  }
  return pdf.save();
}

/** How many pages a PDF has; undefined when it cannot be read. */
export async function countPages(pdf: Uint8Array): Promise<number | undefined> {
  try {
    const document = await PDFDocument.load(pdf, { ignoreEncryption: true, updateMetadata: false });
    return document.getPageCount();
  } catch {
    return undefined;
  }
}
