/** Pictures of a mark as PNG: what was drawn, what was typed, or a picture made no larger than it need be. */
import { MAX_MARK_BYTES } from '../../../preload/plain.ts';

/** A stroke of the pen: points in the pad's own pixels. */
export type Stroke = readonly { readonly x: number; readonly y: number }[];

export const PAD = { width: 560, height: 180 } as const;
/** Sharp on paper: the pad's pixels are drawn this many times as large. */
const SCALE = 2;
const PEN_PX = 2.4;
const MOST_SIDE_PX = 1600;
const INK = '#14213d';

type Context = OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D;

/** Draws the strokes, each a smooth line through the middles between its points. */
export function drawStrokes(context: Context, strokes: readonly Stroke[], color: string): void {
  context.lineCap = 'round';
  context.lineJoin = 'round';
  context.lineWidth = PEN_PX;
  context.strokeStyle = color;
  context.fillStyle = color;
  for (const stroke of strokes) {
    const [first] = stroke;
    if (!first) continue;
    context.beginPath();
    if (stroke.length === 1) {
      context.arc(first.x, first.y, PEN_PX / 2, 0, 2 * Math.PI);
      context.fill();
      continue;
    }
    context.moveTo(first.x, first.y);
    for (const [i, point] of stroke.slice(1).entries()) {
      const before = stroke[i] ?? point;
      context.quadraticCurveTo(before.x, before.y, (before.x + point.x) / 2, (before.y + point.y) / 2);
    }
    context.stroke();
  }
}

/** The box around the strokes with room for the pen; undefined where nothing was drawn. */
export function inkBox(
  strokes: readonly Stroke[],
): { x: number; y: number; width: number; height: number } | undefined {
  const points = strokes.flat();
  if (points.length === 0) return undefined;
  const room = PEN_PX * 2;
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const [x, y] = [Math.min(...xs) - room, Math.min(...ys) - room];
  return { x, y, width: Math.max(...xs) + room - x, height: Math.max(...ys) + room - y };
}

async function toPng(canvas: OffscreenCanvas): Promise<Uint8Array> {
  const blob = await canvas.convertToBlob({ type: 'image/png' });
  return new Uint8Array(await blob.arrayBuffer());
}

function contextOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this window cannot draw');
  return context;
}

/** Only what was drawn, on nothing. Undefined where nothing was. */
export async function strokesToPng(strokes: readonly Stroke[]): Promise<Uint8Array | undefined> {
  const box = inkBox(strokes);
  if (!box) return undefined;
  const canvas = new OffscreenCanvas(Math.ceil(box.width * SCALE), Math.ceil(box.height * SCALE));
  const context = contextOf(canvas);
  context.scale(SCALE, SCALE);
  context.translate(-box.x, -box.y);
  drawStrokes(context, strokes, INK);
  return toPng(canvas);
}

const TYPED_FONT = "italic 400 88px 'Segoe Script', 'Snell Roundhand', 'URW Chancery L', 'DejaVu Serif', cursive";

/** A name in a hand-like face of this system. */
export async function textToPng(text: string): Promise<Uint8Array> {
  const measuring = contextOf(new OffscreenCanvas(1, 1));
  measuring.font = TYPED_FONT;
  const size = measuring.measureText(text);
  const left = Math.ceil(size.actualBoundingBoxLeft) + 12;
  const top = Math.ceil(size.actualBoundingBoxAscent) + 12;
  const width = Math.min(MOST_SIDE_PX * 2, left + Math.ceil(size.actualBoundingBoxRight) + 12);
  const canvas = new OffscreenCanvas(width, top + Math.ceil(size.actualBoundingBoxDescent) + 12);
  const context = contextOf(canvas);
  context.font = TYPED_FONT;
  context.fillStyle = INK;
  context.fillText(text, left, top);
  return toPng(canvas);
}

/** The picture drawn anew, with nothing of the file but its pixels; undefined where it is none. */
export async function pictureToPng(file: Blob): Promise<Uint8Array | undefined> {
  const picture = await createImageBitmap(file).catch(() => undefined);
  if (!picture) return undefined;
  for (let most = MOST_SIDE_PX; most >= 200; most /= 2) {
    const scale = Math.min(1, most / Math.max(picture.width, picture.height));
    const width = Math.max(1, Math.round(picture.width * scale));
    const height = Math.max(1, Math.round(picture.height * scale));
    const canvas = new OffscreenCanvas(width, height);
    contextOf(canvas).drawImage(picture, 0, 0, width, height);
    const png = await toPng(canvas);
    if (png.length <= MAX_MARK_BYTES) return png;
  }
  return undefined;
}
