/** The face of the room of files: a person's own files chosen, looked at, signed and verified. */
import { basename } from 'node:path';
import { excludesReason, remoteReport } from '../signing/index.ts';
import { type Batch, createBatch } from './batch.ts';
import { withFileCodes } from './codes.ts';
import type { FilesDeps } from './deps.ts';
import { type Files, FilesError } from './files.ts';
import { createOpenFiles } from './open-files.ts';

export type { FilesDeps } from './deps.ts';
export * from './files.ts';

/** Ended batches whose results are kept for a window that asks late. */
const KEPT_BATCHES = 20;

export function createFiles(deps: FilesDeps): Files {
  const { engine, clock, anchors, newId, hasAuthority } = deps;
  const open = createOpenFiles(deps);
  const folders = new Map<string, string>();
  const batches = new Map<string, Batch>();

  function batchOf(batchId: string): Batch {
    const batch = batches.get(batchId);
    if (!batch) throw new FilesError('not-found');
    return batch;
  }

  return {
    add: open.add,
    receive: open.receive,
    append: open.append,
    received: open.received,
    forget: open.forget,
    view: (fileId) => open.get(fileId).view,
    read: (fileId, offset, length) => withFileCodes(() => open.read(fileId, offset, length)),
    addFolder(path) {
      const id = newId();
      folders.set(id, path);
      return { id, name: basename(path) || path };
    },
    async firstPage(fileId) {
      const { input, password } = open.get(fileId);
      return (await engine.firstPage(input, password).catch(() => undefined)) ?? {};
    },
    async inspect(fileId, password) {
      const file = open.get(fileId);
      const seen = await withFileCodes(() => engine.overview(file.input, password ?? file.password));
      if (password !== undefined) file.password = password;
      return seen;
    },
    async verify(fileId, contentFileId, online) {
      const { input, password } = open.get(fileId);
      const beside = contentFileId === undefined ? undefined : open.get(contentFileId).input;
      const options = { anchors: anchors(), at: clock.now(), password };
      return withFileCodes(() => remoteReport(engine, input, beside, options, online ? deps.collector : undefined));
    },
    async sign(request) {
      const { level } = request.choices ?? {};
      if (level !== undefined && level !== 'B-B' && !hasAuthority()) throw new FilesError('no-authority');
      for (const { fileId, contentFileId } of request.files) {
        open.get(fileId);
        if (contentFileId !== undefined) open.get(contentFileId);
      }
      const reasons = [request.choices?.reason, ...request.files.map(({ reason }) => reason)];
      if (request.cades === undefined && excludesReason(request.statements) && reasons.some(Boolean)) {
        throw new FilesError('reason-excluded');
      }
      const folder = request.folderId === undefined ? undefined : folders.get(request.folderId);
      if (request.folderId !== undefined && folder === undefined) throw new FilesError('not-found');
      const batch = createBatch(deps, open, request, folder);
      batches.set(batch.run.id, batch);
      for (const [id, { run }] of batches) {
        if (batches.size <= KEPT_BATCHES) break;
        if (!run.running) batches.delete(id);
      }
      return { batchId: batch.run.id };
    },
    batch(batchId) {
      const { results, running, stopped } = batchOf(batchId).run;
      return { results: [...results.values()], running, ...(stopped === undefined ? {} : { stopped }) };
    },
    cancel: (batchId) => batchOf(batchId).cancel(),
    pathOf(fileId) {
      const { input } = open.get(fileId);
      return input.kind === 'path' ? input.path : undefined;
    },
    async close() {
      await Promise.all([...batches.values()].map((batch) => batch.stop()));
      await open.close();
    },
  };
}
