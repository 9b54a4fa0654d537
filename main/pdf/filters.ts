/** Decoding of streams the reader itself needs: FlateDecode with its predictors (ISO 32000-2, 7.4.4). */
import { inflateSync } from 'node:zlib';
import { PdfError } from './errors.ts';
import { limits, type Spend } from './limits.ts';
import { countOf, type PdfDict } from './objects.ts';

/** @throws PdfError limit past limits.streamBytes; damaged where zlib refuses */
export function inflate(data: Uint8Array, spend: Spend): Uint8Array {
  try {
    const decoded = inflateSync(data, { maxOutputLength: limits.streamBytes, chunkSize: 64 * 1024 });
    spend('decoded', decoded.length);
    return decoded;
  } catch (error) {
    if (error instanceof PdfError) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw new PdfError('limit', 'stream', error);
    throw new PdfError('damaged', 'flate', error);
  }
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const [toLeft, toUp, toCorner] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - corner)];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

/** PNG's filters, each row led by its type (ISO 15948, clause 9). A last row that is cut short is dropped. */
export function undoPng(data: Uint8Array, rowBytes: number, pixelBytes: number): Uint8Array {
  const rows = Math.floor(data.length / (rowBytes + 1));
  const out = new Uint8Array(rows * rowBytes);
  for (let row = 0; row < rows; row++) {
    const from = row * (rowBytes + 1);
    const to = row * rowBytes;
    const type = data[from];
    for (let i = 0; i < rowBytes; i++) {
      const left = i < pixelBytes ? 0 : (out[to + i - pixelBytes] ?? 0);
      const up = row === 0 ? 0 : (out[to + i - rowBytes] ?? 0);
      const corner = row === 0 || i < pixelBytes ? 0 : (out[to + i - rowBytes - pixelBytes] ?? 0);
      const predicted =
        type === 0 ? 0 : type === 1 ? left : type === 2 ? up : type === 3 ? (left + up) >> 1 : paeth(left, up, corner);
      out[to + i] = (data[from + 1 + i] ?? 0) + predicted;
    }
  }
  return out;
}

/** Undoes the predictor that /DecodeParms names. @throws PdfError damaged for one that is not PNG's */
export function undoPredictor(data: Uint8Array, parms: PdfDict): Uint8Array {
  const predictor = countOf(parms.get('Predictor')) ?? 1;
  if (predictor <= 1) return data;
  if (predictor < 10 || predictor > 15) throw new PdfError('damaged', 'predictor');
  const colors = countOf(parms.get('Colors')) ?? 1;
  const bits = countOf(parms.get('BitsPerComponent')) ?? 8;
  const columns = countOf(parms.get('Columns')) ?? 1;
  const rowBytes = Math.ceil((colors * bits * columns) / 8);
  if (rowBytes < 1 || colors > 64 || bits > 16 || rowBytes > limits.objectBytes)
    throw new PdfError('damaged', 'predictor');
  return undoPng(data, rowBytes, Math.max(1, Math.ceil((colors * bits) / 8)));
}
