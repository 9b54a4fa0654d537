import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createChanges } from '../../../main/inbox/index.ts';
import { systemClock } from '../../../main/platform/clock.ts';
import { sampleRequest } from '../../unit/signing/model-samples.ts';
import { openSigningBench, type SigningBench, samplePdf, transactionWith } from './desk-bench.ts';

let bench: SigningBench;
beforeEach(async () => {
  bench = await openSigningBench();
});
afterEach(() => bench.close());

describe('declining', () => {
  it('is refused once my signature exists, also while it waits for its timestamp', async () => {
    const transaction = transactionWith('a', [sampleRequest({ declinable: true })]);
    const reviewedSha256 = await bench.addDocument(transaction, await samplePdf('a'));
    const changes = createChanges({
      store: bench.store,
      clock: systemClock,
      newId: () => 'c1',
      committed: () => undefined,
    });
    bench.authority.misbehave('html');
    const chosen = { transactionId: 'acc:a', documentId: 'd1', signatureRequestId: 'r1', reviewedSha256 };
    const asked = { sessionId: 's', identityId: 'soft/01', sealedPin: undefined, requests: [chosen] };
    await bench.ended((await bench.signing.start(asked)).batchId);
    expect(await bench.signing.jobs()).toMatchObject([{ state: 'awaiting-timestamp' }]);
    await expect(changes.decline('acc:a', 'no')).rejects.toMatchObject({ code: 'signed-already' });
    expect(await bench.store.outbox({})).toEqual([]);
  });

  it('is one change, whatever the number of my requests', async () => {
    const two = [sampleRequest({ declinable: true }), sampleRequest({ id: 'r2', declinable: true })];
    await bench.addDocument(transactionWith('a', two), await samplePdf('a'));
    const changes = createChanges({
      store: bench.store,
      clock: systemClock,
      newId: () => 'c1',
      committed: () => undefined,
    });
    expect(await changes.decline('acc:a', 'Wrong price')).toBe(2);
    expect((await bench.store.outbox({})).map((row) => row.kind)).toEqual(['decline']);
    expect((await bench.store.transaction('acc:a'))?.status).toBe('declined');
  });
});
