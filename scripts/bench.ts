/** `npm run bench [SUBJECT…]`: runs the benchmarks of test/bench and prints their rows. It measures; it never fails for a figure. */
import { batchSigning } from '../test/bench/batch-signing.ts';
import type { Bench, BenchRow } from '../test/bench/bench.ts';
import { documentOpening } from '../test/bench/document.ts';
import { pdfSigning } from '../test/bench/pdf-signing.ts';
import { store } from '../test/bench/store.ts';
import { syncing } from '../test/bench/sync.ts';
import { tokenSigning } from '../test/bench/token-signing.ts';
import { window } from '../test/bench/window.ts';

const benches: readonly Bench[] = [pdfSigning, batchSigning, tokenSigning, store, syncing, documentOpening, window];

function line({ what, ms, floorMs, floor, peakRssMb }: BenchRow): string {
  const ratio = floorMs === undefined ? '' : `  ${(ms / floorMs).toFixed(2)} x ${floor} (${floorMs.toFixed(2)} ms)`;
  const memory = peakRssMb === undefined ? '' : `  peak ${peakRssMb} MB`;
  return `${what.padEnd(28)} ${ms.toFixed(2).padStart(9)} ms${ratio}${memory}`;
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((subject) => !benches.some((bench) => bench.subject === subject));
if (unknown.length > 0) {
  process.stderr.write(`No benchmark ${unknown.join(', ')}. There are: ${benches.map((b) => b.subject).join(', ')}\n`);
  process.exitCode = 2;
} else {
  for (const bench of benches) {
    if (wanted.length > 0 && !wanted.includes(bench.subject)) continue;
    process.stdout.write(`${bench.subject}\n`);
    await bench.run((row) => process.stdout.write(`  ${line(row)}\n`));
  }
}
