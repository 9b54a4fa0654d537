/**
 * ext4 passes over the places of files that were removed in the last five minutes, one by one, whenever a file is created: up to 0.9 ms each,
 * whoever creates it. What is measured on a disk waits until that is over, and removes nothing meanwhile.
 */
import { closeSync, openSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { timed } from './bench.ts';

/** Some twice what it takes on a disk that is at nothing else. */
const CREATE_MS = 0.05;
const PROBES = 200;
const AGAIN_MS = 10_000;
/** Six minutes. */
const TRIES = 36;

async function creationMs(folder: string): Promise<number> {
  await mkdir(folder);
  const ms = await timed(async () => {
    for (let probe = 0; probe < PROBES; probe++) closeSync(openSync(join(folder, `${probe}`), 'wx'));
  });
  return ms / PROBES;
}

/**
 * @param folder probes are left in it
 * @returns ms that creating a file there takes, once it takes no longer than it should or that was waited for in vain
 */
export async function settledDisk(folder: string): Promise<number> {
  let ms = await creationMs(join(folder, 'probe'));
  for (let tries = 0; ms > CREATE_MS && tries < TRIES; tries++) {
    await setTimeout(AGAIN_MS);
    ms = await creationMs(join(folder, `probe-${tries}`));
  }
  return ms;
}
