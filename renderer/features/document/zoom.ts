/** Zoom steps of the page view, as factors of 96 dpi; `width` and `page` follow the size of the view. */

export type Zoom = number | 'width' | 'page';

/** Clockwise turn of the view over the page's own, degrees. */
export type Turn = 0 | 90 | 180 | 270;

const steps = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4] as const;
const MIN = 0.1;
/** CSS pixels per PDF point at 100 %. */
export const CSS_PX_PER_POINT = 96 / 72;

/** The next step up or down from a scale. */
export function stepZoom(scale: number, direction: 1 | -1): number {
  const wanted =
    direction === 1 ? steps.find((step) => step > scale * 1.01) : steps.findLast((step) => step < scale * 0.99);
  return wanted ?? (direction === 1 ? (steps[steps.length - 1] ?? 4) : steps[0]);
}

/** Scale at which the widest page fills `widthPx`, at most 2. */
export function fitScale(widthPx: number, pageWidthPt: number): number {
  return Math.max(MIN, Math.min(2, widthPx / (pageWidthPt * CSS_PX_PER_POINT)));
}

/** Pixels of a canvas side by side are bounded: a page at high zoom is painted coarser instead of not at all. */
export function paintScale(widthPx: number, heightPx: number, pixelRatio: number, maxPixels = 16_777_216): number {
  const pixels = widthPx * heightPx * pixelRatio * pixelRatio;
  return pixels <= maxPixels ? pixelRatio : pixelRatio * Math.sqrt(maxPixels / pixels);
}

export function turnBy(turn: Turn, direction: 1 | -1): Turn {
  return ((turn + direction * 90 + 360) % 360) as Turn;
}

/** A size as it is after a turn. */
export function turnSize<S extends { readonly width: number; readonly height: number }>(
  { width, height }: S,
  turn: Turn,
): { readonly width: number; readonly height: number } {
  return turn % 180 === 0 ? { width, height } : { width: height, height: width };
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A box in percent of a page, as it lies on the page turned clockwise. */
export function turnBox<B extends Box>(box: B, turn: Turn): B {
  const { x, y, width, height } = box;
  switch (turn) {
    case 0:
      return box;
    case 90:
      return { ...box, x: 100 - y - height, y: x, width: height, height: width };
    case 180:
      return { ...box, x: 100 - x - width, y: 100 - y - height };
    case 270:
      return { ...box, x: y, y: 100 - x - width, width: height, height: width };
  }
}

/** The turn that takes `turn` back. */
export const unturn = (turn: Turn): Turn => ((360 - turn) % 360) as Turn;
