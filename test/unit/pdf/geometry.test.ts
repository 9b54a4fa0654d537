import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  emptyRect,
  heightOf,
  intersect,
  type PageView,
  placeBox,
  type Rotation,
  toRotation,
  uprightForm,
  widthOf,
} from '../../../main/pdf/geometry.ts';

const rotations: readonly Rotation[] = [0, 90, 180, 270];
const view = (rotation: Rotation, x0 = 0, y0 = 0, x1 = 400, y1 = 300): PageView => ({
  rotation,
  visible: { x0, y0, x1, y1 },
  userUnit: 1,
});
const box = (x: number, y: number, width: number, height: number) => ({ page: 1, x, y, width, height });

describe('placing a box', () => {
  it.each<[string, PageView, readonly number[]]>([
    ['upright', view(0), [40, 210, 120, 240]],
    ['turned by 90', view(90), [80, 30, 120, 90]],
    ['turned by 180', view(180), [280, 60, 360, 90]],
    ['turned by 270', view(270), [280, 210, 320, 270]],
    ['cropped', view(0, 100, 50, 300, 250), [120, 190, 160, 210]],
    ['turned and cropped', view(90, 100, 50, 300, 250), [140, 70, 160, 110]],
    ['cropped below zero', view(180, -200, -100, 0, 100), [-60, -60, -20, -40]],
  ])('%s', (_, page, [x0, y0, x1, y1]) => {
    expect(placeBox(page, box(10, 20, 20, 10))).toEqual({ x0, y0, x1, y1 });
  });

  it('keeps every box inside what is displayed, with its share of the area', () => {
    const percent = fc.double({ min: -50, max: 150, noNaN: true });
    const size = fc.double({ min: 0.1, max: 100, noNaN: true });
    fc.assert(
      fc.property(fc.constantFrom(...rotations), percent, percent, size, size, (rotation, x, y, width, height) => {
        const page = view(rotation, -20, 30, 380, 430);
        const rect = placeBox(page, box(x, y, width, height));
        expect(rect.x0).toBeGreaterThanOrEqual(-20.001);
        expect(rect.y0).toBeGreaterThanOrEqual(29.999);
        expect(rect.x1).toBeLessThanOrEqual(380.001);
        expect(rect.y1).toBeLessThanOrEqual(430.001);
        expect((widthOf(rect) * heightOf(rect)) / 160_000).toBeCloseTo((width * height) / 10_000, 3);
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  it.each([box(10, 10, 0, 10), box(10, 10, 10, -1), box(Number.NaN, 10, 10, 10), box(10, 10, Number.NaN, 10)])(
    'gives %j no place',
    (without) => {
      expect(placeBox(view(0), without)).toEqual(emptyRect);
    },
  );
});

describe('the form that fills the place', () => {
  it.each(rotations)('covers the rectangle exactly and reads upright at %d', (rotation) => {
    const rect = { x0: 10, y0: 20, x1: 90, y1: 50 };
    const { width, height, matrix } = uprightForm(rotation, rect);
    const [a, b, c, d, e, f] = matrix;
    const corner = (x: number, y: number) => [a * x + c * y + e, b * x + d * y + f];
    const corners = [corner(0, 0), corner(width, 0), corner(0, height), corner(width, height)];
    const xs = corners.map(([x]) => x ?? Number.NaN);
    const ys = corners.map(([, y]) => y ?? Number.NaN);
    expect([Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]).toEqual([0, 0, 80, 30]);
    // The page turns clockwise by `rotation`: the form's own turn must undo it.
    expect((Math.atan2(b, a) * 180) / Math.PI).toBeCloseTo(rotation > 180 ? rotation - 360 : rotation);
  });
});

describe('page turns', () => {
  it.each([
    [0, 0],
    [90, 90],
    [-90, 270],
    [450, 90],
    [720, 0],
    [45, 0],
    [Number.NaN, 0],
  ])('%d counts as %d', (degrees, rotation) => {
    expect(toRotation(degrees)).toBe(rotation);
  });

  it('shows the overlap of two boxes, the first where there is none', () => {
    const media = { x0: 0, y0: 0, x1: 100, y1: 100 };
    expect(intersect(media, { x0: 50, y0: -10, x1: 200, y1: 60 })).toEqual({ x0: 50, y0: 0, x1: 100, y1: 60 });
    expect(intersect(media, { x0: 200, y0: 200, x1: 300, y1: 300 })).toEqual(media);
  });
});
