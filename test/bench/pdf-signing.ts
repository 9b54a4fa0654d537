/**
 * Signing files from disk to disk, verification of the result included, without the token's time, against SHA-256 of the same file plus a
 * copy of it. Floor and run are interleaved: memory touched for the first time costs. The peak is the command line's.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Bench, median, timed } from './bench.ts';
import { openCommandLine } from './peak-memory.ts';
import { settledDisk } from './settled-disk.ts';
import { writeSizedPdf } from './sized-pdf.ts';
import { openSoftSigning } from './soft-batch.ts';

const KB = 1024;
const sizes = [
  // Small ones are what a process signs many of: measured once it is warm, and none is removed meanwhile (see settled-disk.ts).
  { name: '50 KB', bytes: 50 * KB, rounds: 200, warming: 200 },
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

export const pdfSigning: Bench = {
  subject: 'pdf-signing',
  async run(report) {
    const folder = await mkdtemp(join(tmpdir(), 'countersign-bench-'));
    const path = (name: string) => join(folder, name);
    const sign = openSoftSigning();
    const commandLine = await openCommandLine(folder);
    let made = 0;
    async function measure(what: string, input: string, rounds: number, warming = 1): Promise<void> {
      const runs: number[] = [];
      const floors: number[] = [];
      const syncs: number[] = [];
      const floorSyncs: number[] = [];
      for (let round = -warming; round < rounds; round++) {
        const [copy, output] = [path(`copy-${made}.pdf`), path(`out-${made}.pdf`)];
        made++;
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
        if (warming === 1) await Promise.all([rm(copy), rm(output)]);
        if (round < 0) continue;
        floors.push(floor);
        floorSyncs.push(floor + floorSync);
        runs.push(run - spent.tokenMs - spent.syncMs);
        syncs.push(run - spent.tokenMs);
      }
      const peakRssMb = await commandLine.peakOf(input, path('out.pdf'));
      const moduleRssMb = await commandLine.peakOf(input, path('out.pdf'), 'module');
      await rm(path('out.pdf'), { force: true });
      report({ what, ms: median(runs), floorMs: median(floors), floor: FLOOR, peakRssMb });
      report({ what: '  kept by the disk', ms: median(syncs), floorMs: median(floorSyncs), floor: SYNCED_FLOOR });
      report({ what: '  its peak with a PKCS#11 module', ms: 0, peakRssMb: moduleRssMb });
    }
    try {
      await writeSizedPdf(path('warm.pdf'), KB);
      await commandLine.compile();
      const coldMb = await commandLine.peakOf(path('warm.pdf'), path('out.pdf'));
      report({ what: 'the first call after set-up', ms: 0, peakRssMb: coldMb });
      report({ what: 'creating a file', ms: await settledDisk(folder) });
      for (const { name, bytes, rounds, warming } of sizes) {
        const input = path('first.pdf');
        await writeSizedPdf(input, bytes);
        await sync(input);
        await measure(`${name}, first signature`, input, rounds, warming);
        let current = input;
        for (let n = 1; n <= EARLIER; n++) {
          const next = path(`signed-${n}.pdf`);
          await sign(current, next);
          await rm(current);
          current = next;
        }
        await measure(`${name}, tenth signature`, current, rounds, warming);
        await rm(current);
      }
    } finally {
      await commandLine.remove();
      await rm(folder, { recursive: true, force: true });
    }
  },
};
