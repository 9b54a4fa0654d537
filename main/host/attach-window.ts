/**
 * Makes a Playwright page the app's window: the built renderer served by request interception on an origin that exists
 * nowhere else, the bridge as a binding, events by evaluate. Nothing of this listens on a port or goes to a network.
 */
import type { Frame, Page, Route } from 'playwright-core';
import type { BridgeError } from '../../preload/contract.ts';
import { BINDING, parseWire, toWire, WIRE_EVENT } from '../../preload/wire.ts';
import type { WindowCallHandler } from './host.ts';
import { readRendererFile } from './renderer-files.ts';

/**
 * Reserved by RFC 6761 (6.3) and intercepted before any lookup; https makes it a secure context. The desk knows the window by it too: no
 * preload stands before this page, so it is not to pass for Electron's.
 */
export const WINDOW_ORIGIN = 'https://countersign.localhost';

export interface AttachOptions {
  /** Folder of the built renderer. */
  readonly rendererDir: string;
  readonly onCall: WindowCallHandler;
}

export interface AttachedWindow {
  /** Loads the app. */
  open(): Promise<void>;
  /** Hands an event to the window; one that is closing misses it. */
  emit(event: string, payload: unknown): void;
}

/** True for the page's own main frame while it shows the app itself. */
export function isOwnFrame(frame: Pick<Frame, 'url' | 'parentFrame'>): boolean {
  return frame.parentFrame() === null && URL.canParse(frame.url()) && new URL(frame.url()).origin === WINDOW_ORIGIN;
}

function refusal(code: BridgeError['code']): string {
  return toWire({ ok: false, error: { code, retryable: false, details: {} } });
}

/** Answers one call that came over the binding; a text that is no call, or a stranger's, never reaches the desk. */
export async function answerCall(
  frame: Pick<Frame, 'url' | 'parentFrame'>,
  text: unknown,
  onCall: WindowCallHandler,
): Promise<string> {
  if (!isOwnFrame(frame)) return refusal('forbidden-sender');
  let message: unknown;
  try {
    message = typeof text === 'string' ? parseWire(text) : undefined;
  } catch {
    return refusal('bad-input');
  }
  if (typeof message !== 'object' || message === null) return refusal('bad-input');
  const { name, input } = message as { name?: unknown; input?: unknown };
  if (typeof name !== 'string') return refusal('bad-input');
  try {
    return toWire(await onCall({ origin: WINDOW_ORIGIN, isMainFrame: true }, name, input));
  } catch {
    return refusal('internal');
  }
}

async function serve(route: Route, rendererDir: string): Promise<void> {
  const request = route.request();
  const url = new URL(request.url());
  if (url.origin !== WINDOW_ORIGIN || request.method() !== 'GET') return route.abort('blockedbyclient');
  const { status, headers, body } = await readRendererFile(rendererDir, url.pathname);
  await route.fulfill({ status, headers: { ...headers }, body });
}

/** Attaches the app to a page that has loaded nothing yet; `open` then shows it. */
export async function attachWindow(page: Page, { rendererDir, onCall }: AttachOptions): Promise<AttachedWindow> {
  // The whole context: a page's own routes do not see what a window that it opens asks for first.
  const context = page.context();
  await context.route('**/*', (route) =>
    serve(route, rendererDir).catch(() => route.abort('failed').catch(() => undefined)),
  );
  await context.routeWebSocket(/.*/, (socket) => socket.close());
  await page.exposeBinding(BINDING, ({ frame }, text: unknown) => answerCall(frame, text, onCall));
  page.on('popup', (popup) => void popup.close().catch(() => undefined));
  return {
    async open() {
      await page.goto(`${WINDOW_ORIGIN}/`);
    },
    emit(event, payload) {
      if (!isOwnFrame(page.mainFrame())) return;
      const dispatch = ([type, detail]: readonly [string, string]) =>
        (globalThis as unknown as EventTarget).dispatchEvent(new CustomEvent(type, { detail }));
      void page.evaluate(dispatch, [WIRE_EVENT, toWire({ event, payload })] as const).catch(() => undefined);
    },
  };
}
