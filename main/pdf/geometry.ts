/** Where a box on the displayed page lies on the page itself (ISO 32000-2, 7.7.3.3, 12.5.5). */
import type { PercentBox } from '../../preload/model.ts';

/** Lower left and upper right corner, in default user space units. */
export interface Rect {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** Clockwise turn of the page when displayed, degrees. */
export type Rotation = 0 | 90 | 180 | 270;

/** [a b c d e f] as in a form's /Matrix. */
export type Matrix = readonly [number, number, number, number, number, number];

export interface PageView {
  readonly rotation: Rotation;
  /** What of the page is displayed, before it is turned. */
  readonly visible: Rect;
  /** Points per user space unit. */
  readonly userUnit: number;
}

/** A box on the displayed page measured in points from one of its corners to the box's nearest. */
export interface PointBox {
  readonly unit: 'pt';
  readonly page: number;
  readonly corner: 'top-left' | 'top-right' | 'bottom-left' | 'bottom-right';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type PlaceBox = PercentBox | PointBox;

export const emptyRect: Rect = { x0: 0, y0: 0, x1: 0, y1: 0 };
export const widthOf = (rect: Rect): number => rect.x1 - rect.x0;
export const heightOf = (rect: Rect): number => rect.y1 - rect.y0;

export const hasArea = (rect: Rect): boolean => widthOf(rect) > 0 && heightOf(rect) > 0;

/** Multiples of 90, also negative ones; anything else counts as 0. */
export function toRotation(degrees: number): Rotation {
  const turned = ((degrees % 360) + 360) % 360;
  return turned === 90 || turned === 180 || turned === 270 ? turned : 0;
}

/** The overlap, or the first rectangle where there is none. */
export function intersect(first: Rect, second: Rect): Rect {
  const both = {
    x0: Math.max(first.x0, second.x0),
    y0: Math.max(first.y0, second.y0),
    x1: Math.min(first.x1, second.x1),
    y1: Math.min(first.y1, second.y1),
  };
  return widthOf(both) > 0 && heightOf(both) > 0 ? both : first;
}

/** @param across share of the displayed width from the left @param down share of the displayed height from the top */
function toPage({ rotation, visible }: PageView, across: number, down: number): { x: number; y: number } {
  const { x0, y0, x1, y1 } = visible;
  const [width, height] = [widthOf(visible), heightOf(visible)];
  switch (rotation) {
    case 0:
      return { x: x0 + across * width, y: y1 - down * height };
    case 90:
      return { x: x0 + down * width, y: y0 + across * height };
    case 180:
      return { x: x1 - across * width, y: y0 + down * height };
    case 270:
      return { x: x1 - down * width, y: y1 - across * height };
  }
}

const round = (value: number) => Math.round(value * 1000) / 1000;

/** The same box in percent of the displayed page, from its top left corner. */
function toPercent({ rotation, visible, userUnit }: PageView, box: PointBox): PercentBox {
  const isTurned = rotation === 90 || rotation === 270;
  const across = 100 / (userUnit * (isTurned ? heightOf(visible) : widthOf(visible)));
  const down = 100 / (userUnit * (isTurned ? widthOf(visible) : heightOf(visible)));
  const [width, height] = [box.width * across, box.height * down];
  const x = box.corner.endsWith('left') ? box.x * across : 100 - box.x * across - width;
  const y = box.corner.startsWith('top') ? box.y * down : 100 - box.y * down - height;
  return { page: box.page, x, y, width, height };
}

/** The widget's /Rect. A box that runs off the page is moved inside; one without an area gives the empty rectangle. */
export function placeBox(view: PageView, given: PlaceBox): Rect {
  const box = 'unit' in given ? toPercent(view, given) : given;
  if (!(box.width > 0 && box.height > 0 && Number.isFinite(box.x) && Number.isFinite(box.y))) return emptyRect;
  const [width, height] = [Math.min(box.width, 100), Math.min(box.height, 100)];
  const left = Math.min(Math.max(box.x, 0), 100 - width);
  const top = Math.min(Math.max(box.y, 0), 100 - height);
  const first = toPage(view, left / 100, top / 100);
  const second = toPage(view, (left + width) / 100, (top + height) / 100);
  return {
    x0: round(Math.min(first.x, second.x)),
    y0: round(Math.min(first.y, second.y)),
    x1: round(Math.max(first.x, second.x)),
    y1: round(Math.max(first.y, second.y)),
  };
}

/** A rectangle of the page as the share of the displayed page it takes: the way back from `placeBox`. */
export function boxOf(view: PageView, page: number, rect: Rect): PercentBox {
  const { rotation, visible } = view;
  const isTurned = rotation === 90 || rotation === 270;
  const corner = {
    0: { x: rect.x0 - visible.x0, y: visible.y1 - rect.y1 },
    90: { x: rect.y0 - visible.y0, y: rect.x0 - visible.x0 },
    180: { x: visible.x1 - rect.x1, y: rect.y0 - visible.y0 },
    270: { x: visible.y1 - rect.y1, y: visible.x1 - rect.x1 },
  }[rotation];
  const across = 100 / (isTurned ? heightOf(visible) : widthOf(visible));
  const down = 100 / (isTurned ? widthOf(visible) : heightOf(visible));
  const [width, height] = isTurned ? [heightOf(rect), widthOf(rect)] : [widthOf(rect), heightOf(rect)];
  return {
    page,
    x: round(corner.x * across),
    y: round(corner.y * down),
    width: round(width * across),
    height: round(height * down),
  };
}

/** The displayed page's size in points. */
export function displayedSize({ rotation, visible, userUnit }: PageView): { width: number; height: number } {
  const [width, height] = [round(widthOf(visible) * userUnit), round(heightOf(visible) * userUnit)];
  return rotation === 90 || rotation === 270 ? { width: height, height: width } : { width, height };
}

/** How large a form must be drawn, upright, to fill `rect` on the displayed page, and the matrix that turns it back (12.5.5). */
export function uprightForm(rotation: Rotation, rect: Rect): { width: number; height: number; matrix: Matrix } {
  const [across, up] = [round(widthOf(rect)), round(heightOf(rect))];
  switch (rotation) {
    case 0:
      return { width: across, height: up, matrix: [1, 0, 0, 1, 0, 0] };
    case 90:
      return { width: up, height: across, matrix: [0, 1, -1, 0, across, 0] };
    case 180:
      return { width: across, height: up, matrix: [-1, 0, 0, -1, across, up] };
    case 270:
      return { width: up, height: across, matrix: [0, -1, 1, 0, 0, up] };
  }
}
