/** Where a signature's mark goes on a page, moved and resized: boxes in percent of the page as it is displayed. */
import type { PercentBox } from '../../../preload/model.ts';

/** Small enough for a corner, large enough for a name. */
const MIN_WIDTH = 6;
const MIN_HEIGHT = 2.5;
/** What a key moves by; with Ctrl a tenth of it. */
const STEP = 1;

const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);
const round = (value: number) => Math.round(value * 100) / 100;

/** The box inside its page, and no smaller than a mark can be. */
export function keepInside(box: PercentBox): PercentBox {
  const width = clamp(box.width, MIN_WIDTH, 100);
  const height = clamp(box.height, MIN_HEIGHT, 100);
  return {
    ...box,
    width: round(width),
    height: round(height),
    x: round(clamp(box.x, 0, 100 - width)),
    y: round(clamp(box.y, 0, 100 - height)),
  };
}

export function moveBox(box: PercentBox, right: number, down: number): PercentBox {
  return keepInside({ ...box, x: box.x + right, y: box.y + down });
}

/** Resizes by its lower right corner, which stays inside the page. */
export function resizeBox(box: PercentBox, wider: number, higher: number): PercentBox {
  return keepInside({
    ...box,
    width: Math.min(box.width + wider, 100 - box.x),
    height: Math.min(box.height + higher, 100 - box.y),
  });
}

/** A first place on a page: low and to the right, where people sign. */
export function firstPlace(page: number): PercentBox {
  return { page, x: 58, y: 84, width: 34, height: 8 };
}

interface Key {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
}

/** What a key makes of the box: arrows move it, with Shift they resize it; undefined for any other key. */
export function placeByKey(box: PercentBox, { key, shiftKey, ctrlKey }: Key): PercentBox | undefined {
  const step = ctrlKey ? STEP / 10 : STEP;
  const ways: Readonly<Record<string, readonly [number, number]>> = {
    ArrowLeft: [-step, 0],
    ArrowRight: [step, 0],
    ArrowUp: [0, -step],
    ArrowDown: [0, step],
  };
  const way = Object.hasOwn(ways, key) ? ways[key] : undefined;
  if (!way) return undefined;
  return shiftKey ? resizeBox(box, ...way) : moveBox(box, ...way);
}
