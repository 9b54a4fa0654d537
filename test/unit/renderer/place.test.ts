import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstPlace, keepInside, moveBox, placeByKey, resizeBox } from '../../../renderer/features/document/place.ts';

const number = fc.double({ min: -300, max: 300, noNaN: true });
const box = fc.record({ page: fc.constant(2), x: number, y: number, width: number, height: number });

describe('the place of a mark', () => {
  it('stays inside its page whatever is done to it', () => {
    fc.assert(
      fc.property(box, number, number, fc.constantFrom(moveBox, resizeBox), (given, across, down, change) => {
        const changed = change(keepInside(given), across, down);
        expect(changed.x).toBeGreaterThanOrEqual(0);
        expect(changed.y).toBeGreaterThanOrEqual(0);
        expect(changed.x + changed.width).toBeLessThanOrEqual(100.01);
        expect(changed.y + changed.height).toBeLessThanOrEqual(100.01);
        expect(changed.width).toBeGreaterThanOrEqual(6);
        expect(changed.height).toBeGreaterThanOrEqual(2.5);
        expect(changed.page).toBe(2);
      }),
      { seed: 4 },
    );
  });

  it.each([
    ['ArrowLeft', {}, { x: 57, y: 84, width: 34, height: 8 }],
    ['ArrowDown', {}, { x: 58, y: 85, width: 34, height: 8 }],
    ['ArrowUp', { ctrlKey: true }, { x: 58, y: 83.9, width: 34, height: 8 }],
    ['ArrowRight', { shiftKey: true }, { x: 58, y: 84, width: 35, height: 8 }],
    ['ArrowUp', { shiftKey: true, ctrlKey: true }, { x: 58, y: 84, width: 34, height: 7.9 }],
  ])('is moved by %s with %j', (key, modifiers, expected) => {
    const pressed = { key, shiftKey: false, ctrlKey: false, ...modifiers };
    expect(placeByKey(firstPlace(3), pressed)).toEqual({ page: 3, ...expected });
  });

  it.each(['Enter', 'a', 'constructor'])('is left alone by %s', (key) => {
    expect(placeByKey(firstPlace(1), { key, shiftKey: false, ctrlKey: false })).toBeUndefined();
  });
});
