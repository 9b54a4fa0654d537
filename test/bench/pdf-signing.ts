/**
 * Signing files from disk to disk, verification of the result included, without the token's time, against SHA-256 of the same file plus a
 * copy of it. Floor and run are interleaved: memory touched for the first time costs. The peak is the command line's.
 */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
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
const MEMORY = '/dev/shm';

interface Size {
  readonly name: string;
  readonly bytes: number;
  readonly rounds: number;
  /** Rounds before those that are measured; 1 unless told. */
  readonly warming?: number;
}

const sizes: readonly Size[] = [
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

type CommandLine = Awaited<ReturnType<typeof openCommandLine>>;

/** Rows of files that lie in `folder`: without what came before, then with nine signatures that are there. */
async function measureIn(
  folder: string,
  where: string,
  wanted: readonly Size[],
  commandLine: CommandLine | undefined,
  report: Parameters<Bench['run']>[0],
): Promise<void> {
  const path = (name: string) => join(folder, name);
  const sign = openSoftSigning();
  let made = 0;

  async function measure(what: string, input: string, { rounds, warming = 1 }: Size): Promise<void> {
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
    const row = { what, ms: median(runs), floorMs: median(floors), floor: FLOOR };
    if (!commandLine) return report(row);
    const peakRssMb = await commandLine.peakOf(input, path('out.pdf'));
    const moduleRssMb = await commandLine.peakOf(input, path('out.pdf'), 'module');
    await rm(path('out.pdf'), { force: true });
    report({ ...row, peakRssMb });
    report({ what: '  kept by the disk', ms: median(syncs), floorMs: median(floorSyncs), floor: SYNCED_FLOOR });
    report({ what: '  its peak with a PKCS#11 module', ms: 0, peakRssMb: moduleRssMb });
  }

  report({ what: `60 KB written and synced${where}`, ms: await settledDisk(folder) });
  for (const size of wanted) {
    const input = path('first.pdf');
    await writeSizedPdf(input, size.bytes);
    await sync(input);
    await measure(`${size.name}${where}, first signature`, input, size);
    let current = input;
    for (let n = 1; n <= EARLIER; n++) {
      const next = path(`signed-${n}.pdf`);
      await sign(current, next);
      await rm(current);
      current = next;
    }
    await measure(`${size.name}${where}, tenth signature`, current, size);
    await rm(current);
  }
}

export const pdfSigning: Bench = {
  subject: 'pdf-signing',
  async run(report) {
    const folder = await mkdtemp(join(tmpdir(), 'countersign-bench-'));
    const inMemory = existsSync(MEMORY) ? await mkdtemp(join(MEMORY, 'countersign-bench-')) : undefined;
    const path = (name: string) => join(folder, name);
    const commandLine = await openCommandLine(folder);
    try {
      await writeSizedPdf(path('warm.pdf'), KB);
      await commandLine.compile();
      const coldMb = await commandLine.peakOf(path('warm.pdf'), path('out.pdf'));
      await rm(path('out.pdf'));
      report({ what: 'the first call after set-up', ms: 0, peakRssMb: coldMb });
      // What the engine itself takes: on a disk, creating a small file may cost more than all the rest.
      if (inMemory) await measureIn(inMemory, ' in memory', sizes.slice(0, 1), undefined, report);
      await measureIn(folder, '', sizes, commandLine, report);
    } finally {
      await commandLine.remove();
      await rm(folder, { recursive: true, force: true });
      if (inMemory) await rm(inMemory, { recursive: true, force: true });
    }
  },
};
