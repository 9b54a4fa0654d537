/**
 * A disk that shortly before had thousands of files removed is slow for some minutes: ext4 passes over their places one by one whenever a file is
 * created, and tells the device of what is free. What is measured on a disk waits until that is over, and removes nothing meanwhile.
 */
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { timed } from './bench.ts';

/** Some twice what it takes on a disk that is at nothing else. */
const WRITE_MS = 0.35;
const PROBES = 400;
const AT_ONCE = 16;
const PROBE_BYTES = 60 * 1024;
const AGAIN_MS = 10_000;
/** Six minutes. */
const TRIES = 36;

/** As a signed file is written: beside its place, synced, then put there. */
async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(`${path}.part`, 'wx');
  await file.write(bytes);
  await file.sync();
  await file.close();
  await rename(`${path}.part`, path);
}

async function writingMs(folder: string, prefix: string): Promise<number> {
  const bytes = new Uint8Array(PROBE_BYTES).fill(7);
  let left = PROBES;
  const work = async () => {
    while (left > 0) await writeSynced(join(folder, `${prefix}-${left--}`), bytes);
  };
  const ms = await timed(() => Promise.all(Array.from({ length: AT_ONCE }, work)));
  return ms / PROBES;
}

/**
 * @param folder the very one that is written to later, since one may be slow and its neighbour not; probes are left in it
 * @returns ms that writing and syncing a file of 60 KB takes there, once it takes no longer than it should or that was waited for in vain
 */
export async function settledDisk(folder: string): Promise<number> {
  let ms = await writingMs(folder, 'probe');
  for (let tries = 0; ms > WRITE_MS && tries < TRIES; tries++) {
    await setTimeout(AGAIN_MS);
    ms = await writingMs(folder, `probe-${tries}`);
  }
  return ms;
}
