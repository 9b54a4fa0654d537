/** What the inbox shows and what is chosen in it; kept while a document is open, so that coming back finds it as it was. */
import type { CallInput } from '../../../preload/contract.ts';
import type { InboxItem, InboxSort, InboxView, SortOrder, TransactionStatus } from '../../../preload/model.ts';

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
  /** The rows have each of them. */
  readonly tags: readonly string[];
  readonly urgentOnly: boolean;
  /** Empty: whatever the view has. */
  readonly statuses: readonly TransactionStatus[];
  readonly sort: InboxSort;
  readonly order: SortOrder;
  /** Ids of the chosen transactions, with their status. */
  readonly chosen: ReadonlyMap<string, TransactionStatus>;
  /** Row that has the keyboard, an index into the list. */
  readonly active: number;
  /** The transaction that was opened from that row: coming back, the keyboard is with it, wherever it is by then. */
  readonly opened?: string;
  /** Where a range that is being chosen began. */
  readonly anchor?: number;
}

export const initialInbox: InboxState = {
  view: 'to-do',
  search: '',
  tags: [],
  urgentOnly: false,
  statuses: [],
  sort: 'updated',
  order: 'descending',
  chosen: new Map(),
  active: 0,
};

/** What narrows and sorts the list, as the desk is asked for it. */
export type InboxScope = Omit<CallInput<'inbox.list'>, 'offset' | 'limit' | 'countAll'>;

export function scopeOf(state: InboxState): InboxScope {
  const { view, search, accountId, tags, urgentOnly, statuses, sort, order } = state;
  const natural = sort === 'updated' ? 'descending' : 'ascending';
  return {
    view,
    ...(search.trim() ? { search } : {}),
    ...(accountId === undefined ? {} : { accountId }),
    ...(tags.length > 0 ? { tags: [...tags] } : {}),
    ...(urgentOnly ? { urgentOnly } : {}),
    ...(statuses.length > 0 ? { statuses: [...statuses] } : {}),
    ...(sort === 'updated' ? {} : { sort }),
    ...(order === natural ? {} : { order }),
  };
}

/** Rows a page. */
export const PAGE = 100;

/** The list's beginning, as the desk is asked for it: it comes with the counts of the views. */
export const firstPage = (state: InboxState): CallInput<'inbox.list'> => ({
  ...scopeOf(state),
  offset: 0,
  limit: PAGE,
});

/** Another list: nothing of it is chosen yet, and it is read from its top. */
function anew({ anchor: _, opened: __, ...state }: InboxState): InboxState {
  return { ...state, chosen: new Map(), active: 0 };
}

export function showView(state: InboxState, view: InboxView): InboxState {
  return anew({ ...state, view, statuses: [] });
}

export function searchFor(state: InboxState, search: string): InboxState {
  return anew({ ...state, search });
}

export function showAccount({ accountId: _, ...state }: InboxState, accountId: string | undefined): InboxState {
  return anew({ ...state, ...(accountId === undefined ? {} : { accountId }), tags: [] });
}

export function toggleTag(state: InboxState, tag: string): InboxState {
  const tags = state.tags.includes(tag) ? state.tags.filter((each) => each !== tag) : [...state.tags, tag];
  return anew({ ...state, tags });
}

export function toggleStatus(state: InboxState, status: TransactionStatus): InboxState {
  const has = state.statuses.includes(status);
  return anew({
    ...state,
    statuses: has ? state.statuses.filter((each) => each !== status) : [...state.statuses, status],
  });
}

export function onlyUrgent(state: InboxState, urgentOnly: boolean): InboxState {
  return anew({ ...state, urgentOnly });
}

/** The same column again turns it round; another begins its natural way: newest first, first due, A to Z. */
export function sortBy(state: InboxState, sort: InboxSort): InboxState {
  const turned = state.order === 'ascending' ? 'descending' : 'ascending';
  const order = state.sort === sort ? turned : sort === 'updated' ? 'descending' : 'ascending';
  return anew({ ...state, sort, order });
}

/** How many ways the list is narrowed besides view, account and search. */
export function filterCount({ tags, urgentOnly, statuses }: InboxState): number {
  return tags.length + (urgentOnly ? 1 : 0) + statuses.length;
}

export function clearFilters(state: InboxState): InboxState {
  return anew({ ...state, tags: [], urgentOnly: false, statuses: [] });
}

type Chosen = Pick<InboxItem, 'id' | 'status'>;

export function toggle(state: InboxState, { id, status }: Chosen): InboxState {
  const chosen = new Map(state.chosen);
  if (!chosen.delete(id)) chosen.set(id, status);
  return { ...state, chosen };
}

/** These and no others. */
export function choose(state: InboxState, items: readonly Chosen[]): InboxState {
  return { ...state, chosen: new Map(items.map(({ id, status }) => [id, status])) };
}

export function chooseNone({ anchor: _, ...state }: InboxState): InboxState {
  return { ...state, chosen: new Map() };
}

/** Only what waits for my signature can be part of a batch. */
export function canBeSigned(status: TransactionStatus): boolean {
  return status === 'to-sign';
}

/** Ids of the chosen ones that a batch can take. */
export function signable({ chosen }: InboxState): string[] {
  return [...chosen].filter(([, status]) => canBeSigned(status)).map(([id]) => id);
}

export type RowCommand =
  | { readonly kind: 'move'; readonly to: number; readonly extend: boolean }
  | { readonly kind: 'open' | 'toggle' | 'range' | 'all' | 'none' };

export interface Modifiers {
  readonly mod: boolean;
  readonly shift: boolean;
}

/** What a key means in the list of `total` rows, `page` of them in sight. Shift takes the rows on the way into the choice. */
export function rowCommand(
  key: string,
  { mod, shift }: Modifiers,
  { active, total, page }: { active: number; total: number; page: number },
): RowCommand | undefined {
  const move = (to: number): RowCommand => ({
    kind: 'move',
    to: Math.max(0, Math.min(total - 1, to)),
    extend: shift,
  });
  if (mod) return key.toLowerCase() === 'a' ? { kind: 'all' } : undefined;
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
      return { kind: shift ? 'range' : 'toggle' };
    case 'Escape':
      return { kind: 'none' };
    default:
      return undefined;
  }
}
