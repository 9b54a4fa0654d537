/** The view's zoom, turn and sizes of pages, and the scale they come to. */
import { useElementSize } from '@mantine/hooks';
import { useCallback, useRef, useState } from 'react';
import type { PageSize } from './pdf-page.tsx';
import { CSS_PX_PER_POINT, fitScale, type Turn, turnBy, turnSize, type Zoom } from './zoom.ts';

export const GAP_PX = 14;
const MIN_PX = 200;

export function useScale(first: PageSize) {
  const { ref: area, width, height } = useElementSize<HTMLElement>();
  const [zoom, setZoom] = useState<Zoom>('width');
  const [turn, setTurn] = useState<Turn>(0);
  const sizes = useRef(new Map<number, PageSize>());
  const [largest, setLargest] = useState(first);
  const shown = turnSize(largest, turn);
  const toWidth = fitScale(Math.max(MIN_PX, width - 2 * GAP_PX), shown.width);
  const toHeight = Math.max(MIN_PX, height - 2 * GAP_PX) / (shown.height * CSS_PX_PER_POINT);
  const scale = zoom === 'width' ? toWidth : zoom === 'page' ? Math.min(toWidth, toHeight) : zoom;

  /** @returns true where the page is not as high as was thought */
  const learn = useCallback(
    (page: number, size: PageSize): boolean => {
      const known = sizes.current.get(page) ?? first;
      sizes.current.set(page, size);
      setLargest((now) =>
        size.width > now.width || size.height > now.height
          ? { width: Math.max(now.width, size.width), height: Math.max(now.height, size.height) }
          : now,
      );
      return known.height !== size.height || known.width !== size.width;
    },
    [first],
  );
  const sizeOf = (page: number): PageSize => sizes.current.get(page) ?? first;
  const heightOf = (page: number): number => turnSize(sizeOf(page), turn).height * scale * CSS_PX_PER_POINT;
  return {
    area,
    zoom,
    setZoom,
    turn,
    turnRight: () => setTurn(turnBy(turn, 1)),
    scale,
    learn,
    sizeOf,
    heightOf,
    /** False until the area has been measured: fitting makes no sense before. */
    measured: width > 0,
  };
}
