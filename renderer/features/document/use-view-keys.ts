/** The keys of the page view, while no dialog is open. Arrows, Page Up and Down scroll by themselves. */
import { useEffect, useEffectEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommands } from '../../shell/commands.tsx';
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

/** The keys as the overlay of shortcuts lists them; this view runs them itself, also inside the review of a batch. */
function useListedKeys(): void {
  const { t } = useTranslation();
  const group = t('document.pages');
  useCommands([
    { id: 'view find', label: t('find.name'), group, keys: 'mod+f', inPalette: false },
    { id: 'view next match', label: t('find.next'), group, keys: 'F3', inPalette: false },
    { id: 'view page', label: t('document.pageField'), group, keys: 'mod+g', inPalette: false },
    { id: 'view next page', label: t('document.nextPage'), group, keys: 'ArrowRight', inPalette: false },
    { id: 'view previous page', label: t('document.previousPage'), group, keys: 'ArrowLeft', inPalette: false },
    { id: 'view width', label: t('document.fitWidth'), group, keys: 'mod+0', inPalette: false },
    { id: 'view whole page', label: t('document.fitPage'), group, keys: 'mod+9', inPalette: false },
    { id: 'view in', label: t('document.zoomIn'), group, keys: 'mod++', inPalette: false },
    { id: 'view out', label: t('document.zoomOut'), group, keys: 'mod+-', inPalette: false },
    { id: 'view print', label: t('document.print'), group, keys: 'mod+p', inPalette: false },
  ]);
}

export function useViewKeys(commands: ViewCommands): void {
  useListedKeys();
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
