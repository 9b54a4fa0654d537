/** The engine's thread: opens stored, encrypted revisions with the data key and runs the engine over them. */
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { cutPage, measureImage } from '../pades/index.ts';
import { serve } from '../platform/worker-rpc.ts';
import { openRevision } from '../store/index.ts';
import type { RevisionRef } from '../store/store.ts';
import { type ValidationOptions, validatePdf } from '../validation/index.ts';
import { type FinishRequest, finish, type PrepareRequest, prepare } from './engine.ts';

const { runsDir, key } = z.object({ runsDir: z.string(), key: z.instanceof(Uint8Array) }).parse(workerData);

async function over<T>(revision: RevisionRef, work: (source: Awaited<ReturnType<typeof openRevision>>) => Promise<T>) {
  const source = await openRevision(runsDir, key, revision);
  try {
    return await work(source);
  } finally {
    await source.close();
  }
}

/** What the worker serves; the desk talks to it as `Remote<Engine>`. */
export const engine = {
  prepare: (revision: RevisionRef, request: PrepareRequest) => over(revision, (source) => prepare(source, request)),
  finish: (revision: RevisionRef, request: FinishRequest, options: ValidationOptions) =>
    over(revision, (source) => finish(source, request, options)),
  validate: (revision: RevisionRef, options: ValidationOptions) =>
    over(revision, (source) => validatePdf(source, options)),
  /** Pixels of a mark's image; undefined where it cannot go into a PDF. */
  measureMark: (image: Uint8Array) => measureImage(image),
  /** The first page as a PDF of its own; see cutPage. */
  firstPage: (revision: RevisionRef) => over(revision, (source) => cutPage(source, 1)),
};
export type Engine = typeof engine;

if (parentPort) serve(parentPort as unknown as Parameters<typeof serve>[0], engine);
