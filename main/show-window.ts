/** What both windows share: open the profile, show the window, or raise the one that is already open. */
import { createDesk } from './desk.ts';
import type { Host, HostWindow } from './host/host.ts';
import { connectDesk, DESK_CLOSED, localSender } from './ipc/index.ts';
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

/** Opens profile and window side by side: what the window asks for before the profile is open waits for it. */
async function openBoth(host: Host, { root, missing, request = {} }: WindowOptions) {
  const openDesk = async () => {
    const desk = await createDesk(host, { root, version, missing, background: true });
    // Heard from the start: a window that has its first answers already must not miss what changes behind them.
    desk.on((name, payload) => {
      const hand = (window: HostWindow) => (name === 'app.raise' ? window.focus() : window.emit(name, payload));
      void openingWindow.then(hand, () => undefined);
    });
    if (asksForSomething(request)) await desk.onCall(localSender, 'app.open', toCall(request));
    return desk;
  };
  const openingDesk = openDesk();
  const openingWindow = host.openWindow(async (...call) => {
    const desk = await openingDesk.catch(() => undefined);
    return desk ? desk.onCall(...call) : DESK_CLOSED;
  }, openingDesk);
  const [desk, window] = await Promise.allSettled([openingDesk, openingWindow]);
  if (desk.status === 'fulfilled' && window.status === 'fulfilled') return { desk: desk.value, window: window.value };
  if (window.status === 'fulfilled') await window.value.close();
  if (desk.status === 'fulfilled') await desk.value.close();
  throw desk.status === 'rejected' ? desk.reason : (window as PromiseRejectedResult).reason;
}

/**
 * Resolves when the person has closed the window and the desk has put everything away.
 * @throws as createDesk; HostError no-browser, no-window. Where the one cannot be opened, the other is closed again
 */
export async function showWindow(host: Host, options: WindowOptions): Promise<void> {
  const { desk, window } = await openBoth(host, options);
  try {
    const close = () => void window.close();
    if (options.until?.aborted) close();
    options.until?.addEventListener('abort', close, { once: true });
    await window.closed;
  } finally {
    await desk.close();
  }
}
