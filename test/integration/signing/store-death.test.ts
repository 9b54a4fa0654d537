import { afterEach, beforeEach, expect, it } from 'vitest';
import { bufferSource } from '../../../main/pades/index.ts';
import { validatePdf } from '../../../main/validation/index.ts';
import { type WorkerThreads, watchWorkerThreads } from '../../sandbox/worker-threads.ts';
import { openSigningBench, type SigningBench, samplePdf, transactionWith } from './desk-bench.ts';

let bench: SigningBench;
let threads: WorkerThreads;
beforeEach(async () => {
  threads = watchWorkerThreads();
  bench = await openSigningBench();
});
afterEach(async () => {
  await bench.close();
  threads.stop();
});

/** The bench starts the store's thread and then the engine's; every later one took the store's place. */
const storeThread = () => (threads.started.length > 2 ? threads.started.at(-1) : threads.started[0]);

it('a batch loses nothing and signs nothing twice while the store’s thread dies under it', async () => {
  const requests = [];
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) {
    const reviewedSha256 = await bench.addDocument(transactionWith(name), await samplePdf(`document ${name}`));
    requests.push({ transactionId: `acc:${name}`, documentId: 'd1', signatureRequestId: 'r1', reviewedSha256 });
  }
  // At the first signature, with what the others are storing under way.
  let signed = 0;
  bench.token.beforeSign = () => {
    signed++;
    if (signed === 2) void storeThread()?.terminate();
  };
  const asked = { sessionId: 's', identityId: 'soft/01', sealedPin: undefined, requests };
  const { batchId } = await bench.signing.start(asked);
  await bench.ended(batchId);
  await bench.signing.retry(true);
  const { jobs } = await bench.signing.batch(batchId);
  expect(threads.started.length).toBeGreaterThan(2);
  expect(jobs.map(({ state }) => state)).toEqual(jobs.map(() => 'queued'));
  expect(bench.token.signed).toBe(6);
  const rows = await bench.store.outbox({ unconfirmed: true });
  expect(rows.map((row) => row.jobId).toSorted()).toEqual(jobs.map(({ id }) => id).toSorted());
  for (const { transactionId } of requests) {
    const document = await bench.store.document(transactionId, 'd1');
    if (!document) throw new Error('no document');
    const bytes = await bench.store.readRevision(document.revision, 0, document.revision.sizeBytes);
    const { signatures } = await validatePdf(bufferSource(bytes), {
      anchors: [bench.pki.root.certificate],
      at: Date.now(),
    });
    expect(signatures).toMatchObject([{ integrity: 'intact', cms: 'valid' }]);
  }
});
