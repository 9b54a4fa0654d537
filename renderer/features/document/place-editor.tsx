/** My mark on its page, moved and resized by mouse and keyboard, looking as it will. */
import { type PointerEvent, type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { PercentBox } from '../../../preload/model.ts';
import { boxStyle } from './marks.ts';
import { moveBox, placeByKey, resizeBox } from './place.ts';
import classes from './place-editor.module.css';
import { type Turn, turnBox, unturn } from './zoom.ts';

interface PlaceEditorProps {
  readonly box: PercentBox;
  readonly turn: Turn;
  readonly onChange: (box: PercentBox) => void;
  readonly onRemove: () => void;
  /** The mark. */
  readonly children: ReactNode;
}

interface Drag {
  readonly how: typeof moveBox;
  readonly from: PercentBox;
  readonly x: number;
  readonly y: number;
  readonly page: DOMRect;
}

export function PlaceEditor({ box, turn, onChange, onRemove, children }: PlaceEditorProps) {
  const { t } = useTranslation();
  const drag = useRef<Drag>(undefined);
  const shown = turnBox(box, turn);
  const change = (next: PercentBox) => onChange(turnBox(next, unturn(turn)));

  const begin = (how: typeof moveBox) => (event: PointerEvent<HTMLElement>) => {
    const page = event.currentTarget.closest('[data-page]')?.getBoundingClientRect();
    if (event.button !== 0 || !page) return;
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { how, from: shown, x: event.clientX, y: event.clientY, page };
  };
  const follow = (event: PointerEvent<HTMLElement>) => {
    const now = drag.current;
    if (!now) return;
    event.stopPropagation();
    const across = (100 * (event.clientX - now.x)) / now.page.width;
    const down = (100 * (event.clientY - now.y)) / now.page.height;
    change(now.how(now.from, across, down));
  };
  const end = () => {
    drag.current = undefined;
  };

  return (
    <div className={classes.place} style={boxStyle(shown)} data-mark="my-place">
      {children}
      <button
        type="button"
        className={classes.handle}
        data-own-keys=""
        aria-label={t('place.name')}
        aria-description={t('place.help')}
        aria-keyshortcuts="ArrowUp ArrowDown ArrowLeft ArrowRight Shift+ArrowRight Delete"
        onPointerDown={begin(moveBox)}
        onPointerMove={follow}
        onPointerUp={end}
        onPointerCancel={end}
        onKeyDown={(event) => {
          if (event.key === 'Delete') return onRemove();
          const next = placeByKey(shown, event);
          if (!next) return;
          event.preventDefault();
          event.stopPropagation();
          change(next);
        }}
      />
      <span
        className={classes.corner}
        data-corner=""
        onPointerDown={begin(resizeBox)}
        onPointerMove={follow}
        onPointerUp={end}
        onPointerCancel={end}
      />
    </div>
  );
}
