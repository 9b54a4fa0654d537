/** Answers of Signing Today damaged by chance, for longer than in CI. */
import { fuzzResponses } from '../unit/providers/signing-today/response-fuzz.ts';

/** @returns 1 where something else than a value or a bad response came out of a parser */
export async function soakResponses(runs: number, seed: number): Promise<number> {
  try {
    await fuzzResponses(runs, seed);
    process.stdout.write(`${runs} answers read or refused\n`);
    return 0;
  } catch (error) {
    process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}
