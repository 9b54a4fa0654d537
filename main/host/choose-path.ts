/**
 * The system's file dialog through a browser's page: a file field of our own is opened, and the debugging protocol (never the page)
 * says where the chosen file lies. The field lives in a world of its own that the page's scripts cannot reach.
 */
import type { CDPSession, Page } from 'playwright-core';

/** Resolves with the chosen File, or null where the person cancelled. Runs in the page's isolated world. */
const choose = `new Promise((resolve) => {
  const field = document.createElement('input');
  field.type = 'file';
  field.addEventListener('change', () => resolve(field.files[0] ?? null), { once: true });
  field.addEventListener('cancel', () => resolve(null), { once: true });
  field.click();
})`;

/** The chosen file's path; undefined where nothing was chosen or the window went away. */
export async function choosePath(page: Page): Promise<string | undefined> {
  let session: CDPSession | undefined;
  try {
    session = await page.context().newCDPSession(page);
    return await askIn(session);
  } catch {
    return undefined;
  } finally {
    await session?.detach().catch(() => undefined);
  }
}

async function askIn(session: CDPSession): Promise<string | undefined> {
  const { frameTree } = await session.send('Page.getFrameTree');
  const { executionContextId } = await session.send('Page.createIsolatedWorld', { frameId: frameTree.frame.id });
  const { result } = await session.send('Runtime.evaluate', {
    expression: choose,
    contextId: executionContextId,
    awaitPromise: true,
    // A file dialog opens for a person's act alone; theirs was the click that led here.
    userGesture: true,
  });
  if (result.objectId === undefined) return undefined;
  const { path } = await session.send('DOM.getFileInfo', { objectId: result.objectId });
  return path === '' ? undefined : path;
}
