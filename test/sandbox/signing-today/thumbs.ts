/** A page of a PDF as a JPEG, by poppler's pdftoppm. */
import { spawn } from 'node:child_process';
import { gather } from './content-store.ts';

/**
 * Renders a page, `width` pixels wide.
 * @returns undefined where the page cannot be rendered; @throws Error where pdftoppm is not there
 */
export async function renderThumb(pdf: Uint8Array, page: number, width: number): Promise<Uint8Array | undefined> {
  const size = ['-scale-to-x', String(width), '-scale-to-y', '-1'];
  const child = spawn('pdftoppm', ['-jpeg', '-cropbox', '-f', String(page), '-l', String(page), ...size, '-'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  ended.catch(() => undefined);
  // A renderer that stops reading has said its word by its exit code.
  child.stdin.on('error', () => undefined).end(pdf);
  const jpeg = await gather(child.stdout);
  return (await ended) === 0 && jpeg.length > 0 ? jpeg : undefined;
}
