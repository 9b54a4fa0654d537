/**
 * Signing files from disk to disk, verification of the result included, without the token's time, against SHA-256 of the same file plus a
 * copy of it. Floor and run are interleaved: memory touched for the first time costs.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Bench, median, timed } from './bench.ts';
import { writeSizedPdf } from './sized-pdf.ts';
import { openSoftSigning } from './soft-batch.ts';

const KB = 1024;
const sizes = [
  { name: '50 KB', bytes: 50 * KB, rounds: 200 },
  { name: '5 MB', bytes: 5 * KB * KB, rounds: 20 },
  { name: '50 MB', bytes: 50 * KB * KB, rounds: 7 },
  { name: '300 MB', bytes: 300 * KB * KB, rounds: 5 },
  { name: '1 GB', bytes: 1024 * KB * KB, rounds: 3 },
];
const FLOOR = 'sha256 + copy';
const SYNCED_FLOOR = 'sha256 + synced copy';
const EARLIER = 9;

async function sha256(path: string): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 256 * KB }), hash);
  hash.digest();
}

/** Has the disk keep it, as it keeps the signed file. */
async function sync(path: string): Promise<void> {
  const file = await open(path, 'r+');
  await file.sync();
  await file.close();
}

/** With the options and the compile cache that scripts/countersign.mjs sets: stripping types takes 40 MB of its own, once. */
async function peakRssMb(input: string, output: string, cache: string): Promise<number> {
  const script = fileURLToPath(new URL('sign-once.ts', import.meta.url));
  const env = { ...process.env, NODE_COMPILE_CACHE: cache };
  const options = ['--no-warnings', '--max-semi-space-size=2'];
  const { stdout } = await promisify(execFile)(process.execPath, [...options, script, input, output], { env });
  return Math.round(Number(stdout) / KB);
}

export const pdfSigning: Bench = {
  subject: 'pdf-signing',
  async run(report) {
    const folder = await mkdtemp(join(tmpdir(), 'countersign-bench-'));
    const path = (name: string) => join(folder, name);
    const sign = openSoftSigning();
    async function measure(what: string, input: string, rounds: number, withMemory: boolean): Promise<void> {
      const runs: number[] = [];
      const floors: number[] = [];
      const syncs: number[] = [];
      const floorSyncs: number[] = [];
      for (let round = -1; round < rounds; round++) {
        const [copy, output] = [path('copy.pdf'), path('out.pdf')];
        const floor = await timed(async () => {
          await sha256(input);
          await copyFile(input, copy);
        });
        const floorSync = await timed(() => sync(copy));
        let spent = { tokenMs: 0, syncMs: 0 };
        const run = await timed(async () => {
          const { tokenMs, syncMs = 0 } = await sign(input, output);
          spent = { tokenMs, syncMs };
        });
        await rm(copy);
        await rm(output);
        // The first round warms.
        if (round < 0) continue;
        floors.push(floor);
        floorSyncs.push(floor + floorSync);
        runs.push(run - spent.tokenMs - spent.syncMs);
        syncs.push(run - spent.tokenMs);
      }
      const peak = withMemory ? { peakRssMb: await peakRssMb(input, path('out.pdf'), path('cache')) } : {};
      await rm(path('out.pdf'), { force: true });
      report({ what, ms: median(runs), floorMs: median(floors), floor: FLOOR, ...peak });
      report({ what: '  kept by the disk', ms: median(syncs), floorMs: median(floorSyncs), floor: SYNCED_FLOOR });
    }
    try {
      await writeSizedPdf(path('warm.pdf'), KB);
      await peakRssMb(path('warm.pdf'), path('out.pdf'), path('cache'));
      for (const { name, bytes, rounds } of sizes) {
        const input = path('first.pdf');
        await writeSizedPdf(input, bytes);
        await sync(input);
        await measure(`${name}, first signature`, input, rounds, true);
        let current = input;
        for (let n = 1; n <= EARLIER; n++) {
          const next = path(`signed-${n}.pdf`);
          await sign(current, next);
          await rm(current);
          current = next;
        }
        await measure(`${name}, tenth signature`, current, rounds, true);
        await rm(current);
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
