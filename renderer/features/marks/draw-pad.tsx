/** A pad to draw a mark on with mouse, finger or pen. */
import { type PointerEvent, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { drawStrokes, PAD, type Stroke } from './mark-image.ts';
import classes from './mark-maker.module.css';

interface DrawPadProps {
  readonly strokes: readonly Stroke[];
  readonly onStrokes: (strokes: readonly Stroke[]) => void;
}

export function DrawPad({ strokes, onStrokes }: DrawPadProps) {
  const { t } = useTranslation();
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawing = useRef(false);

  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    context.clearRect(0, 0, PAD.width, PAD.height);
    drawStrokes(context, strokes, '#14213d');
  }, [strokes]);

  function pointOf(event: PointerEvent<HTMLCanvasElement>) {
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
    return { x: ((event.clientX - left) / width) * PAD.width, y: ((event.clientY - top) / height) * PAD.height };
  }
  return (
    <canvas
      ref={canvas}
      className={classes.pad}
      width={PAD.width}
      height={PAD.height}
      role="img"
      aria-label={t('marks.pad')}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        drawing.current = true;
        onStrokes([...strokes, [pointOf(event)]]);
      }}
      onPointerMove={(event) => {
        if (!drawing.current) return;
        const last = strokes.at(-1) ?? [];
        onStrokes([...strokes.slice(0, -1), [...last, pointOf(event)]]);
      }}
      onPointerUp={() => {
        drawing.current = false;
      }}
      onPointerCancel={() => {
        drawing.current = false;
      }}
    />
  );
}
