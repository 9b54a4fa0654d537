/** Where a copy is saved when nobody can be asked: the Downloads folder, under a name nothing there has yet. */
import { access, mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, parse } from 'node:path';

export const downloadsFolder = () => join(homedir(), 'Downloads');

const MAX_NAME_LENGTH = 120;
/** In UTF-8. A system's 255 hold a number, an ending of ours and a temporary file's beside it. */
const MAX_NAME_BYTES = 180;
/** What is longer is no file's ending but a sentence's. */
const MAX_ENDING_BYTES = 16;
const reservedOnWindows = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/** The beginning of a name, no character cut in two. */
function shorten(name: string): string {
  let bytes = 0;
  const short = [...name].slice(0, MAX_NAME_LENGTH).filter((character) => {
    bytes += Buffer.byteLength(character);
    return bytes <= MAX_NAME_BYTES;
  });
  return short.join('').trimEnd();
}

/** A provider's title as a file name, short enough for any system: no path, no control or bidirectional characters, no name a system keeps for itself. */
export function toFileName(suggested: string): string {
  const cleaned = suggested
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')
    .replace(/[/\\:*?"<>|]/g, '_')
    .replace(/^[\s.]+|[\s.]+$/g, '');
  const parts = parse(cleaned);
  const { name, ext } = Buffer.byteLength(parts.ext) > MAX_ENDING_BYTES ? { name: cleaned, ext: '' } : parts;
  const short = shorten(name);
  if (short === '') return 'document.pdf';
  return reservedOnWindows.test(short) ? `_${short}${ext}` : `${short}${ext}`;
}

/**
 * A path in `folder` (made if need be) that does not exist and is not in `taken`: `name.pdf`, `name (2).pdf`, …
 * @param taken paths that are spoken for; the one given is added
 */
export async function freeSavePath(
  suggestedName: string,
  folder: string = downloadsFolder(),
  taken: Set<string> = new Set(),
): Promise<string> {
  await mkdir(folder, { recursive: true });
  const { name, ext } = parse(toFileName(suggestedName));
  for (let attempt = 1; ; attempt++) {
    const path = join(folder, attempt === 1 ? `${name}${ext}` : `${name} (${attempt})${ext}`);
    if (taken.has(path)) continue;
    const exists = await access(path).then(
      () => true,
      () => false,
    );
    if (exists || taken.has(path)) continue;
    taken.add(path);
    return path;
  }
}
