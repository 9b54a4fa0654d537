/** A real card pulled in the middle of a batch: what is signed is kept, the rest waits for that card and goes on with a new PIN. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseCertificate } from '../../../main/pki/index.ts';
import { systemClock } from '../../../main/platform/clock.ts';
import { createTokens, type Tokens } from '../../../main/tokens/index.ts';
import { lacksNamespaces } from '../../contract/tokens/stacks/namespace.ts';
import { createPivStack, type PivStack } from '../../contract/tokens/stacks/piv.ts';
import { seal, unwrap } from '../../contract/tokens/token-stack.ts';
import { openJudges } from '../pades/judges.ts';
import { openSigningBench, type SigningBench, samplePdf, transactionWith } from './desk-bench.ts';

const lacking = lacksNamespaces();
const names = Array.from({ length: 8 }, (_, index) => `doc-${index}`);

async function requestsOn(bench: SigningBench) {
  const requests = [];
  for (const name of names) {
    const reviewedSha256 = await bench.addDocument(transactionWith(name), await samplePdf(name));
    requests.push({ transactionId: `acc:${name}`, documentId: 'd1', signatureRequestId: 'r1', reviewedSha256 });
  }
  return requests;
}

const isSigned = ({ state }: { state: string }) => state === 'queued';
const settled = (bench: SigningBench, batchId: string) =>
  expect.poll(async () => (await bench.signing.batch(batchId)).running, { timeout: 60_000 }).toBe(false);

describe.skipIf(lacking !== undefined)(`a card pulled during a batch (${lacking ?? 'virtual PIV card'})`, () => {
  let stack: PivStack;
  let tokens: Tokens;
  let bench: SigningBench;

  beforeAll(async () => {
    stack = await createPivStack();
    tokens = createTokens({
      startProcess: stack.start(),
      modulePaths: () => [stack.modulePath],
      parseCertificate,
      clock: systemClock,
    });
    bench = await openSigningBench(systemClock, { tokens, pki: stack.pki });
  });
  afterAll(async () => {
    await bench.close();
    await tokens.close();
    await stack.remove();
  });

  it('costs no signature and makes none twice', async () => {
    const requests = await requestsOn(bench);
    const [token] = (await tokens.list([])).tokens;
    const identityId = `${stack.token.serialNumber}/${stack.keys.rsa}`;
    const session = unwrap(await tokens.openSession(token?.id ?? ''));
    const sealedPin = await seal(session, stack.pin);
    // Slow enough to be pulled between two signatures, or in one.
    await stack.card({ kind: 'faults', faults: { signDelayMs: 400 } });
    const firstSigned = new Promise<void>((resolve) => {
      const look = setInterval(() => {
        const done = bench.events.some((event) => event.kind === 'progress' && event.job.state === 'signed');
        const past = bench.events.some((event) => event.kind === 'progress' && event.job.state === 'queued');
        if (!done && !past) return;
        clearInterval(look);
        resolve();
      }, 1);
    });
    const { batchId } = await bench.signing.start({ sessionId: session.sessionId, identityId, sealedPin, requests });
    await firstSigned;
    await stack.card({ kind: 'eject' });
    await stack.card({ kind: 'faults', faults: { signDelayMs: 0 } });
    await settled(bench, batchId);
    const stopped = await bench.signing.batch(batchId);
    const kept = stopped.jobs.filter(isSigned).length;
    expect(kept).toBeGreaterThan(0);
    expect(stopped.jobs.filter(({ state }) => state === 'awaiting-pin')).toHaveLength(names.length - kept);
    // A command that was on its way when the card went may come back as a plain failure: what counts is that the rest waits.
    const code = expect.stringMatching(/^(token-removed|token-absent|function-failed|device-error)$/);
    expect(stopped).toMatchObject({ stopped: code, waitsFor: identityId });
    await stack.put();
    await tokens.list([]);
    const again = unwrap(await tokens.openSession(token?.id ?? ''));
    await bench.signing.resumeBatch(batchId, again.sessionId, await seal(again, stack.pin));
    await settled(bench, batchId);
    const { jobs, waitsFor } = await bench.signing.batch(batchId);
    expect(jobs.map(({ state }) => state)).toEqual(names.map(() => 'queued'));
    expect(waitsFor).toBeUndefined();
    expect(await bench.store.outbox({})).toHaveLength(names.length);
  });
});

describe('a batch that waits for its token', () => {
  let bench: SigningBench;
  beforeEach(async () => {
    bench = await openSigningBench();
  });
  afterEach(() => bench.close());

  async function stoppedBatch() {
    bench.token.pullAfter = 2;
    const requests = await requestsOn(bench);
    const { batchId } = await bench.signing.start({
      sessionId: 's',
      identityId: 'soft/01',
      sealedPin: undefined,
      requests,
    });
    await settled(bench, batchId);
    bench.token.pullAfter = Number.POSITIVE_INFINITY;
    return batchId;
  }

  it('goes on after a restart too', async () => {
    const batchId = await stoppedBatch();
    await bench.restart();
    expect(await bench.signing.batch(batchId)).toMatchObject({ running: false, waitsFor: 'soft/01' });
    await bench.signing.resumeBatch(batchId, 's', undefined);
    await settled(bench, batchId);
    expect((await bench.signing.batch(batchId)).jobs.every(isSigned)).toBe(true);
    expect(bench.token.signed).toBe(names.length);
  });

  it('goes on after a restart with the marks it was begun with', async () => {
    const box = { page: 1, x: 10, y: 10, width: 60, height: 10 };
    const requests = (await requestsOn(bench)).map((request) => ({ ...request, place: box }));
    const choices = { mark: { template: 'Seen and signed by {name}' } };
    bench.token.pullAfter = 2;
    const start = { sessionId: 's', identityId: 'soft/01', sealedPin: undefined, requests, choices };
    const { batchId } = await bench.signing.start(start);
    await settled(bench, batchId);
    await bench.restart();
    bench.token.pullAfter = Number.POSITIVE_INFINITY;
    await bench.signing.resumeBatch(batchId, 's', undefined);
    await settled(bench, batchId);
    const judges = await openJudges(bench.pki.root.certificate);
    try {
      const revisions = (await bench.store.outbox({})).flatMap(({ revision }) => revision ?? []);
      expect(revisions).toHaveLength(names.length);
      for (const revision of revisions) {
        const bytes = await bench.store.readRevision(revision, 0, revision.sizeBytes);
        expect(await judges.text(bytes)).toContain('Seen and signed by');
      }
    } finally {
      await judges.close();
    }
  });

  it('stays as it is where another token is put in', async () => {
    const batchId = await stoppedBatch();
    bench.token.refuseLogin = 'token-absent';
    await bench.signing.resumeBatch(batchId, 'another', undefined);
    await settled(bench, batchId);
    expect(await bench.signing.batch(batchId)).toMatchObject({ stopped: 'token-absent', waitsFor: 'soft/01' });
    expect(bench.token.signed).toBe(2);
  });

  it('is told apart from one that runs, one that is done, and none', async () => {
    const batchId = await stoppedBatch();
    const first = bench.signing.resumeBatch(batchId, 's', undefined);
    const second = bench.signing.resumeBatch(batchId, 's', undefined);
    await first;
    await expect(second).rejects.toMatchObject({ code: 'batch-running' });
    await settled(bench, batchId);
    await expect(bench.signing.resumeBatch(batchId, 's', undefined)).rejects.toMatchObject({ code: 'nothing-waits' });
    await expect(bench.signing.resumeBatch('none', 's', undefined)).rejects.toMatchObject({ code: 'not-found' });
  });
});
