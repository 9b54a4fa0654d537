/** Operations on resources: the files of a DST, and the pictures of identities. */
import { type FilePart, toMultipart } from './multipart.ts';
import { type OnProgress, parseAs, pathOf, type RequestCore } from './request-core.ts';
import { type Dst, dstSchema, type Resource, resourceSchema } from './schemas.ts';

/** What a long transfer may be told. */
export interface Transfer {
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** GET /resource/{id}: the file's bytes as they arrive. */
export async function downloadResource(
  core: RequestCore,
  id: string,
  transfer: Transfer = {},
): Promise<AsyncIterable<Uint8Array>> {
  return core.download({ method: 'GET', path: pathOf('resource', id), ...transfer });
}

/** PUT /resource/{id}: title and file name, while the DST is a draft. */
export async function updateResource(
  core: RequestCore,
  resource: { id: string; title?: string; filename?: string; extraData?: Readonly<Record<string, unknown>> },
  signal?: AbortSignal,
): Promise<void> {
  await core.nothing({ method: 'PUT', path: pathOf('resource', resource.id), json: resource, signal });
}

/** DELETE /DST/resource/{id}: a draft's file no document is made of; the DST as it then is. */
export async function deleteResource(core: RequestCore, id: string, signal?: AbortSignal): Promise<Dst> {
  return core.json({ method: 'DELETE', path: pathOf('DST', 'resource', id), signal }, dstSchema);
}

/** GET /DST/{id}/resources: all files of a DST as a zip, its bytes as they arrive. */
export async function downloadResources(
  core: RequestCore,
  dstId: string,
  transfer: Transfer = {},
): Promise<AsyncIterable<Uint8Array>> {
  return core.download({ method: 'GET', path: pathOf('DST', dstId, 'resources'), ...transfer });
}

/** PATCH /DST/{id}/resources: appends a file; the DST as it then is. */
export async function appendResource(
  core: RequestCore,
  dstId: string,
  about: { title: string; filename: string },
  file: Omit<FilePart, 'name' | 'fileName'>,
  transfer: Transfer = {},
): Promise<Dst> {
  const fields = { title: about.title, filename: about.filename, resourceType: 'PDF_Document' };
  const multipart = toMultipart(fields, { ...file, name: 'file', fileName: about.filename });
  const path = pathOf('DST', dstId, 'resources');
  return parseAs(dstSchema, await core.value({ method: 'PATCH', path, multipart, ...transfer }), true);
}

/** GET /pdfResource/{id}/thumbs: a page (the first is 1) as a JPEG, `widthPx` wide. */
export async function pageThumb(
  core: RequestCore,
  about: { resourceId: string; page: number; widthPx?: number | undefined },
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const query: [string, string][] = [['page', String(about.page)]];
  if (about.widthPx !== undefined) query.push(['width', String(about.widthPx)]);
  const path = pathOf('pdfResource', about.resourceId, 'thumbs');
  return core.bytes({ method: 'GET', path, query, accept: 'image/jpeg', signal });
}

const appearancePath = (userId: string, identityId: string) =>
  pathOf('user', userId, 'identity', identityId, 'appearance');

/** GET /user/{id}/identity/{identity-id}/appearance: the picture's bytes; ProviderError not-found where there is none. */
export async function downloadAppearance(
  core: RequestCore,
  about: { userId: string; identityId: string },
  transfer: Transfer = {},
): Promise<AsyncIterable<Uint8Array>> {
  return core.download({ method: 'GET', path: appearancePath(about.userId, about.identityId), ...transfer });
}

/** POST /user/{id}/identity/{identity-id}/appearance: a PNG or JPEG in the place of the last one. */
export async function setAppearance(
  core: RequestCore,
  about: { userId: string; identityId: string; filename: string; title: string },
  file: Omit<FilePart, 'name' | 'fileName'>,
  transfer: Transfer = {},
): Promise<Resource> {
  const fields = { title: about.title, filename: about.filename, resourceType: 'Image' };
  const multipart = toMultipart(fields, { ...file, name: 'file', fileName: about.filename });
  const path = appearancePath(about.userId, about.identityId);
  return core.json({ method: 'POST', path, multipart, ...transfer }, resourceSchema);
}

/** DELETE /user/{id}/identity/{identity-id}/appearance */
export async function deleteAppearance(
  core: RequestCore,
  about: { userId: string; identityId: string },
  signal?: AbortSignal,
): Promise<void> {
  await core.nothing({ method: 'DELETE', path: appearancePath(about.userId, about.identityId), signal });
}
