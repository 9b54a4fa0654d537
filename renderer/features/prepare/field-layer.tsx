/**
 * The fields of one page, and placing new ones: by a press on the page, by dragging, or by the keyboard (arrows move, with Shift they
 * resize, Delete removes). Boxes are in percent of the page as the file has it; the view may be turned.
 */
import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { PercentBox } from '../../../preload/model.ts';
import { boxStyle } from '../document/marks.ts';
import { type Turn, turnBox } from '../document/zoom.ts';
import classes from './field-layer.module.css';
import type { PlanChange, PlanField } from './plan.ts';

/** What a press on the page puts there; none while nothing is to be placed. */
export interface Placing {
  readonly kind: PlanField['kind'];
  readonly signer: string;
  /** What the next text is for. */
  readonly label: string;
}

interface FieldLayerProps {
  readonly fileId: string;
  readonly page: number;
  readonly turn: Turn;
  readonly fields: readonly PlanField[];
  readonly placing: Placing | undefined;
  readonly nameOf: (signer: string) => string;
  readonly onChange: (change: PlanChange) => void;
  readonly onPlaced: () => void;
}

/** A usual signature's and a line of text's size, percent of the page. */
export const usualSize = { signature: { width: 30, height: 7 }, text: { width: 30, height: 3.5 } } as const;

const back = (turn: Turn): Turn => ((360 - turn) % 360) as Turn;
const STEP = 1;

const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};

/** A box moved or resized by a step as it is seen. */
export function nudge(seen: PercentBox, key: string, resize: boolean): PercentBox | undefined {
  const [dx, dy] = arrows[key] ?? [];
  if (dx === undefined || dy === undefined) return undefined;
  return resize
    ? { ...seen, width: seen.width + dx, height: seen.height + dy }
    : { ...seen, x: seen.x + dx, y: seen.y + dy };
}

export function FieldLayer(props: FieldLayerProps) {
  const { fileId, page, turn, fields, placing, nameOf, onChange, onPlaced } = props;
  const { t } = useTranslation();
  const layer = useRef<HTMLDivElement>(null);
  const drag = useRef<{ key: string; x: number; y: number; from: PercentBox; resize: boolean }>(undefined);

  /** A point of the screen in percent of the page as it is seen. */
  function at({ clientX, clientY }: { clientX: number; clientY: number }): { x: number; y: number } {
    const area = layer.current?.getBoundingClientRect();
    if (!area || area.width === 0 || area.height === 0) return { x: 0, y: 0 };
    return { x: ((clientX - area.left) / area.width) * 100, y: ((clientY - area.top) / area.height) * 100 };
  }

  function place(event: PointerEvent<HTMLDivElement>): void {
    if (!placing || event.target !== layer.current) return;
    const { x, y } = at(event);
    const { width, height } = usualSize[placing.kind];
    const seen = { page, x: x - width / 2, y: y - height / 2, width, height };
    onChange({ kind: 'field-added', field: { ...placing, fileId, box: turnBox(seen, back(turn)) } });
    onPlaced();
  }

  const move = (key: string, seen: PercentBox) =>
    onChange({ kind: 'field-moved', key, box: turnBox(seen, back(turn)) });

  function onKey(event: KeyboardEvent, field: PlanField): void {
    if (event.key === 'Delete' || event.key === 'Backspace') {
      event.preventDefault();
      onChange({ kind: 'field-removed', key: field.key });
      return;
    }
    const moved = nudge(turnBox(field.box, turn), event.key, event.shiftKey);
    if (!moved) return;
    event.preventDefault();
    event.stopPropagation();
    move(field.key, moved);
  }

  function startDrag(event: PointerEvent<HTMLElement>, field: PlanField, resize: boolean): void {
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { key: field.key, ...at(event), from: turnBox(field.box, turn), resize };
  }

  function dragged(event: PointerEvent<HTMLElement>): void {
    const held = drag.current;
    if (!held) return;
    const now = at(event);
    const [dx, dy] = [now.x - held.x, now.y - held.y];
    const { from } = held;
    const seen = held.resize
      ? { ...from, width: from.width + dx, height: from.height + dy }
      : { ...from, x: from.x + dx, y: from.y + dy };
    move(held.key, seen);
  }

  const endDrag = () => {
    drag.current = undefined;
  };

  return (
    <div ref={layer} className={classes.layer} data-placing={placing !== undefined} onPointerDown={place}>
      {fields.map((field) => (
        <div
          key={field.key}
          className={classes.field}
          style={boxStyle(turnBox(field.box, turn))}
          data-kind={field.kind}
        >
          <button
            type="button"
            className={classes.body}
            data-field={field.key}
            aria-label={t(`prepare.${field.kind}Of`, { name: nameOf(field.signer), page })}
            aria-description={t('prepare.fieldKeys')}
            onKeyDown={(event) => onKey(event, field)}
            onPointerDown={(event) => startDrag(event, field, false)}
            onPointerMove={dragged}
            onPointerUp={endDrag}
            onPointerCancel={endDrag}
          >
            {nameOf(field.signer)}
          </button>
          <span
            className={classes.corner}
            aria-hidden="true"
            onPointerDown={(event) => startDrag(event, field, true)}
            onPointerMove={dragged}
            onPointerUp={endDrag}
            onPointerCancel={endDrag}
          />
        </div>
      ))}
    </div>
  );
}
