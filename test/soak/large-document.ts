/** A document of 300 MB that five people sign: what it takes on the disk, and that every byte of the last revision is there. */
import { createHash, randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { anAccount, commitIncrement, makeProfile, putBase } from '../integration/store/open-profile.ts';
import { aTransaction } from '../unit/inbox/model-fixtures.ts';

const SIZE_BYTES = 300 * 1024 * 1024;
const SIGNERS = 5;
const PIECE_BYTES = 1024 * 1024;
/** Header, and a tag for each chunk of 256 KiB (docs/adr/0006). */
const MOST_OVERHEAD = 1.001;

/** @returns how many documents took more than themselves and their tails, or were not whole */
export async function soakLargeDocuments(runs: number, _seed: number): Promise<number> {
  let faults = 0;
  for (let run = 0; run < runs; run++) {
    const profile = makeProfile();
    try {
      const store = await profile.open();
      await store.putAccount(anAccount, '{}');
      await store.applyPull('account-1', [aTransaction('1')], []);
      let whole: Buffer = randomBytes(SIZE_BYTES);
      await putBase(store, 'account-1:1', whole);
      let tails = 0;
      for (let signer = 1; signer <= SIGNERS; signer++) {
        const tail = randomBytes(20_000);
        tails += tail.length;
        const of = { jobId: `job-${signer}`, requestId: `request-${signer}` };
        ({ whole } = await commitIncrement(store, 'account-1:1', whole, tail, of));
      }
      const taken = profile.runFiles().reduce((sum, name) => sum + statSync(join(profile.runsDir, name)).size, 0);
      const revision = (await store.document('account-1:1', 'document-1'))?.revision;
      if (!revision) throw new Error('no revision');
      const hash = createHash('sha256');
      for (let at = 0; at < revision.sizeBytes; at += PIECE_BYTES) {
        hash.update(await store.readRevision(revision, at, Math.min(PIECE_BYTES, revision.sizeBytes - at)));
      }
      const isWhole = hash.digest('hex') === revision.sha256 && revision.sizeBytes === SIZE_BYTES + tails;
      await store.close();
      const ratio = taken / (SIZE_BYTES + tails);
      process.stdout.write(`  ${taken} bytes for ${SIZE_BYTES} and ${SIGNERS} tails of 20000: ${ratio.toFixed(6)}\n`);
      if (ratio > MOST_OVERHEAD || !isWhole) faults++;
    } finally {
      profile.remove();
    }
  }
  return faults;
}
