/** Two people sign the same document in parallel, one of them without a network: who comes late is told, and signs the new version. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PDFDocument } from 'pdf-lib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accessTo, type DeskAccess } from '../../../main/cli/access.ts';
import { createDesk } from '../../../main/desk.ts';
import { createHeadlessHost } from '../../../main/host/headless-host.ts';
import { localBridge } from '../../../main/ipc/index.ts';
import { sealPin } from '../../../preload/seal-pin.ts';
import { prepareProfile } from '../../sandbox/demo/prepare-profile.ts';
import { addForTwo, otherSigns } from '../../sandbox/other-signs.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';

let dir: string;
let sandbox: Sandbox;
let desk: DeskAccess;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sync-race-'));
  sandbox = await startSandbox(join(dir, 'sandbox'));
  Object.assign(process.env, sandbox.token.env);
  const host = createHeadlessHost({ secretsDir: join(dir, 'keys') });
  const opened = await createDesk(host, { root: join(dir, 'profile'), version: 'test', background: false });
  desk = accessTo(localBridge(opened.onCall, opened.on), () => opened.close());
});
afterAll(async () => {
  await desk?.close();
  await sandbox?.stop();
  await rm(dir, { recursive: true, force: true });
});

async function addWork() {
  const pdf = await PDFDocument.create();
  pdf.addPage().drawText('A lease');
  return addForTwo(sandbox, 'A lease', await pdf.save());
}

/** Reviews and signs what waits in a transaction. @returns the jobs as the batch left them */
async function signHere(place: { transactionId: string; documentId: string; signatureRequestId: string }) {
  const { signatureRequestId, ...document } = place;
  const { sha256 } = await desk.call('documents.open', document);
  const { tokens } = await desk.call('tokens.list', { modulePath: sandbox.token.modulePath });
  const token = tokens.find((each) => each.serialNumber === sandbox.token.serialNumber);
  const identity = token?.identities.find((each) => each.disabledReason === undefined);
  if (!token || !identity) throw new Error('no key on the token');
  const { sessionId, publicKey } = await desk.call('tokens.session', { tokenId: token.id });
  const sealedPin = await sealPin(publicKey, sessionId, new TextEncoder().encode(sandbox.pin));
  const ended = new Promise<void>((resolve) => {
    desk.on('signing.ended', () => resolve());
  });
  const requests = [{ ...document, signatureRequestId, reviewedSha256: sha256 }];
  const { batchId } = await desk.call('signing.start', { sessionId, identityId: identity.id, requests, sealedPin });
  await ended;
  return (await desk.call('signing.batch', { batchId })).jobs;
}

it('a lost race is told, the first signature kept, and the second stands on the other signer’s', async () => {
  await prepareProfile(desk, sandbox);
  const work = await addWork();
  await desk.call('sync.now', {});
  const { items } = await desk.call('inbox.list', { view: 'to-sign', search: 'A lease', offset: 0, limit: 9 });
  const transactionId = items.find(({ remoteId }) => remoteId === work.id)?.id ?? '';
  const { transaction } = await desk.call('inbox.show', { transactionId });
  const document = transaction.documents[0];
  const request = document?.signatureRequests.find(({ mine }) => mine);
  if (!document || !request) throw new Error('nothing of mine to sign');
  const place = { transactionId, documentId: document.id, signatureRequestId: request.id };
  await desk.call('documents.open', { transactionId, documentId: document.id });

  await sandbox.stopSigningToday();
  expect(await signHere(place)).toMatchObject([{ state: 'queued' }]);
  await otherSigns(sandbox, work.id);
  await sandbox.startSigningToday();
  await desk.call('sync.now', {});

  expect(await desk.call('jobs.list', {})).toMatchObject([{ state: 'superseded', code: 'document-moved-on' }]);
  const [conflict] = await desk.call('conflicts.list', {});
  expect(conflict).toMatchObject({ transactionId, code: 'document-moved-on' });
  expect(conflict?.choices).toContain('sign-new-version');
  const { toSign } = await desk.call('conflicts.settle', { id: conflict?.id ?? '', choice: 'sign-new-version' });
  expect(toSign).toEqual([place]);

  // Nothing is signed by the choice: it takes a new review, and the PIN.
  expect((await desk.call('inbox.show', { transactionId })).transaction.status).toBe('to-sign');
  await signHere(place);
  await desk.call('sync.now', {});
  expect(await desk.call('outbox.list', {})).toEqual([]);
  const { state } = sandbox.signingToday;
  expect(state.dst(work.id).status).toBe('signed');
  // Theirs was put in past the API; of mine one alone took effect.
  expect(state.effects({ dstId: work.id, kind: 'signature' }).length).toBe(1);
  const report = await desk.call('documents.verify', { transactionId, documentId: document.id });
  expect([report.valid, report.signatures.length]).toEqual([true, 2]);

  const [kept] = await desk.call('conflicts.list', { settled: true });
  const path = join(dir, 'first.pdf');
  const saved = await desk.call('conflicts.export', { id: kept?.id ?? '', path });
  expect(saved).toMatchObject({ path, sha256: conflict?.copy?.sha256 });
  const outcomes = (await desk.call('activity.list', { limit: 50, transactionId })).map((entry) => entry.outcome);
  expect(outcomes.slice(0, 3)).toEqual(['delivered', 'settled', 'needs-attention']);
});
