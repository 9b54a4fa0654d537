/** The keys of the page view, while no dialog is open. Arrows, Page Up and Down scroll by themselves. */
import { useEffect, useEffectEvent } from 'react';
import { stepZoom, type Zoom } from './zoom.ts';

interface ViewCommands {
  readonly scale: number;
  readonly zoom: (zoom: Zoom) => void;
  readonly find: () => void;
  readonly findNext: (direction: 1 | -1) => void;
  readonly print: () => void;
  readonly page: (step: number) => void;
}

/** Where letters and arrows are for what has the keyboard and not for the view. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLInputElement ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLElement && target.closest('[role="tablist"], [data-own-keys]') !== null)
  );
}

function focusPageField(): void {
  document.querySelector<HTMLInputElement>('[data-page-field]')?.focus();
}

/** @returns true where the key is one of the view's */
function run(event: KeyboardEvent, { scale, zoom, find, findNext, print, page }: ViewCommands): boolean {
  const key = event.key.toLowerCase();
  if (event.ctrlKey || event.metaKey) {
    const commands: Readonly<Record<string, () => void>> = {
      f: find,
      g: focusPageField,
      p: print,
      '+': () => zoom(stepZoom(scale, 1)),
      '=': () => zoom(stepZoom(scale, 1)),
      '-': () => zoom(stepZoom(scale, -1)),
      '0': () => zoom('width'),
      '9': () => zoom('page'),
    };
    commands[key]?.();
    return key in commands;
  }
  if (key === 'f3') {
    findNext(event.shiftKey ? -1 : 1);
    return true;
  }
  if (isTyping(event.target) || event.altKey || event.shiftKey) return false;
  if (key !== 'arrowright' && key !== 'arrowleft') return false;
  // A page wider than the view is moved sideways by the arrows.
  if (event.target instanceof HTMLElement && event.target.scrollWidth > event.target.clientWidth) return false;
  page(key === 'arrowright' ? 1 : -1);
  return true;
}

export function useViewKeys(commands: ViewCommands): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const dialog = document.querySelector('[role="dialog"]');
    if (event.defaultPrevented || (dialog && !dialog.querySelector('[data-page-field]'))) return;
    if (run(event, commands)) event.preventDefault();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event);
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}
