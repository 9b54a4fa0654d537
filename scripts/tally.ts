/** What a runner's run came to, as `npm test` sums it. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** A line for each test that failed or was skipped. */
  readonly told: readonly string[];
}

/** The environment's name for the file a reporter leaves its tally in. */
export const TALLY_FILE = 'COUNTERSIGN_TALLY';

/** The first line of a reason, without a terminal's colours. */
export function firstLine(reason: string | undefined): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
  const plain = (reason ?? '').replaceAll(/\u001b\[[0-9;]*m/g, '');
  return (
    plain
      .split('\n')
      .find((line) => line.trim() !== '')
      ?.trim()
      .slice(0, 300) ?? 'no reason given'
  );
}
