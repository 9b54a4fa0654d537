/** Damaged PDFs, none of which may crash, hang or eat memory. */
import { allowedOutcomes, mutate, openTrial, randomFrom, samples } from './pdf-fuzz.ts';

const MAX_MS = 2000;
const MAX_RSS_MB = 300;
const REPORT_EVERY = 2000;

/** @returns how many faults it found */
export async function soakPdfs(runs: number, seed: number): Promise<number> {
  const trial = openTrial();
  const made = samples.map((make) => make());
  const seen = new Map<string, number>();
  let longestMs = 0;
  let faults = 0;
  for (let run = 0; run < runs; run++) {
    const bytes = mutate(made[run % made.length] ?? Buffer.alloc(0), randomFrom(seed + run));
    const start = performance.now();
    const outcomes = await trial(bytes);
    // A turn of the event loop, in which what zlib held is given back.
    await new Promise(setImmediate);
    const ms = performance.now() - start;
    longestMs = Math.max(longestMs, ms);
    const strange = outcomes.filter(({ result }) => !allowedOutcomes.includes(result));
    for (const { result } of outcomes) seen.set(String(result), (seen.get(String(result)) ?? 0) + 1);
    if (strange.length > 0 || ms > MAX_MS) {
      faults++;
      process.stdout.write(
        `run ${run} (seed ${seed + run}): ${ms.toFixed(0)} ms ${strange.map(({ result }) => result)}\n`,
      );
    }
    if ((run + 1) % REPORT_EVERY === 0) process.stdout.write(`${run + 1}: longest ${longestMs.toFixed(0)} ms\n`);
  }
  const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
  if (peakMb > MAX_RSS_MB) faults++;
  for (const [result, count] of [...seen].sort((a, b) => b[1] - a[1])) process.stdout.write(`  ${count} ${result}\n`);
  process.stdout.write(`longest ${longestMs.toFixed(0)} ms, peak ${peakMb} MB, ${faults} faults\n`);
  return faults;
}
