/** All DSTs, newest change first, page by page, while others change the list underneath. */
import { ProviderError, type RemoteTransaction, type TransactionPage } from '../provider.ts';
import { listDsts } from './dsts.ts';
import { fieldOf } from './errors.ts';
import { toRemoteTransaction } from './mapping.ts';
import type { People } from './people.ts';
import type { RequestCore } from './request-core.ts';
import { type Dst, dstSchema } from './schemas.ts';

export interface PagingOptions {
  readonly updatedSince?: number;
  /** So many of the newest are skipped. */
  readonly position?: number;
  readonly signal?: AbortSignal;
  /** Items a page; by default few on the first, for the inbox to be of use at once, and many on those after it. */
  readonly top?: number;
  /** No account holds more; a service that goes on is inventing them. */
  readonly most?: number;
}

const firstTop = 50;
const laterTop = 250;
/** Pages overlap by this: when an item leaves the list meanwhile, the others move up and none slips through. */
const overlap = 3;
/** Ten times the largest inbox this app is measured with. */
const mostListed = 1_000_000;

type Read = { readonly dst: Dst } | { readonly remoteId: string | undefined; readonly field: string };

function readItem(value: unknown): Read {
  const parsed = dstSchema.safeParse(value);
  if (parsed.success) return { dst: parsed.data };
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
  return { remoteId: typeof id === 'string' ? id : undefined, field: fieldOf(parsed.error) };
}

const changedAt = (dst: Dst): number | undefined => dst.updatedAt ?? dst.publishedAt ?? dst.createdAt;

/** True where each change is no later than the one before: only then an old one ends the list. */
function isNewestFirst(dsts: readonly Dst[]): boolean {
  const times = dsts.map((dst) => changedAt(dst));
  return times.every((time, i) => time !== undefined && (i === 0 || time <= (times[i - 1] ?? 0)));
}

/**
 * Ends at the list's end, at what is older than `updatedSince`, or where a page brings nothing new.
 * @throws ProviderError bad-response, of the field `values`, where there are more than anybody has
 */
export async function* pages(
  core: RequestCore,
  people: People,
  userId: string,
  options: PagingOptions,
): AsyncIterable<TransactionPage> {
  const { updatedSince = Number.NEGATIVE_INFINITY, position = 0, signal, most = mostListed } = options;
  const seen = new Set<string>();
  for (let skip = position, isFirst = true; ; isFirst = false) {
    const top = options.top ?? (isFirst ? firstTop : laterTop);
    const query = { top, skip, count: true, orderBy: { field: 'updatedAt', direction: 'desc' } } as const;
    const { count, values } = await listDsts(core, query, signal);
    const read = values.map(readItem);
    const dsts = read.flatMap((item) => ('dst' in item ? [item.dst] : []));
    const fresh = dsts.filter(({ id }) => !seen.has(id));
    const unreadable = read.flatMap((item) => ('field' in item ? [item] : []));
    const newUnreadable = unreadable.filter(({ remoteId }) => remoteId === undefined || !seen.has(remoteId));
    for (const { id } of fresh) seen.add(id);
    for (const { remoteId } of newUnreadable) if (remoteId !== undefined) seen.add(remoteId);

    const isOld = (dst: Dst) => (changedAt(dst) ?? Number.POSITIVE_INFINITY) < updatedSince;
    const wanted = fresh.filter((dst) => !isOld(dst));
    if (wanted.length > 0 || newUnreadable.length > 0 || isFirst) {
      yield { items: await toItems(wanted, people, userId, signal), total: count, unreadable: newUnreadable };
    }
    const reachedOld = isNewestFirst(dsts) && dsts.some(isOld);
    if (reachedOld || values.length === 0) return;
    // A server may give fewer a page than it was asked for: then only its count tells where the list ends.
    if (values.length < top && skip + values.length >= (count ?? 0)) return;
    // A server that does not skip shows the same items for ever.
    const isNew = fresh.length > 0 || newUnreadable.some(({ remoteId }) => remoteId !== undefined);
    if (!isNew && skip + values.length >= (count ?? 0)) return;
    skip += Math.max(values.length - overlap, 1);
    // The place, not what is new: a service may as well repeat itself with new faults.
    if (skip - position > most) throw new ProviderError('bad-response', { field: 'values' });
  }
}

async function toItems(
  dsts: readonly Dst[],
  people: People,
  userId: string,
  signal: AbortSignal | undefined,
): Promise<RemoteTransaction[]> {
  for (const dst of dsts) people.learn(dst);
  await people.ask(
    dsts.map(({ createdByUser }) => createdByUser),
    signal,
  );
  return dsts.map((dst) => toRemoteTransaction(dst, userId, people.nameOf));
}
