/** Operations on resources, the files of a DST. */
import { type FilePart, toMultipart } from './multipart.ts';
import { parseAs, pathOf, type RequestCore } from './request-core.ts';
import { type Dst, dstSchema } from './schemas.ts';

/** GET /resource/{id}: the file's bytes as they arrive. */
export async function downloadResource(
  core: RequestCore,
  id: string,
  signal?: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  return core.download({ method: 'GET', path: pathOf('resource', id), signal });
}

/** PATCH /DST/{id}/resources: appends a file; the DST as it then is. */
export async function appendResource(
  core: RequestCore,
  dstId: string,
  about: { title: string; filename: string },
  file: Omit<FilePart, 'name' | 'fileName'>,
  signal?: AbortSignal,
): Promise<Dst> {
  const fields = { title: about.title, filename: about.filename, resourceType: 'PDF_Document' };
  const multipart = toMultipart(fields, { ...file, name: 'file', fileName: about.filename });
  const path = pathOf('DST', dstId, 'resources');
  return parseAs(dstSchema, await core.value({ method: 'PATCH', path, multipart, signal }), true);
}
