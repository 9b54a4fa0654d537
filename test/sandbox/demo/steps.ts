/** What the demo's person does, each step safe to repeat after a kill: it does only what is not done yet. */

import type { DeskAccess } from '../../../main/cli/access.ts';
import { clean, table } from '../../../main/cli/table.ts';
import type { Form, InboxItem, JobView, Transaction } from '../../../preload/model.ts';
import { sealPin } from '../../../preload/seal-pin.ts';
import type { Sandbox } from '../sandbox.ts';
import type { Verdict } from './verify.ts';

export const DECLINE_REASON = 'The price in clause 3 is not the one we agreed on.';

export async function inboxItems(desk: DeskAccess): Promise<InboxItem[]> {
  return (await desk.call('inbox.list', { view: 'all', offset: 0, limit: 500 })).items;
}

async function transactions(desk: DeskAccess): Promise<Transaction[]> {
  const items = await inboxItems(desk);
  return Promise.all(items.map(async ({ id }) => (await desk.call('inbox.show', { transactionId: id })).transaction));
}

export async function printInbox(desk: DeskAccess, heading: string): Promise<void> {
  const rows = (await inboxItems(desk)).map((i) => [i.status, i.sync, clean(i.senderName, 20), clean(i.title)]);
  console.log(`${heading}\n${table(['STATUS', 'SYNC', 'FROM', 'TITLE'], rows)}`);
}

const isOpenText = (form: Form) => form.kind === 'text' && form.mine && !form.filled;

/** Fills what has to be filled, declines what is to be declined, and waits until the server has taken both. */
export async function acceptTasks(desk: DeskAccess, sandbox: Sandbox): Promise<void> {
  for (const transaction of await transactions(desk)) {
    const entry = sandbox.manifest.find(({ dstId }) => dstId === transaction.remoteId);
    const values = transaction.documents.flatMap((document) =>
      document.forms
        .filter(isOpenText)
        .map((form) => ({ documentId: document.id, formId: form.id, value: entry?.values[form.label] ?? form.label })),
    );
    if (transaction.status === 'to-fill' && values.length > 0) {
      await desk.call('transactions.fill', { transactionId: transaction.id, values });
      console.log(`\nFilled ${values.length} fields in “${clean(transaction.title)}”`);
    }
    if (entry?.action === 'decline' && transaction.status === 'to-sign') {
      await desk.call('transactions.decline', { transactionId: transaction.id, reason: DECLINE_REASON });
      console.log(`Declined “${clean(transaction.title)}”: ${DECLINE_REASON}`);
    }
  }
  await desk.call('sync.now', {});
}

async function chooseRequests(desk: DeskAccess) {
  const chosen: { transactionId: string; documentId: string; signatureRequestId: string; reviewedSha256: string }[] =
    [];
  for (const transaction of await transactions(desk)) {
    if (transaction.status !== 'to-sign') continue;
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

const IS_SIGNED = new Set(['queued', 'delivering', 'delivered']);

/** One batch, one PIN. Half way the server goes away; it is back once the batch has ended. */
async function runBatch(desk: DeskAccess, sandbox: Sandbox): Promise<string | undefined> {
  const requests = await chooseRequests(desk);
  if (requests.length === 0) return undefined;
  const { modulePath } = sandbox.token;
  const { tokens } = await desk.call('tokens.list', { modulePath });
  const token = tokens.find((t) => t.serialNumber === sandbox.token.serialNumber);
  const identity = token?.identities.find((i) => i.providerIdentities.length > 0 && i.disabledReason === undefined);
  if (!token || !identity) throw new Error('no key on the token answers to an identity of the account');
  console.log(`Matched ${identity.commonName} (${identity.keyType} ${identity.keySizeBits}) on ${token.label}`);
  const session = await desk.call('tokens.session', { tokenId: token.id });
  const sealedPin = await sealPin(session.publicKey, session.sessionId, new TextEncoder().encode(sandbox.pin));
  let signed = 0;
  let cut: Promise<void> | undefined;
  const ended = new Promise<string | undefined>((resolve) => {
    desk.on('signing.progress', ({ job }) => {
      if (job.state === 'queued' && job.code === undefined) signed++;
      if (signed >= requests.length / 2 && !cut) {
        console.log(`Server taken away after ${signed} of ${requests.length} signatures`);
        cut = sandbox.stopSigningToday();
      }
    });
    desk.on('signing.ended', ({ stopped }) => resolve(stopped));
  });
  await desk.call('signing.start', { sessionId: session.sessionId, identityId: identity.id, requests, sealedPin });
  const stopped = await ended;
  await cut;
  if (cut) {
    const waiting = (await desk.call('outbox.list', {})).length;
    console.log(`Batch signed to its end without the server; ${waiting} wait in the outbox`);
    await sandbox.startSigningToday();
    console.log('Server is back');
  }
  return stopped;
}

const SETTLE_ROUNDS = 60;

/** Syncs until nothing is left to deliver, or the tries are used up. */
async function settle(desk: DeskAccess): Promise<void> {
  for (let round = 0; round < SETTLE_ROUNDS; round++) {
    await desk.call('sync.now', {});
    const rows = await desk.call('outbox.list', {});
    if (rows.every((row) => row.state === 'parked' || row.state === 'failed')) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

export async function signEverything(desk: DeskAccess, sandbox: Sandbox): Promise<JobView[]> {
  const stopped = await runBatch(desk, sandbox);
  if (stopped !== undefined) throw new Error(`the batch stopped: ${stopped}`);
  await settle(desk);
  // What a first round made possible (a second document of mine, a killed run's rest) is signed in a second one.
  if ((await runBatch(desk, sandbox)) !== undefined) throw new Error('the second batch stopped');
  await settle(desk);
  return (await desk.call('jobs.list', {})).filter((job) => IS_SIGNED.has(job.state));
}

const ms = (value: number | undefined) => (value === undefined ? '-' : value.toFixed(1));

export function printResults(jobs: readonly JobView[], verdicts: readonly Verdict[]): void {
  const rows = jobs.map((job) => {
    const verdict = verdicts.find((v) => v.transactionId === job.transactionId && v.documentId === job.documentId);
    const { prepareMs, tokenMs, timestampMs, storeMs, deliverMs } = job.timings;
    return [
      job.state,
      ...[prepareMs, tokenMs, timestampMs, storeMs, deliverMs].map(ms),
      verdict ? (verdict.problems.length === 0 ? 'valid' : 'NOT VALID') : '-',
      clean(job.title, 44),
      verdict?.file ?? '',
    ];
  });
  const header = ['STATE', 'PREPARE', 'TOKEN', 'TIMESTAMP', 'STORE', 'DELIVER', 'JUDGED', 'DOCUMENT', 'FILE'];
  console.log(`\nSigned (milliseconds)\n${table(header, rows)}`);
}
