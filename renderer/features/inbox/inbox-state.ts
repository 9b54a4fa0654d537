/** What the inbox shows and what is chosen in it; kept while a document is open, so that coming back finds it as it was. */
import type { InboxItem, InboxView } from '../../../preload/model.ts';

export const views = [
  'to-do',
  'to-fill',
  'to-sign',
  'waiting',
  'done',
  'declined',
  'drafts',
  'outbox',
  'all',
] as const satisfies readonly InboxView[];

export interface InboxState {
  readonly view: InboxView;
  readonly search: string;
  readonly accountId?: string;
  /** Ids of the chosen transactions. */
  readonly chosen: ReadonlySet<string>;
  /** Row that has the keyboard, an index into the list. */
  readonly active: number;
}

export const initialInbox: InboxState = { view: 'to-do', search: '', chosen: new Set(), active: 0 };

export function showView(state: InboxState, view: InboxView): InboxState {
  return { ...state, view, chosen: new Set(), active: 0 };
}

export function searchFor(state: InboxState, search: string): InboxState {
  return { ...state, search, chosen: new Set(), active: 0 };
}

export function showAccount({ accountId: _, ...state }: InboxState, accountId: string | undefined): InboxState {
  return { ...state, ...(accountId === undefined ? {} : { accountId }), chosen: new Set(), active: 0 };
}

export function toggle(state: InboxState, id: string): InboxState {
  const chosen = new Set(state.chosen);
  if (!chosen.delete(id)) chosen.add(id);
  return { ...state, chosen };
}

/** Only what waits for my signature can be part of a batch. */
export function canBeChosen(item: Pick<InboxItem, 'status'>): boolean {
  return item.status === 'to-sign';
}

export type RowCommand = { readonly kind: 'move'; readonly to: number } | { readonly kind: 'open' | 'toggle' | 'all' };

/** What a key means in the list of `total` rows, `page` of them in sight. */
export function rowCommand(
  key: string,
  modified: boolean,
  { active, total, page }: { active: number; total: number; page: number },
): RowCommand | undefined {
  const move = (to: number): RowCommand => ({ kind: 'move', to: Math.max(0, Math.min(total - 1, to)) });
  if (modified) return key.toLowerCase() === 'a' ? { kind: 'all' } : undefined;
  switch (key) {
    case 'ArrowDown':
      return move(active + 1);
    case 'ArrowUp':
      return move(active - 1);
    case 'PageDown':
      return move(active + page);
    case 'PageUp':
      return move(active - page);
    case 'Home':
      return move(0);
    case 'End':
      return move(total - 1);
    case 'Enter':
      return { kind: 'open' };
    case ' ':
      return { kind: 'toggle' };
    default:
      return undefined;
  }
}
