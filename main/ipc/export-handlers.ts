/** Signed files as a zip. */

import { exportSigned } from '../exporting/index.ts';
import type { Rooms } from './rooms.ts';
import { CallError, type Handlers } from './router.ts';

type ExportCalls = Pick<Handlers, 'exports.signed' | 'exports.cancel'>;

/** The system's own codes: the folder that was chosen cannot be written, the disk is full. */
function toCallError(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return new CallError('cancelled');
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT') return new CallError('disk-full');
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? new CallError('storage') : error;
}

export function exportHandlers({ store, sync, host, emit, clock, saved }: Rooms): ExportCalls {
  const running = new Map<string, AbortController>();

  return {
    'exports.signed': async ({ exportId, transactionIds, fetchMissing, path }) => {
      if (running.has(exportId)) throw new CallError('bad-input');
      const day = new Date(clock.now()).toISOString().slice(0, 10);
      const chosen = path ?? (await host.chooseSavePath(`signed-${day}.zip`));
      if (chosen === undefined) return { files: 0, bytes: 0, missing: 0 };
      const controller = new AbortController();
      const { signal } = controller;
      running.set(exportId, controller);
      try {
        const { files, bytes, missing, damaged } = await exportSigned(store, {
          path: chosen,
          transactionIds,
          fetch: fetchMissing
            ? (transactionId, documentId) => sync.fetchDocument(transactionId, documentId, signal)
            : undefined,
          progress: (done) => emit('exports.progress', { exportId, ...done }),
          signal,
        });
        return { ...saved.add(chosen), files, bytes, missing: missing + damaged };
      } catch (error) {
        throw toCallError(error, signal);
      } finally {
        running.delete(exportId);
      }
    },
    'exports.cancel': async ({ exportId }) => {
      const found = running.get(exportId);
      if (!found) throw new CallError('not-found');
      found.abort();
      return {};
    },
  };
}
