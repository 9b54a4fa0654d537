/**
 * The inbox's rows as they are listed and searched: derived from what is shown of a transaction, in the same SQL transaction.
 *
 * A row's `position` orders by the time of the last change and is the rowid of its words, so that a search needs no sorting. Beside
 * the words the search index holds facets (status, account, tag, urgent), each one private-use character that nobody can type:
 * what is narrowed by several of them is found where the words are found, by intersecting sorted lists.
 */
import type { InboxItem, Transaction, TransactionStatus } from '../../preload/model.ts';
import type { Queries } from './queries.ts';
import type { StoredItem } from './schema.ts';

/** Raised when what is derived here changes: every profile derives its rows anew at its next opening. */
export const DERIVED_VERSION = '1';

/** Items that changed in the same millisecond; more of them go to the next one. */
const PER_MILLISECOND = 64;
const LAST_TIME = 2 ** 41 - 1;
/** Stands for no due date: after every date there is. */
export const NEVER = 8.64e15;
const KEY_LENGTH = 40;

/** What a title or name is sorted by: its beginning without case and accents. */
export function toSortKey(text: string): string {
  const folded = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().trim();
  return [...folded.slice(0, 2 * KEY_LENGTH)].slice(0, KEY_LENGTH).join('');
}

/** Private-use characters are facets here and nothing else. */
export const withoutFacets = (text: string) => text.replace(/\p{Co}/gu, ' ');

export type Facet = `status:${TransactionStatus}` | `account:${string}` | `tag:${string}` | 'urgent';

const FIRST_FACET = 0xf0000;
const FACETS = 0xfffe;

/** The facet's character. More facets than a plane has characters share them. */
function toCharacter(id: number): string {
  return String.fromCodePoint(FIRST_FACET + (id % FACETS));
}

/** The facet's character, where any item ever had it. */
export function findFacet({ prepare }: Queries, facet: Facet): string | undefined {
  const row = prepare('SELECT id FROM facets WHERE name = ?').get(facet) as { id: number } | undefined;
  return row && toCharacter(row.id);
}

function facetOf(queries: Queries, facet: Facet): string {
  const found = findFacet(queries, facet);
  if (found !== undefined) return found;
  return toCharacter(Number(queries.prepare('INSERT INTO facets (name) VALUES (?)').run(facet).lastInsertRowid));
}

function facetsOf(queries: Queries, shown: Transaction): string[] {
  const facets: Facet[] = [
    `status:${shown.status}`,
    `account:${shown.accountId}`,
    ...shown.tags.map((tag): Facet => `tag:${tag}`),
    ...(shown.urgent ? (['urgent'] as const) : []),
  ];
  return facets.map((facet) => facetOf(queries, facet));
}

/** Everything of a transaction that is searched: titles, people other than the person, tags, notes, file names. */
function wordsOf({ prepare }: Queries, shown: Transaction): string[] {
  const notes = prepare('SELECT body FROM notes WHERE transaction_id = ?').all(shown.id) as { body: string }[];
  const others = shown.documents.flatMap(({ signatureRequests }) => signatureRequests).filter(({ mine }) => !mine);
  return [
    shown.title,
    shown.senderName,
    ...new Set(others.map(({ signerName }) => signerName)),
    ...shown.tags,
    ...notes.map(({ body }) => (JSON.parse(body) as { text: string }).text),
    ...shown.documents.map(({ title }) => title),
  ];
}

function toItem({ documents, ...rest }: Transaction): StoredItem {
  return { ...rest, documentCount: documents.length } satisfies Omit<InboxItem, 'sync'>;
}

/** The first place that is free from this time on. A provider's time may be any number. */
function freePosition({ prepare }: Queries, updatedAt: number): number {
  const last = prepare('SELECT max(position) AS last FROM items WHERE position BETWEEN ? AND ?');
  for (let time = Math.trunc(Math.min(Math.max(updatedAt, 0), LAST_TIME)); ; time++) {
    const from = time * PER_MILLISECOND;
    const to = from + PER_MILLISECOND - 1;
    const found = last.get(from, to) as { last: number | null };
    if (found.last === null) return from;
    if (found.last < to) return found.last + 1;
  }
}

const dueOf = ({ expiresAt }: Transaction) => Math.trunc(Math.min(Math.max(expiresAt ?? NEVER, -NEVER), NEVER));

const timeOf = (position: number) => Math.floor(position / PER_MILLISECOND);

/** Puts the item of what is shown in the place of the one there was. */
export function putItem(queries: Queries, shown: Transaction): void {
  const { prepare } = queries;
  const before = prepare('SELECT position FROM items WHERE transaction_id = ?').get(shown.id) as
    | { position: number }
    | undefined;
  if (before) prepare('DELETE FROM items WHERE position = ?').run(before.position);
  const stays = before && timeOf(before.position) === Math.trunc(shown.updatedAt);
  const position = stays ? before.position : freePosition(queries, shown.updatedAt);
  const tags = [...new Set(shown.tags)];
  prepare('INSERT INTO items VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)').run(
    position,
    shown.id,
    shown.accountId,
    shown.status,
    shown.urgent ? 1 : 0,
    dueOf(shown),
    toSortKey(shown.title),
    toSortKey(shown.senderName),
    JSON.stringify(tags),
  );
  prepare('INSERT INTO item_bodies VALUES (?, ?)').run(position, JSON.stringify(toItem(shown)));
  const words = wordsOf(queries, shown).map(withoutFacets);
  prepare('INSERT INTO search (rowid, words) VALUES (?, ?)').run(
    position,
    [...facetsOf(queries, { ...shown, tags }), ...words].join('\n'),
  );
}
