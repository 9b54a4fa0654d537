/**
 * From a form's box (percent of the page as displayed, from its top left corner) to the page's own user space
 * (ISO 32000-1, 7.7.3.3: /Rotate turns the page clockwise when it is shown; 14.11.2: only the CropBox is shown).
 */
export interface PageArea {
  /** Bottom left corner and size of the CropBox, points, user space. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Clockwise degrees, a multiple of 90. */
  readonly rotation: number;
}

export interface PercentBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedBox {
  /** Size as displayed, points. */
  readonly width: number;
  readonly height: number;
  /** Counter-clockwise angle in user space at which text runs left to right as displayed. */
  readonly angle: number;
  /** User-space point of a place inside the box, `right` and `down` points from its top left corner as displayed. */
  at(right: number, down: number): { x: number; y: number };
}

/** A box that runs off the page is moved inside it. */
export function placeOnPage(page: PageArea, box: PercentBox): PlacedBox {
  const rotation = ((page.rotation % 360) + 360) % 360;
  const sideways = rotation === 90 || rotation === 270;
  const shownWidth = sideways ? page.height : page.width;
  const shownHeight = sideways ? page.width : page.height;
  const width = (Math.min(Math.max(box.width, 0), 100) / 100) * shownWidth;
  const height = (Math.min(Math.max(box.height, 0), 100) / 100) * shownHeight;
  const left = Math.min(Math.max((box.x / 100) * shownWidth, 0), shownWidth - width);
  const top = Math.min(Math.max((box.y / 100) * shownHeight, 0), shownHeight - height);
  const toUserSpace = (u: number, v: number) => {
    if (rotation === 90) return { x: page.x + v, y: page.y + u };
    if (rotation === 180) return { x: page.x + page.width - u, y: page.y + v };
    if (rotation === 270) return { x: page.x + page.width - v, y: page.y + page.height - u };
    return { x: page.x + u, y: page.y + page.height - v };
  };
  return { width, height, angle: rotation, at: (right, down) => toUserSpace(left + right, top + down) };
}
