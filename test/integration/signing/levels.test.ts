import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bufferSource, listSignatures } from '../../../main/pades/index.ts';
import type { StartRequest } from '../../../main/signing/signing.ts';
import { validatePdf } from '../../../main/validation/index.ts';
import { sampleRequest } from '../../unit/signing/model-samples.ts';
import { openSigningBench, type SigningBench, samplePdf, signedMessage, transactionWith } from './desk-bench.ts';

let bench: SigningBench;
beforeEach(async () => {
  bench = await openSigningBench();
});
afterEach(() => bench.close());

const request = (remoteId: string, reviewedSha256: string, signatureRequestId = 'r1') => ({
  transactionId: `acc:${remoteId}`,
  documentId: 'd1',
  signatureRequestId,
  reviewedSha256,
});
const add = async (remoteId: string, requests = [sampleRequest()]) =>
  bench.addDocument(transactionWith(remoteId, requests), await samplePdf(`document ${remoteId}`));

async function start(
  requests: StartRequest['requests'],
  choices: StartRequest['choices'],
  statements?: StartRequest['statements'],
) {
  const wanted = { sessionId: 's', identityId: 'soft/01', sealedPin: undefined, requests, choices, statements };
  const { batchId } = await bench.signing.start(wanted);
  const stopped = await bench.ended(batchId);
  return { stopped, jobs: (await bench.signing.batch(batchId)).jobs };
}

async function report(remoteId: string) {
  const document = await bench.store.document(`acc:${remoteId}`, 'd1');
  if (!document) throw new Error('no document');
  const bytes = await bench.store.readRevision(document.revision, 0, document.revision.sizeBytes);
  const later = Date.now() + 400 * 24 * 3_600_000;
  return validatePdf(bufferSource(bytes), { anchors: [bench.pki.root.certificate], at: later });
}

describe('a level past B-T in the inbox', () => {
  it.each(['B-LT', 'B-LTA'] as const)('%s is reached before the signature is handed over', async (level) => {
    const requests = [request('a', await add('a')), request('b', await add('b'))];
    const { jobs } = await start(requests, { level });
    expect(jobs.map(({ state }) => state)).toEqual(['queued', 'queued']);
    const states = bench.events.flatMap((event) => (event.kind === 'progress' ? [event.job.state] : []));
    expect(states).toContain('awaiting-validation-data');
    for (const name of ['a', 'b']) {
      const { valid, signatures } = await report(name);
      expect({ valid, first: signatures[0] }).toMatchObject({
        valid: true,
        first: { level, revocation: 'good', chain: 'trusted', covers: 'own-revision' },
      });
    }
    expect(bench.token).toMatchObject({ logins: 1, signed: 2 });
  });

  it('is reached by each signature of a chain', async () => {
    const sha = await add('a', [sampleRequest(), sampleRequest({ id: 'r2', reason: 'As the witness' })]);
    const { jobs } = await start([request('a', sha), request('a', sha, 'r2')], { level: 'B-LT' });
    expect(jobs.map(({ state }) => state)).toEqual(['queued', 'queued']);
    expect((await report('a')).signatures.map(({ level }) => level)).toEqual(['B-LT', 'B-LT']);
  });

  it('waits while no authority answers, the signature safe, and goes on by itself without the token', async () => {
    bench.revocation?.setState('down');
    const { jobs } = await start([request('a', await add('a'))], { level: 'B-LT' });
    expect(jobs).toMatchObject([{ state: 'awaiting-validation-data', code: 'validation-data-incomplete' }]);
    await bench.restart();
    bench.revocation?.setState('up');
    await bench.signing.retry(true);
    await bench.reached(jobs[0]?.id ?? '', 'queued');
    expect((await report('a')).signatures).toMatchObject([{ level: 'B-LT' }]);
    expect(bench.token).toMatchObject({ logins: 1, signed: 1 });
  });
});

describe('a request for CAdES at B-LT', () => {
  const cades = (id: string) => sampleRequest({ id, profile: 'CAdES' });

  const message = (remoteId: string) => signedMessage(bench, remoteId);

  it('is reached before the message is handed over, by each signature of a chain', async () => {
    const pdf = await samplePdf('two');
    const sha = await bench.addDocument(transactionWith('a', [cades('r1'), cades('r2')]), pdf);
    const { jobs } = await start([request('a', sha), request('a', sha, 'r2')], { level: 'B-LT' });
    expect(jobs.map(({ state, code }) => [state, code])).toEqual([
      ['queued', undefined],
      ['queued', undefined],
    ]);
    const { content, report: found } = await message('a');
    expect(content && Buffer.from(content).equals(pdf)).toBe(true);
    expect(found).toMatchObject({
      valid: true,
      signatures: ['', ''].map(() => ({ level: 'B-LT', revocation: 'good', chain: 'trusted' })),
    });
    expect(bench.token).toMatchObject({ logins: 1, signed: 2 });
  });

  it('waits while no authority answers, the signature safe, and goes on by itself without the token', async () => {
    const sha = await bench.addDocument(transactionWith('a', [cades('r1')]), await samplePdf('a'));
    bench.revocation?.setState('down');
    const { jobs } = await start([request('a', sha)], { level: 'B-LT' });
    expect(jobs).toMatchObject([{ state: 'awaiting-validation-data', code: 'validation-data-incomplete' }]);
    await bench.restart();
    bench.revocation?.setState('up');
    bench.failNext('commitSigned', 'disk-full');
    await bench.signing.retry(true);
    await bench.reached(jobs[0]?.id ?? '', 'complete');
    await bench.restart();
    await bench.reached(jobs[0]?.id ?? '', 'queued');
    expect((await message('a')).report.signatures).toMatchObject([{ level: 'B-LT' }]);
    expect(bench.token).toMatchObject({ logins: 1, signed: 1 });
  });
});

describe('what a person chooses for a batch', () => {
  it('is in place of what the sender has: reason, place and location', async () => {
    const place = { page: 1, x: 5, y: 5, width: 30, height: 10 };
    const { jobs } = await start([{ ...request('a', await add('a')), reason: 'My own', place }], {
      level: 'B-B',
      location: 'Rīga',
      mark: { template: '{name}\n{reason}', layout: 'text-only' },
    });
    expect(jobs).toMatchObject([{ state: 'queued' }]);
    const document = await bench.store.document('acc:a', 'd1');
    if (!document) throw new Error('no document');
    const bytes = await bench.store.readRevision(document.revision, 0, document.revision.sizeBytes);
    expect(await listSignatures(bufferSource(bytes))).toMatchObject([{ reason: 'My own' }]);
    expect(Buffer.from(bytes).toString('latin1')).toMatch(/\/Rect ?\[(?!0 0 0 0)/);
  });

  it.each(['PAdES', 'CAdES'] as const)('is stated in the signature, after a restart too: %s', async (profile) => {
    const own = { reason: '', profile };
    const requests = [
      request('a', await add('a', [sampleRequest(own)])),
      request('b', await add('b', [sampleRequest(own)])),
    ];
    const policy = { id: '1.3.6.1.4.1.1', algorithm: 'sha256' as const, hash: new Uint8Array(32).fill(7) };
    const statements = { commitment: 'approval' as const, location: { country: 'LV', locality: 'Rīga' }, policy };
    bench.token.pullAfter = 1;
    const { jobs } = await start(requests, { level: 'B-B' }, statements);
    expect(jobs.map(({ state }) => state).toSorted()).toEqual(['awaiting-pin', 'queued']);
    await bench.restart();
    bench.token.pullAfter = Number.POSITIVE_INFINITY;
    const batchId = jobs[0]?.batchId ?? '';
    await bench.signing.resumeBatch(batchId, 's', undefined);
    await bench.ended(batchId);
    for (const name of ['a', 'b']) {
      const document = await bench.store.document(`acc:${name}`, 'd1');
      if (!document) throw new Error('no document');
      const { revision } = document;
      const bytes = Buffer.from(await bench.store.readRevision(revision, 0, revision.sizeBytes));
      const signed = profile === 'PAdES' ? bytes.toString('latin1').toLowerCase() : bytes.toString('hex');
      // id-aa-ets-commitmentType, -signerLocation, -sigPolicyId; the policy's hash.
      for (const last of ['10', '11', '0f']) expect(signed).toContain(`2a864886f70d01091002${last}`);
      expect(signed).toContain('07'.repeat(32));
    }
  });

  it('is refused before the PIN where it takes the place of a reason that is given', async () => {
    const started = start([request('a', await add('a'))], { level: 'B-B' }, { commitment: 'approval' });
    await expect(started).rejects.toMatchObject({ code: 'reason-excluded' });
    expect(bench.token.logins).toBe(0);
  });

  it('is a mark that is there, or no PIN is spent', async () => {
    const { stopped, jobs } = await start([request('a', await add('a'))], { mark: { markId: 'gone' } });
    expect({ stopped, jobs }).toMatchObject({ stopped: 'mark-unreadable', jobs: [{ state: 'awaiting-pin' }] });
    expect(bench.token.logins).toBe(0);
  });
});
