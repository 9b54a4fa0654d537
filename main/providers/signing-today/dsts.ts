/** Operations on Digital Signature Transactions. A DST is kept as it came beside what was read of it: a PUT sends all of it back. */
import { z } from 'zod';
import { type ListOptions, listItems } from './list-items.ts';
import type { ListQuery } from './query.ts';
import { toListQuery } from './query.ts';
import { parseAs, pathOf, type RequestCore } from './request-core.ts';
import { type AuditRecord, auditSchema, type Dst, dstSchema, listSchema } from './schemas.ts';

export interface DstRecord {
  readonly dst: Dst;
  readonly raw: Readonly<Record<string, unknown>>;
}

const rawObject = z.record(z.string(), z.unknown());

/** A DST as it came, and read. */
export function toDstRecord(value: unknown, mutates: boolean): DstRecord {
  const dst = parseAs(dstSchema, value, mutates);
  return { dst, raw: parseAs(rawObject, value, mutates) };
}

/** Fields a list of DSTs is filtered and ordered by. */
export type DstField =
  | 'id'
  | 'title'
  | 'status'
  | 'createdByUser'
  | 'createdAt'
  | 'publishedAt'
  | 'expiresAt'
  | 'updatedAt'
  | 'urgent'
  | 'tags'
  | 'replaces'
  | 'replacedBy';

/** GET /DSTs: one page of instances, not templates; items unread. */
export async function listDsts(
  core: RequestCore,
  query: ListQuery<DstField>,
  signal?: AbortSignal,
): Promise<{ count: number | undefined; values: unknown[] }> {
  const call = {
    method: 'GET',
    path: pathOf('DSTs'),
    query: [['template', 'false'], ...toListQuery(query)] as [string, string][],
    signal,
  } as const;
  return core.json(call, listSchema);
}

/**
 * GET /DSTs: all of them, page by page as they are wanted; templates where `templates` says so, another user's with `userId`.
 * @throws ProviderError bad-response, naming the field, where one cannot be read
 */
export function allDsts(
  core: RequestCore,
  { templates = false, userId, ...options }: DstListOptions = {},
): AsyncIterable<Dst> {
  const parameters: [string, string][] = [['template', String(templates)]];
  if (userId !== undefined) parameters.push(['userId', userId]);
  return listItems(core, pathOf('DSTs'), dstSchema, ({ id }) => id, { ...options, parameters });
}

export interface DstListOptions extends Omit<ListOptions, 'parameters' | 'filter' | 'orderBy'> {
  readonly filter?: ListQuery<DstField>['filter'];
  readonly orderBy?: ListQuery<DstField>['orderBy'];
  readonly templates?: boolean;
  readonly userId?: string;
}

/** GET /DST/{id} */
export async function getDst(core: RequestCore, id: string, signal?: AbortSignal): Promise<DstRecord> {
  return toDstRecord(await core.value({ method: 'GET', path: pathOf('DST', id), signal }), false);
}

/** PUT /DST/{id}: replaces the DST. ProviderError stale where it changed since it was read. */
export async function putDst(
  core: RequestCore,
  id: string,
  raw: Readonly<Record<string, unknown>>,
  signal?: AbortSignal,
): Promise<DstRecord> {
  return toDstRecord(await core.value({ method: 'PUT', path: pathOf('DST', id), json: raw, signal }), true);
}

/** PATCH /DST/{id}/fill: one FillableForm, its text in extraData.value. */
export async function fillForm(
  core: RequestCore,
  id: string,
  form: Readonly<Record<string, unknown>>,
  signal?: AbortSignal,
): Promise<DstRecord> {
  return toDstRecord(await core.value({ method: 'PATCH', path: pathOf('DST', id, 'fill'), json: form, signal }), true);
}

/** GET /DST/{id}/audit: what happened, in order. */
export async function getAudit(core: RequestCore, id: string, signal?: AbortSignal): Promise<AuditRecord[]> {
  return core.json({ method: 'GET', path: pathOf('DST', id, 'audit'), signal }, auditSchema);
}

/** DELETE /DST/{id}: marks it deleted; nobody sees it any more. */
export async function deleteDst(core: RequestCore, id: string, signal?: AbortSignal): Promise<void> {
  await core.nothing({ method: 'DELETE', path: pathOf('DST', id), signal });
}
