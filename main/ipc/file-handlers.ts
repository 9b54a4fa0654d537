/** Files of the person's own disk: ids to the window, paths from the host's dialogs and the preload. */
import type { Rooms } from './rooms.ts';
import { CallError, type Handlers } from './router.ts';

type FileCalls = Pick<Handlers, Extract<keyof Handlers, `files.${string}`>>;

export function fileHandlers({ files, host }: Rooms): FileCalls {
  return {
    'files.choose': async ({ folder }) => {
      const paths = await host.chooseFiles(folder ? 'folder' : 'files');
      if (!paths) throw new CallError('no-dialog');
      return { files: await files.add(paths) };
    },
    'files.dropped': async ({ paths }) => ({ files: await files.add(paths) }),
    'files.receive': ({ name, sizeBytes }) => files.receive(name, sizeBytes),
    'files.append': async ({ uploadId, bytes }) => {
      await files.append(uploadId, bytes);
      return {};
    },
    'files.received': ({ uploadId }) => files.received(uploadId),
    'files.forget': async ({ fileIds }) => {
      await files.forget(fileIds);
      return {};
    },
    'files.chooseOutput': async () => {
      const path = await host.chooseFolder();
      return path === undefined ? {} : { folder: files.addFolder(path) };
    },
    'files.read': ({ fileId, offset, length }) => files.read(fileId, offset, length),
    'files.firstPage': ({ fileId }) => files.firstPage(fileId),
    'files.inspect': ({ fileId, password }) => files.inspect(fileId, password),
    'files.verify': ({ fileId, contentFileId, online = false }) => files.verify(fileId, contentFileId, online),
    'files.sign': (request) => files.sign(request),
    'files.batch': async ({ batchId }) => files.batch(batchId),
    'files.cancel': async ({ batchId }) => {
      files.cancel(batchId);
      return {};
    },
    'files.show': async ({ fileId }) => {
      const path = files.pathOf(fileId);
      if (path !== undefined) host.showFile(path);
      return {};
    },
  };
}
