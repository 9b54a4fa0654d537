/** Zoom steps of the page view, as factors of 96 dpi; `fit` follows the width of the view. */

export type Zoom = number | 'fit';

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
