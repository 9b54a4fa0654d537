/** A vendor's module that fails in the middle of a batch: what is signed is kept, the rest waits, and the next batch signs it once. */
import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bufferSource } from '../../../main/pades/index.ts';
import { parseCertificate } from '../../../main/pki/index.ts';
import { systemClock } from '../../../main/platform/clock.ts';
import { createTokens, type Tokens } from '../../../main/tokens/index.ts';
import { validatePdf } from '../../../main/validation/index.ts';
import {
  buildFaultModule,
  createSoftHsmStack,
  seal,
  type TokenStack,
  unwrap,
} from '../../contract/tokens/token-stack.ts';
import { manualClock } from '../../unit/native/manual-clock.ts';
import { openSigningBench, type SigningBench, samplePdf, transactionWith } from './desk-bench.ts';

const documents = ['a', 'b', 'c', 'd'];
type Requests = Parameters<SigningBench['signing']['start']>[0]['requests'];

describe('a batch on a module that fails', () => {
  let stack: TokenStack;
  let faultModule: string;
  let bench: SigningBench | undefined;
  let tokens: Tokens | undefined;

  beforeAll(async () => {
    stack = await createSoftHsmStack();
    faultModule = await buildFaultModule(stack);
  });
  afterEach(async () => {
    await bench?.close();
    await tokens?.close();
  });
  afterAll(() => stack.remove());

  async function open(fault: string, after: number) {
    const marker = join(stack.folder, `batch-${fault}`);
    await writeFile(marker, '');
    const time = manualClock();
    const env = { FAULT: fault, FAULT_REAL: stack.modulePath, FAULT_ONCE: marker, FAULT_AFTER: String(after) };
    const room = createTokens({
      startProcess: stack.start(env),
      modulePaths: () => [faultModule],
      parseCertificate,
      clock: { now: () => Date.now(), ...time },
    });
    tokens = room;
    const opened = await openSigningBench(systemClock, { tokens: room, pki: stack.pki });
    bench = opened;
    const requests: Requests[number][] = [];
    for (const name of documents) {
      const sha = await opened.addDocument(transactionWith(name), await samplePdf(`document ${name}`));
      const [transactionId, documentId] = [`acc:${name}`, 'd1'];
      requests.push({ transactionId, documentId, signatureRequestId: 'r1', reviewedSha256: sha });
    }
    const struck = () =>
      access(marker).then(
        () => false,
        () => true,
      );
    return { room, bench: opened, requests, time, struck };
  }

  async function sign(room: Tokens, on: SigningBench, requests: Requests) {
    const [token] = (await room.list([])).tokens;
    const identity = token?.identities.find(({ id }) => id.endsWith('/02'));
    const session = unwrap(await room.openSession(token?.id ?? ''));
    const { batchId } = await on.signing.start({
      sessionId: session.sessionId,
      identityId: identity?.id ?? '',
      sealedPin: await seal(session, stack.pin),
      requests,
    });
    const stopped = await on.ended(batchId);
    return { stopped, jobs: (await on.signing.batch(batchId)).jobs };
  }

  it.each([
    ['crash-sign', 2, /^module-crashed$/],
    ['abort-sign', 0, /^module-crashed$/],
    ['hang-sign', 1, /^module-hung$/],
    ['garbage-sign', 1, /^(module-crashed|function-failed|device-error)$/],
    ['removed-sign', 2, /^token-removed$/],
    ['crash-login', 0, /^module-crashed$/],
    ['hang-login', 0, /^module-hung$/],
    ['lie-login', 0, /^(key-absent|login-required|function-failed)$/],
  ])(
    'by %s after %d good calls stops with its code, and the next one signs just the rest',
    async (fault, after, code) => {
      const { room, bench: on, requests, time, struck } = await open(fault, after);
      const first = sign(room, on, requests);
      if (fault.startsWith('hang-')) {
        await expect.poll(struck, { timeout: 30_000 }).toBe(true);
        time.pass(30_000);
      }
      const { stopped, jobs } = await first;
      expect(stopped).toMatch(code);
      const kept = jobs.filter(({ state }) => state === 'queued');
      // A module that lives on after its bad answer still answers what was in flight beside it.
      const most = fault === 'garbage-sign' ? documents.length - 1 : after;
      expect(kept.length).toBeLessThanOrEqual(most);
      for (const job of jobs) if (job.state !== 'queued') expect(job).toMatchObject({ state: 'awaiting-pin' });
      const again = await sign(room, on, requests);
      expect(again.stopped).toBeUndefined();
      expect(again.jobs.map(({ state }) => state)).toEqual(documents.map(() => 'queued'));
      const rows = await on.store.outbox({});
      expect(rows.map(({ transactionId }) => transactionId).toSorted()).toEqual(documents.map((name) => `acc:${name}`));
      for (const job of kept) expect(again.jobs.map(({ id }) => id)).toContain(job.id);
      expect(await levels(on)).toEqual(documents.map(() => [1, true]));
    },
  );

  it('that gives a wrong signature never delivers it, and signs that document again', async () => {
    const { room, bench: on, requests } = await open('lie-sign', 1);
    const { stopped, jobs } = await sign(room, on, requests);
    expect(stopped).toBeUndefined();
    expect(jobs.filter(({ state }) => state === 'failed')).toHaveLength(1);
    expect(await on.store.outbox({})).toHaveLength(documents.length - 1);
    const again = await sign(room, on, requests);
    expect(again.jobs.map(({ state }) => state)).toEqual(documents.map(() => 'queued'));
    expect(await levels(on)).toEqual(documents.map(() => [1, true]));
  });

  /** For each document: how many signatures, and whether all is valid. */
  async function levels(on: SigningBench) {
    const found: [number, boolean][] = [];
    for (const name of documents) {
      const document = await on.store.document(`acc:${name}`, 'd1');
      if (!document) throw new Error('no document');
      const bytes = await on.store.readRevision(document.revision, 0, document.revision.sizeBytes);
      const report = await validatePdf(bufferSource(bytes), { anchors: [stack.pki.root.certificate], at: Date.now() });
      found.push([report.signatures.length, report.valid]);
    }
    return found;
  }
});
