/** The files of a transaction, for who prepares it: what there are, their names, one taken away, a page as a picture. */
import { z } from 'zod';
import { type Prepare, ProviderError } from '../provider.ts';
import { getDst } from './dsts.ts';
import type { RequestCore } from './request-core.ts';
import { deleteResource, downloadResources, pageThumb, updateResource } from './resources.ts';
import { toLine } from './text.ts';

type PrepareFiles = Pick<Prepare, 'files' | 'listFiles' | 'editFile' | 'removeFile' | 'thumb'>;

const rawFiles = z.looseObject({ resources: z.array(z.looseObject({ id: z.string() })).nullish() });

export function createPrepareFiles(core: RequestCore): PrepareFiles {
  return {
    files: (remoteId, signal) => downloadResources(core, remoteId, { signal }),
    async listFiles(remoteId, signal) {
      const { dst } = await getDst(core, remoteId, signal);
      return dst.resources.map(({ id, title, filename, size }) => ({
        resourceId: id,
        title: toLine(title),
        filename: toLine(filename, 255),
        ...(size === undefined ? {} : { sizeBytes: size }),
      }));
    },
    // PUT /resource/{id} replaces: what is not changed goes back as it came.
    async editFile(remoteId, resourceId, change, signal) {
      const { raw } = await getDst(core, remoteId, signal);
      const found = rawFiles.safeParse(raw).data?.resources?.find(({ id }) => id === resourceId);
      if (!found) throw new ProviderError('not-found');
      await updateResource(core, { ...found, ...change } as Parameters<typeof updateResource>[1], signal);
    },
    async removeFile(resourceId, signal) {
      await deleteResource(core, resourceId, signal);
    },
    thumb: (about, signal) => pageThumb(core, about, signal),
  };
}
