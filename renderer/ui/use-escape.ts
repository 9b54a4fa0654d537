/** Escape leads back from a screen, unless something is typed or a dialog, menu or list above it takes the key. */
import { useEffect, useEffectEvent } from 'react';

/** A list that is closed may stay in the page, out of sight. */
function isCovered(): boolean {
  const above = document.querySelectorAll('[role="dialog"], [role="menu"], [role="listbox"]');
  return [...above].some((each) => each.checkVisibility({ visibilityProperty: true }));
}

export function useEscape(onEscape: () => void): void {
  const leave = useEffectEvent(onEscape);
  useEffect(() => {
    let covered = false;
    // Looked at before what opens later has the key: what closes by it may be gone when it comes round.
    const onCapture = (event: KeyboardEvent) => {
      if (event.key === 'Escape') covered = isCovered();
    };
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
      if (event.key !== 'Escape' || event.defaultPrevented || typing || covered) return;
      leave();
    };
    window.addEventListener('keydown', onCapture, { capture: true });
    window.addEventListener('keydown', onKey);
    return () => {
      window.removeEventListener('keydown', onCapture, { capture: true });
      window.removeEventListener('keydown', onKey);
    };
  }, []);
}
