/** What both windows share: open the profile, show the window, or raise the one that is already open. */
import { createDesk } from './desk.ts';
import type { Host } from './host/host.ts';
import { connectDesk, localSender } from './ipc/index.ts';
import type { LaunchRequest } from './platform/launch-request.ts';
import { profilePaths } from './platform/paths.ts';
import { version } from './platform/version.ts';

export interface WindowOptions {
  readonly root: string;
  readonly missing: readonly string[];
  /** Closes the window from outside, as the person would. */
  readonly until?: AbortSignal;
  /** What the window is to open with. */
  readonly request?: LaunchRequest;
}

const asksForSomething = ({ transactionId, paths }: LaunchRequest) =>
  transactionId !== undefined || paths !== undefined;
const toCall = ({ transactionId, paths }: LaunchRequest) => ({
  ...(transactionId === undefined ? {} : { transactionId }),
  ...(paths === undefined ? {} : { paths: [...paths] }),
});

/** Asks the desk that has this profile open to come to the front with what is asked for; false where there is none. */
export async function raiseRunning(root: string, request: LaunchRequest = {}): Promise<boolean> {
  const running = await connectDesk(profilePaths(root).socket);
  if (!running) return false;
  if (asksForSomething(request)) await running.call('app.open', toCall(request));
  else await running.call('app.raise', {});
  running.close();
  return true;
}

/** Resolves when the person has closed the window and the desk has put everything away. */
export async function showWindow(host: Host, { root, missing, until, request = {} }: WindowOptions): Promise<void> {
  const desk = await createDesk(host, { root, version, missing, background: true });
  try {
    if (asksForSomething(request)) await desk.onCall(localSender, 'app.open', toCall(request));
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
