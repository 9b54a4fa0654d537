/**
 * `npm run soak [-- SUBJECT [RUNS [SEED]]]`: what takes too long for CI; without a subject all of them. A fault prints how to repeat it.
 *
 *   pdfs        20,000 damaged PDFs, none of which may crash, hang or eat memory
 *   parsers     10,000 damaged samples for everything else that reads bytes of others (test/soak/parser-fuzz.ts)
 *   histories   5,000 random histories of syncing (test/integration/sync/history.ts)
 *   kills       a desk's process killed at every state of a signature and at 200 random moments (test/integration/kill)
 *   responses   20,000 answers of Signing Today damaged by chance (test/unit/providers/signing-today/response-fuzz.ts)
 *   large       a document of 300 MB that five people sign, and the room it takes
 */

import { soakPdfs } from '../test/soak/damaged-pdfs.ts';
import { soakLargeDocuments } from '../test/soak/large-document.ts';
import { soakParsers } from '../test/soak/parser-fuzz.ts';
import { soakResponses } from '../test/soak/responses.ts';
import { soakHistories, soakKills } from '../test/soak/syncing.ts';

type Soak = (runs: number, seed: number) => Promise<number>;
const subjects: Readonly<Record<string, { readonly runs: number; readonly soak: Soak }>> = {
  pdfs: { runs: 20_000, soak: soakPdfs },
  parsers: { runs: 10_000, soak: soakParsers },
  histories: { runs: 5_000, soak: soakHistories },
  kills: { runs: 200, soak: soakKills },
  responses: { runs: 20_000, soak: soakResponses },
  large: { runs: 1, soak: soakLargeDocuments },
};

const [wanted, runs, seed] = process.argv.slice(2);
if (wanted !== undefined && !Object.hasOwn(subjects, wanted)) {
  process.stderr.write(`No soak ${wanted}. There are: ${Object.keys(subjects).join(', ')}\n`);
  process.exitCode = 2;
} else {
  for (const [name, subject] of Object.entries(subjects)) {
    if (wanted !== undefined && name !== wanted) continue;
    const of = { runs: Number(runs ?? subject.runs), seed: Number(seed ?? Date.now() % 1_000_000) };
    process.stdout.write(`${name}: ${of.runs} runs, seed ${of.seed}\n`);
    if ((await subject.soak(of.runs, of.seed)) > 0) process.exitCode = 1;
  }
}
