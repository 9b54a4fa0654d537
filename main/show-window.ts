/** What both windows share: open the profile, show the window, or raise the one that is already open. */
import { createDesk } from './desk.ts';
import type { Host } from './host/host.ts';
import { connectDesk } from './ipc/index.ts';
import { profilePaths } from './platform/paths.ts';
import { version } from './platform/version.ts';

export interface WindowOptions {
  readonly root: string;
  readonly missing: readonly string[];
  /** Closes the window from outside, as the person would. */
  readonly until?: AbortSignal;
}

/** Asks the desk that has this profile open to come to the front; false where there is none. */
export async function raiseRunning(root: string): Promise<boolean> {
  const running = await connectDesk(profilePaths(root).socket);
  if (!running) return false;
  await running.call('app.raise', {});
  running.close();
  return true;
}

/** Resolves when the person has closed the window and the desk has put everything away. */
export async function showWindow(host: Host, { root, missing, until }: WindowOptions): Promise<void> {
  const desk = await createDesk(host, { root, version, missing, background: true });
  try {
    const window = await host.openWindow(desk.onCall);
    desk.on((name, payload) => {
      if (name === 'app.raise') window.focus();
      else window.emit(name, payload);
    });
    const close = () => void window.close();
    if (until?.aborted) close();
    until?.addEventListener('abort', close, { once: true });
    await window.closed;
  } finally {
    await desk.close();
  }
}
