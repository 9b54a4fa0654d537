import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bufferSource } from '../../../main/pades/index.ts';
import { validatePdf } from '../../../main/validation/index.ts';
import { sampleMessage } from '../../contract/sample-message.ts';
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

async function start(requests: ReturnType<typeof request>[]) {
  const started = await bench.signing.start({ sessionId: 's', identityId: 'soft/01', sealedPin: undefined, requests });
  const stopped = await bench.ended(started.batchId);
  const { jobs } = await bench.signing.batch(started.batchId);
  return { ...started, stopped, jobs };
}

async function report(remoteId: string) {
  const document = await bench.store.document(`acc:${remoteId}`, 'd1');
  if (!document) throw new Error('no document');
  const bytes = await bench.store.readRevision(document.revision, 0, document.revision.sizeBytes);
  return validatePdf(bufferSource(bytes), { anchors: [bench.pki.root.certificate], at: Date.now() });
}

const addPlain = async (remoteId: string) =>
  bench.addDocument(transactionWith(remoteId), await samplePdf(`document ${remoteId}`));

describe('a batch', () => {
  it('signs, timestamps, verifies, and commits with an outbox row each', async () => {
    const requests = [];
    for (const id of ['a', 'b', 'c']) requests.push(request(id, await addPlain(id)));
    const { jobs, stopped } = await start(requests);
    expect(stopped).toBeUndefined();
    expect(jobs.map((j) => j.state)).toEqual(['queued', 'queued', 'queued']);
    expect(bench.token).toMatchObject({ logins: 1, signed: 3, closed: 1 });
    const rows = await bench.store.outbox({ unconfirmed: true });
    expect(rows.map((r) => [r.kind, r.state])).toEqual([
      ['signature', 'pending'],
      ['signature', 'pending'],
      ['signature', 'pending'],
    ]);
    expect((await report('b')).signatures).toMatchObject([
      { integrity: 'intact', cms: 'valid', chain: 'trusted', level: 'B-T', covers: 'whole-file' },
    ]);
  });

  it('makes a chain of two requests of mine on one document', async () => {
    const two = [sampleRequest(), sampleRequest({ id: 'r2', reason: 'As the witness' })];
    const sha = await bench.addDocument(transactionWith('a', two), await samplePdf('two'));
    const { jobs } = await start([request('a', sha), request('a', sha, 'r2')]);
    expect(jobs.map((j) => j.state)).toEqual(['queued', 'queued']);
    const { signatures } = await report('a');
    expect(signatures.map((s) => [s.integrity, s.cms, s.covers])).toEqual([
      ['intact', 'valid', 'own-revision'],
      ['intact', 'valid', 'whole-file'],
    ]);
  });

  it('signs nothing and keeps the jobs when the PIN is wrong, and uses one try', async () => {
    const requests = [request('a', await addPlain('a')), request('b', await addPlain('b'))];
    bench.token.refuseLogin = 'pin-incorrect';
    const first = await start(requests);
    expect(first.stopped).toBe('pin-incorrect');
    expect(first.jobs.map((j) => [j.state, j.code])).toEqual([
      ['awaiting-pin', 'pin-incorrect'],
      ['awaiting-pin', 'pin-incorrect'],
    ]);
    expect(bench.token).toMatchObject({ logins: 1, signed: 0 });
    bench.token.refuseLogin = undefined;
    const second = await start(requests);
    expect(second.jobs.map((j) => j.state)).toEqual(['queued', 'queued']);
    expect(bench.token).toMatchObject({ logins: 2, signed: 2 });
  });

  it('keeps what is signed when the card is pulled, and signs only the rest later', async () => {
    const requests = [];
    for (const id of ['a', 'b', 'c', 'd']) requests.push(request(id, await addPlain(id)));
    bench.token.pullAfter = 2;
    const { jobs, stopped } = await start(requests);
    expect(stopped).toBe('token-removed');
    expect(jobs.filter((j) => j.state === 'queued')).toHaveLength(2);
    expect(jobs.filter((j) => j.state === 'awaiting-pin' && j.code === 'token-removed')).toHaveLength(2);
    bench.token.pullAfter = Number.POSITIVE_INFINITY;
    const again = await start(requests);
    expect(again.jobs.map((j) => j.state)).toEqual(['queued', 'queued', 'queued', 'queued']);
    expect(bench.token.signed).toBe(4);
    expect(await bench.store.outbox({})).toHaveLength(4);
  });

  it('never signs a request a second time', async () => {
    const asked = request('a', await addPlain('a'));
    const first = await start([asked]);
    const second = await start([asked]);
    expect(second.jobs.map((j) => j.id)).toEqual(first.jobs.map((j) => j.id));
    expect(bench.token).toMatchObject({ logins: 1, signed: 1 });
    expect(await bench.store.outbox({})).toHaveLength(1);
  });

  it('makes one signature of two equal batches started at once, and spends no PIN on nothing', async () => {
    const requests = [request('a', await addPlain('a')), request('b', await addPlain('b'))];
    const asked = { sessionId: 's', identityId: 'soft/01', sealedPin: undefined, requests };
    const started = await Promise.all([bench.signing.start(asked), bench.signing.start(asked)]);
    for (const { batchId } of started) expect(await bench.ended(batchId)).toBeUndefined();
    expect(started[1]?.jobs.map((j) => j.id)).toEqual(started[0]?.jobs.map((j) => j.id));
    expect(bench.token).toMatchObject({ logins: 1, signed: 2 });
    expect(await bench.store.outbox({})).toHaveLength(2);
    expect((await bench.signing.jobs()).map((j) => j.state)).toEqual(['queued', 'queued']);
  });

  it('takes a request that is named twice for one', async () => {
    const asked = request('a', await addPlain('a'));
    const { jobs } = await start([asked, { ...asked }]);
    expect(jobs.map((j) => j.state)).toEqual(['queued']);
    expect((await report('a')).signatures).toHaveLength(1);
  });

  it('spends no PIN on a request that follows an unfinished signature', async () => {
    const two = [sampleRequest(), sampleRequest({ id: 'r2' })];
    const sha = await bench.addDocument(transactionWith('a', two), await samplePdf('two'));
    bench.authority.misbehave('html');
    const both = [request('a', sha), request('a', sha, 'r2')];
    expect((await start(both)).jobs.map((j) => j.state)).toEqual(['awaiting-timestamp', 'awaiting-pin']);
    const again = await start(both);
    expect(again.jobs.map((j) => j.code).sort()).toEqual(['bad-response', 'earlier-signature-waits']);
    expect(bench.token).toMatchObject({ logins: 1, signed: 1 });
  });

  it('refuses bytes other than those reviewed', async () => {
    await addPlain('a');
    const { jobs } = await start([request('a', 'f'.repeat(64))]);
    expect(jobs).toMatchObject([{ state: 'failed', code: 'document-changed' }]);
    expect(bench.token.signed).toBe(0);
  });

  it.each([
    ['not-a-pdf', new TextEncoder().encode('<html>Please sign in</html>')],
    ['damaged', new TextEncoder().encode(`%PDF-1.7\n${'x'.repeat(2000)}\nstartxref\n99\n%%EOF`)],
  ])('fails with %s before the token is asked', async (code, bytes) => {
    const sha = await bench.addDocument(transactionWith('a'), bytes);
    const { jobs } = await start([request('a', sha)]);
    expect(jobs).toMatchObject([{ state: 'failed', code }]);
    expect(bench.token.signed).toBe(0);
  });

  it('refuses what is not mine to sign, before any login', async () => {
    const sha = await bench.addDocument(transactionWith('a', [sampleRequest({ mine: false })]), await samplePdf('x'));
    const asked = { sessionId: 's', identityId: 'i', sealedPin: undefined, requests: [request('a', sha)] };
    await expect(bench.signing.start(asked)).rejects.toMatchObject({ code: 'not-mine' });
    expect(bench.token.logins).toBe(0);
  });
});

describe('a timestamp authority that is down', () => {
  it('costs no signature: the job waits and goes on by itself, without the token', async () => {
    const sha = await addPlain('a');
    bench.authority.misbehave('html');
    const { jobs } = await start([request('a', sha)]);
    const [job] = jobs;
    expect(job).toMatchObject({ state: 'awaiting-timestamp', code: 'bad-response' });
    expect(await bench.signing.holdsSignatures('acc')).toBe(true);
    expect(await bench.signing.holdsSignatures('another')).toBe(false);
    bench.authority.misbehave(undefined);
    await bench.signing.retry(true);
    await bench.reached(job?.id ?? '', 'queued');
    expect(bench.token.signed).toBe(1);
    expect((await report('a')).signatures).toMatchObject([{ level: 'B-T', timestamp: 'valid' }]);
    expect(await bench.signing.holdsSignatures('acc')).toBe(false);
  });

  it('and a restart in between changes nothing', async () => {
    const sha = await addPlain('a');
    bench.authority.misbehave('html');
    const { jobs } = await start([request('a', sha)]);
    bench.authority.misbehave(undefined);
    await bench.restart();
    await bench.reached(jobs[0]?.id ?? '', 'queued');
    expect(bench.token).toMatchObject({ logins: 1, signed: 1 });
    expect((await report('a')).valid).toBe(true);
  });
});

describe('a store that fails for a while', () => {
  it('keeps a finished signature and commits it later, without the token', async () => {
    const asked = request('a', await addPlain('a'));
    bench.failNext('commitSigned', 'disk-full');
    const { jobs } = await start([asked]);
    expect(jobs).toMatchObject([{ state: 'complete', code: 'disk-full' }]);
    await bench.restart();
    await bench.reached(jobs[0]?.id ?? '', 'queued');
    expect(bench.token).toMatchObject({ logins: 1, signed: 1 });
    expect((await report('a')).valid).toBe(true);
  });

  it('does not lose the signature value the token has just made', async () => {
    const asked = request('a', await addPlain('a'));
    const { batchId } = await bench.signing.start({
      sessionId: 's',
      identityId: 'soft/01',
      sealedPin: undefined,
      requests: [asked],
    });
    bench.token.beforeSign = () => bench.failNext('putJobs', 'disk-full');
    await bench.ended(batchId);
    expect(await bench.signing.jobs()).toMatchObject([{ state: 'queued' }]);
    expect(bench.token.signed).toBe(1);
  });

  it('leaves a record it cannot read alone and goes on with the others', async () => {
    const asked = request('a', await addPlain('a'));
    bench.authority.misbehave('html');
    const { jobs } = await start([asked]);
    const record = await bench.store.job(jobs[0]?.id ?? '');
    if (!record) throw new Error('no job');
    await bench.store.putJobs([{ ...record, id: 'from-the-future', state: '{"spec":{"new":true}}' }]);
    bench.authority.misbehave(undefined);
    await bench.restart();
    await bench.reached(record.id, 'queued');
    expect((await bench.store.job('from-the-future'))?.state).toBe('{"spec":{"new":true}}');
  });
});

describe('what sync tells', () => {
  it('moves the job to its end, also when the news came before a restart', async () => {
    const { jobs } = await start([request('a', await addPlain('a'))]);
    const jobId = jobs[0]?.id ?? '';
    await bench.signing.delivery({ jobId, state: 'delivering' });
    await bench.restart();
    expect(await bench.signing.jobs()).toMatchObject([{ state: 'queued' }]);
    await bench.signing.delivery({ jobId, state: 'delivered', ms: 12 });
    expect(await bench.signing.jobs()).toMatchObject([{ state: 'delivered', timings: { deliverMs: 12 } }]);
  });

  it('parks a job whose document moved on, and keeps its signed file', async () => {
    const { jobs } = await start([request('a', await addPlain('a'))]);
    await bench.signing.delivery({ jobId: jobs[0]?.id ?? '', state: 'conflict', code: 'document-moved-on' });
    expect(await bench.signing.jobs()).toMatchObject([{ state: 'superseded', code: 'document-moved-on' }]);
    expect((await report('a')).valid).toBe(true);
  });
});

describe('a request for CAdES', () => {
  const cades = (id: string) => sampleRequest({ id, profile: 'CAdES' });

  const message = (remoteId: string) => signedMessage(bench, remoteId);

  it('makes a .p7m of its own around the document, and of two of mine a chain with two parallel signatures', async () => {
    const pdf = await samplePdf('two');
    const sha = await bench.addDocument(transactionWith('a', [cades('r1'), cades('r2')]), pdf);
    const { jobs } = await start([request('a', sha), request('a', sha, 'r2')]);
    expect(jobs.map((j) => [j.state, j.code])).toEqual([
      ['queued', undefined],
      ['queued', undefined],
    ]);
    const { content, report: found } = await message('a');
    expect(content && Buffer.from(content).equals(pdf)).toBe(true);
    expect(found.signatures).toMatchObject(
      ['', ''].map(() => ({ integrity: 'intact', cms: 'valid', chain: 'trusted', level: 'B-T' })),
    );
    const changes = (await bench.store.outbox({})).map(({ change }) => JSON.parse(change));
    expect(changes[0]).toMatchObject({ baseSha256: sha, fileName: expect.stringMatching(/\.pdf\.p7m$/) });
    expect(changes[1].baseSha256).toBe(changes[0].sha256);
  });

  it('keeps the signature over a restart while the authority is out, and a full disk', async () => {
    const sha = await bench.addDocument(transactionWith('a', [cades('r1')]), await samplePdf('a'));
    bench.authority.misbehave('html');
    const { jobs } = await start([request('a', sha)]);
    expect(jobs).toMatchObject([{ state: 'awaiting-timestamp' }]);
    bench.authority.misbehave(undefined);
    bench.failNext('commitSigned', 'disk-full');
    await bench.restart();
    await bench.reached(jobs[0]?.id ?? '', 'complete');
    await bench.restart();
    await bench.reached(jobs[0]?.id ?? '', 'queued');
    expect(bench.token).toMatchObject({ logins: 1, signed: 1 });
    expect((await message('a')).report).toMatchObject({ valid: true, signatures: [{ level: 'B-T' }] });
  });

  it.each([
    ['cut', Buffer.from('303006092a864886f70d010702a0', 'hex')],
    ['empty', Buffer.from('300f06092a864886f70d010702a0023000', 'hex')],
    ['without a signer', sampleMessage(Buffer.from('%PDF-1.7'), [])],
  ])('on a message that is %s fails before the token is asked', async (_what, bytes) => {
    const sha = await bench.addDocument(transactionWith('a', [cades('r1')]), bytes);
    expect((await start([request('a', sha)])).jobs).toMatchObject([{ state: 'failed', code: 'bad-cms' }]);
    expect(bench.token.signed).toBe(0);
  });
});
