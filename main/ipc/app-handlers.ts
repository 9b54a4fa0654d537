/** The desk itself: what it is, what it was started for, and what somebody who helps needs to know of it. */
import { writeFile } from 'node:fs/promises';
import { makeDiagnostics } from './diagnostics.ts';
import type { Rooms } from './rooms.ts';
import { CallError, type Handlers } from './router.ts';

type AppCalls = Pick<
  Handlers,
  | 'app.info'
  | 'app.raise'
  | 'app.open'
  | 'app.takeOpened'
  | 'app.showSaved'
  | 'diagnostics.preview'
  | 'diagnostics.export'
>;
type Opened = Awaited<ReturnType<Handlers['app.takeOpened']>>;

export function appHandlers(rooms: Rooms): AppCalls {
  // Kept till a window takes it: one that is just being opened does not hear events yet.
  let opened: Opened = {};
  return {
    'app.info': async () => rooms.info,
    'app.raise': async () => {
      rooms.emit('app.raise', {});
      return {};
    },
    'app.open': async ({ transactionId, paths }) => {
      const files = paths && paths.length > 0 ? await rooms.files.add(paths) : undefined;
      opened = { ...(transactionId === undefined ? {} : { transactionId }), ...(files ? { files } : {}) };
      rooms.emit('app.open', {});
      rooms.emit('app.raise', {});
      return {};
    },
    'app.takeOpened': async () => {
      const taken = opened;
      opened = {};
      return taken;
    },
    'diagnostics.preview': async () => ({ text: await makeDiagnostics(rooms) }),
    'diagnostics.export': async () => {
      const path = await rooms.host.chooseSavePath('countersign-diagnostics.json');
      if (path === undefined) return {};
      await writeFile(path, await makeDiagnostics(rooms), { mode: 0o600 });
      return rooms.saved.add(path);
    },
    'app.showSaved': async ({ savedId }) => {
      const path = rooms.saved.pathOf(savedId);
      if (path === undefined) throw new CallError('not-found');
      rooms.host.showFile(path);
      return {};
    },
  };
}
