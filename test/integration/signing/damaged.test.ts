import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ProviderError } from '../../../main/providers/provider.ts';
import { openSigningBench, type SigningBench, samplePdf, transactionWith } from './desk-bench.ts';

let bench: SigningBench;
let pdf: Uint8Array;
let reviewedSha256: string;
beforeEach(async () => {
  bench = await openSigningBench();
  pdf = await samplePdf('a');
  reviewedSha256 = await bench.addDocument(transactionWith('a'), pdf);
});
afterEach(() => bench.close());

async function path(): Promise<string> {
  const document = await bench.store.document('acc:a', 'd1');
  return join(bench.runsDir, document?.revision.runs[0]?.runId ?? 'none');
}

/** As sync does: the provider's bytes once more. */
async function fetchAgain(transactionId: string, documentId: string): Promise<void> {
  const document = await bench.store.document(transactionId, documentId);
  expect(document && (await bench.store.damagedRuns(document.revision, true))).toHaveLength(1);
  const run = await bench.store.createRun();
  await bench.store.appendRun(run, pdf);
  await bench.store.finishRun(run);
  await bench.store.setBase(transactionId, documentId, 'res-a', run);
}

async function start() {
  const requests = [{ transactionId: 'acc:a', documentId: 'd1', signatureRequestId: 'r1', reviewedSha256 }];
  const asked = { sessionId: 's', identityId: 'soft/01', sealedPin: undefined, requests };
  const { batchId } = await bench.signing.start(asked);
  await bench.ended(batchId);
  const { jobs } = await bench.signing.batch(batchId);
  return jobs.map(({ state, code }) => [state, code]);
}

const harms: [string, (path: string) => void][] = [
  ['was deleted', (at) => rmSync(at)],
  [
    'has a changed byte',
    (at) => {
      const bytes = readFileSync(at);
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
      writeFileSync(at, bytes);
    },
  ],
];

it.each(harms)('a document whose file %s is fetched again before it is signed', async (_name, harm) => {
  harm(await path());
  bench.mend = fetchAgain;
  expect(await start()).toEqual([['queued', undefined]]);
  expect(bench.token.signed).toBe(1);
});

it('a document that cannot be fetched again now waits, and is signed when it can', async () => {
  rmSync(await path());
  bench.mend = () => Promise.reject(new ProviderError('offline'));
  expect(await start()).toEqual([['awaiting-pin', 'offline']]);
  expect(bench.token.signed).toBe(0);
  bench.mend = fetchAgain;
  expect(await start()).toEqual([['queued', undefined]]);
  expect(bench.token.signed).toBe(1);
});

it('a document that stands on a lost signature is not signed, and the code says so', async () => {
  rmSync(await path());
  expect(await start()).toEqual([['failed', 'signed-copy-damaged']]);
  expect(bench.token.signed).toBe(0);
});
