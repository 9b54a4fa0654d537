/**
 * A person's working day in a process of its own, to be killed anywhere: sign in, sync, a note and a signature for whatever waits,
 * until all is delivered. Each step does only what is not done yet. The environment's KILL_RUN says where, and when to die.
 */
import { accessTo, type DeskAccess } from '../../../main/cli/access.ts';
import { createDesk } from '../../../main/desk.ts';
import { createHeadlessHost } from '../../../main/host/headless-host.ts';
import { localBridge } from '../../../main/ipc/index.ts';
import type { Transaction } from '../../../preload/model.ts';
import { sealPin } from '../../../preload/seal-pin.ts';
import type { SignerRun } from './kill-runs.ts';

const run: SignerRun = JSON.parse(process.env.KILL_RUN ?? '');
const say = (what: object) => process.stdout.write(`${JSON.stringify(what)}\n`);

/** Dies at once, as from outside, when a job has reached this state for the nth time. */
function dieAt(desk: DeskAccess): void {
  let left = run.dieAt?.nth ?? 0;
  desk.on('signing.progress', ({ job }) => {
    if (job.state !== run.dieAt?.state) return;
    left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
  });
}

async function prepare(desk: DeskAccess): Promise<void> {
  await desk.call('settings.change', {
    timestampAuthorities: [run.timestampUrl],
    pkcs11Modules: [run.modulePath],
    trustAnchors: [run.rootPemPath],
  });
  if ((await desk.call('accounts.list', {})).length > 0) return;
  const { baseUrl, username, password, clientId, clientSecret } = run;
  await desk.call('accounts.add', { provider: 'signing-today', baseUrl, username, password, clientId, clientSecret });
}

async function waiting(desk: DeskAccess): Promise<Transaction[]> {
  const { items } = await desk.call('inbox.list', { view: 'to-sign', offset: 0, limit: 500 });
  const work = items.filter(({ title }) => title.startsWith(run.titled));
  const shown = await Promise.all(work.map(({ id }) => desk.call('inbox.show', { transactionId: id })));
  return shown.map(({ transaction }) => transaction);
}

async function note(desk: DeskAccess, { id, title }: Transaction): Promise<void> {
  const text = `Read: ${title}`;
  const { notes, outbox } = await desk.call('inbox.show', { transactionId: id });
  const isSaid = notes.some((each) => each.mine && each.text === text) || outbox.some((r) => r.kind === 'note-added');
  if (!isSaid) await desk.call('notes.add', { transactionId: id, text });
}

async function choose(desk: DeskAccess, transactions: readonly Transaction[]) {
  const chosen: { transactionId: string; documentId: string; signatureRequestId: string; reviewedSha256: string }[] =
    [];
  for (const transaction of transactions) {
    for (const document of transaction.documents) {
      const mine = document.signatureRequests.filter((r) => r.mine && r.state === 'ready');
      if (mine.length === 0) continue;
      const place = { transactionId: transaction.id, documentId: document.id };
      const { sha256 } = await desk.call('documents.open', place);
      for (const { id } of mine) chosen.push({ ...place, signatureRequestId: id, reviewedSha256: sha256 });
    }
  }
  return chosen;
}

async function sign(desk: DeskAccess): Promise<void> {
  const transactions = await waiting(desk);
  for (const transaction of transactions) await note(desk, transaction);
  const requests = await choose(desk, transactions);
  if (requests.length === 0) return;
  const { tokens } = await desk.call('tokens.list', { modulePath: run.modulePath });
  const token = tokens.find((each) => each.serialNumber === run.serialNumber);
  const identity = token?.identities.find((each) => each.disabledReason === undefined);
  if (!token || !identity) throw new Error('no key on the token');
  const { sessionId, publicKey } = await desk.call('tokens.session', { tokenId: token.id });
  const sealedPin = await sealPin(publicKey, sessionId, new TextEncoder().encode(run.pin));
  const ended = new Promise<void>((resolve) => {
    desk.on('signing.ended', () => resolve());
  });
  await desk.call('signing.start', { sessionId, identityId: identity.id, requests, sealedPin });
  await ended;
}

const UNDER_WAY = new Set([
  'signed',
  'awaiting-timestamp',
  'awaiting-validation-data',
  'complete',
  'queued',
  'delivering',
]);

/** Until nothing made here is on its way; false where that takes too long. */
async function settle(desk: DeskAccess): Promise<boolean> {
  for (let round = 0; round < 60; round += 1) {
    const { errors } = await desk.call('sync.now', {});
    const rows = await desk.call('outbox.list', {});
    const jobs = await desk.call('jobs.list', {});
    if (rows.length === 0 && errors.length === 0 && !jobs.some(({ state }) => UNDER_WAY.has(state))) return true;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return false;
}

const host = createHeadlessHost({ secretsDir: run.secretsDir });
const opened = await createDesk(host, { root: run.root, version: 'kill', background: false });
const desk = accessTo(localBridge(opened.onCall, opened.on), () => opened.close());
dieAt(desk);
say({ step: 'open' });
await prepare(desk);
await desk.call('sync.now', {});
say({ step: 'synced' });
await sign(desk);
const isQuiet = run.leaveUnfinished ? true : await settle(desk);
const jobs = await desk.call('jobs.list', {});
const conflicts = await desk.call('conflicts.list', {});
const verdicts = [];
for (const { transactionId, documentId } of jobs.filter(({ state }) => state === 'delivered')) {
  // Opened first, as in the window: what was delivered but confirmed only by reading back is fetched from the service again.
  await desk.call('documents.open', { transactionId, documentId });
  const { valid, signatures } = await desk.call('documents.verify', { transactionId, documentId });
  verdicts.push({ transactionId, documentId, valid, signatures: signatures.length });
}
say({ step: 'done', isQuiet, jobs, conflicts, verdicts, outbox: await desk.call('outbox.list', {}) });
await desk.close();
