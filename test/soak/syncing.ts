/** Syncing for hours: random histories over the simulated provider, and a real process killed over and over. */
import { killOverAndOver } from '../integration/kill/kill-runs.ts';
import { liveHistory } from '../integration/sync/history.ts';

const REPORT_EVERY = 250;
const say = (line: string) => process.stdout.write(`${line}\n`);

/** Seeds from the given one on. @returns how many ended with the two sides apart */
export async function soakHistories(runs: number, seed: number): Promise<number> {
  let faults = 0;
  for (let run = 0; run < runs; run += 1) {
    try {
      await liveHistory(seed + run);
    } catch (error) {
      faults += 1;
      say(error instanceof Error ? error.message : String(error));
    }
    if ((run + 1) % REPORT_EVERY === 0) say(`${run + 1} histories, ${faults} faults`);
  }
  say(`${runs} histories, ${faults} faults`);
  return faults;
}

/** @param runs random kills, after one at each state @returns 1 where anything was lost or made twice */
export async function soakKills(runs: number, seed: number): Promise<number> {
  try {
    const killed = await killOverAndOver({ random: runs, seed, say });
    say(`${killed} processes killed, nothing lost, nothing made twice`);
    return 0;
  } catch (error) {
    say(`${error instanceof Error ? error.message : String(error)}\n  again: npm run soak -- kills ${runs} ${seed}`);
    return 1;
  }
}
