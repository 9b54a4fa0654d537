/** What a benchmark is: a name and rows measured in one run, each against a floor measured in the same run. */
export interface BenchRow {
  readonly what: string;
  /** Medians. */
  readonly ms: number;
  readonly floorMs?: number;
  /** What the floor is. */
  readonly floor?: string;
  readonly peakRssMb?: number;
}

export interface Bench {
  readonly subject: string;
  run(report: (row: BenchRow) => void): Promise<void>;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** Milliseconds the work took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** @param share 0 to 1 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
