/** The scripted desk's inbox as a list: narrowed, sorted and counted as the contract says. */
import type { CallOutput, ParsedInput } from '../../preload/contract.ts';
import type { InboxItem, Transaction } from '../../preload/model.ts';
import type { ScriptedTransaction } from './scripted-transactions.ts';

type Query = ParsedInput<'inbox.list'>;
type View = Query['view'];

const views: Readonly<Record<View, readonly Transaction['status'][]>> = {
  'to-do': ['to-fill', 'to-sign'],
  'to-fill': ['to-fill'],
  'to-sign': ['to-sign'],
  waiting: ['waiting'],
  done: ['signed'],
  declined: ['declined', 'expired'],
  drafts: ['draft'],
  outbox: [],
  all: ['draft', 'to-fill', 'to-sign', 'waiting', 'signed', 'declined', 'expired', 'error'],
};
const viewNames = Object.keys(views) as View[];

const unsent = ({ notes }: ScriptedTransaction) => notes.some((note) => note.unsent);
const inView = (name: View) => (each: ScriptedTransaction) =>
  name === 'outbox' ? unsent(each) : views[name].includes(each.transaction.status);

function toItem(scripted: ScriptedTransaction): InboxItem {
  const { documents, ...rest } = scripted.transaction;
  return { ...rest, documentCount: documents.length, sync: unsent(scripted) ? 'waiting' : 'synced' };
}

export function countViews(inbox: readonly ScriptedTransaction[]): CallOutput<'inbox.list'>['counts'] {
  const counts = Object.fromEntries(viewNames.map((name) => [name, 0])) as CallOutput<'inbox.list'>['counts'];
  for (const each of inbox) for (const name of viewNames) if (inView(name)(each)) counts[name] += 1;
  return counts;
}

function matches({ transaction: t }: ScriptedTransaction, query: Query): boolean {
  const words = (query.search ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const text = [t.title, t.senderName, ...t.tags].join(' ').toLowerCase();
  return (
    words.every((word) => text.includes(word)) &&
    (query.accountId === undefined || t.accountId === query.accountId) &&
    (query.tags ?? []).every((tag) => t.tags.includes(tag)) &&
    (!query.urgentOnly || t.urgent) &&
    (query.statuses === undefined || query.statuses.includes(t.status))
  );
}

const keys = {
  updated: (t: Transaction) => t.updatedAt,
  due: (t: Transaction) => t.expiresAt ?? Number.MAX_SAFE_INTEGER,
  title: (t: Transaction) => t.title,
  sender: (t: Transaction) => t.senderName,
} as const;

export function listScripted(inbox: readonly ScriptedTransaction[], query: Query): CallOutput<'inbox.list'> {
  const { sort = 'updated', view, offset, limit } = query;
  const ascending = (query.order ?? (sort === 'updated' ? 'descending' : 'ascending')) === 'ascending';
  const key = keys[sort];
  const rows = inbox.filter((each) => inView(view)(each) && matches(each, query));
  const way = ascending ? 1 : -1;
  const compare = (one: ScriptedTransaction, other: ScriptedTransaction) => {
    const [a, b] = [key(one.transaction), key(other.transaction)];
    return (a < b ? -1 : a > b ? 1 : 0) * way;
  };
  // As they were scripted is newest first already.
  const sorted = sort === 'updated' && !ascending ? rows : rows.toSorted(compare);
  const items = sorted.slice(offset, offset + limit).map(toItem);
  return { items, total: rows.length, hasMore: false, counts: countViews(inbox) };
}

export function tagsOf(inbox: readonly ScriptedTransaction[]): CallOutput<'inbox.tags'> {
  const counts = new Map<string, number>();
  for (const tag of inbox.flatMap(({ transaction }) => transaction.tags)) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts].map(([tag, count]) => ({ tag, count })).toSorted((a, b) => b.count - a.count);
}
