/** The font of visible marks: DejaVu Sans, which has Latin, Greek and Cyrillic. Read once per thread. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const FILE = 'DejaVuSans.ttf';

/** From its package as source; built, it lies in `fonts/` beside the entries (electron.vite.config.ts). */
function fontFile(): string | URL {
  const here = import.meta.url;
  if (here.endsWith('.ts')) return createRequire(here).resolve(`dejavu-fonts-ttf/ttf/${FILE}`);
  const inChunks = new URL('.', here).pathname.endsWith('/chunks/');
  return new URL(`${inChunks ? '../' : './'}fonts/${FILE}`, here);
}

let loading: Promise<Uint8Array> | undefined;

/** The same bytes each time, so that they are parsed once. @throws the system's error where the file is missing */
export function markFont(): Promise<Uint8Array> {
  loading ??= readFile(fontFile());
  return loading;
}
