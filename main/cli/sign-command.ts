/** sign ID… through the desk, sign FILE… without a profile. */

import type { BatchChoices, JobView, SealedPin, SigningIdentity, TokenView } from '../../preload/model.ts';
import { sealPin } from '../../preload/seal-pin.ts';
import type { DeskAccess, Output } from './access.ts';
import type { Arguments } from './arguments.ts';
import { CommandError, type ExitName, exitFor } from './exit-codes.ts';
import { levelFlag } from './file-flags.ts';
import { type Command, resolveTransaction } from './inbox-commands.ts';
import { interruptible } from './interrupt.ts';
import { readSecret } from './pin.ts';
import { requestStatements } from './statement-flags.ts';
import { clean, table } from './table.ts';
import { inWords } from './words.ts';

/** Before a PIN is asked. @throws CommandError certificate-revoked */
export function refuseRevoked(revocation: 'good' | 'revoked' | 'unknown'): void {
  if (revocation !== 'revoked') return;
  const words =
    'The certificate is revoked: nothing is signed with it, and no PIN was asked. Ask its issuer for a new one.';
  throw new CommandError('certificate-revoked', words, 'token');
}

export interface ChosenIdentity {
  readonly token: TokenView;
  readonly identity: SigningIdentity;
}

/** The identity the flags name, or the only one that can sign. @throws CommandError token-absent, identity-disabled */
export function chooseIdentity(tokens: readonly TokenView[], args: Arguments): ChosenIdentity {
  const label = args.text('token');
  const serial = args.text('serial');
  const certId = args.text('cert-id')?.toLowerCase();
  const matching = tokens
    .filter((t) => (label === undefined || t.label === label) && (serial === undefined || t.serialNumber === serial))
    .flatMap((token) => token.identities.map((identity) => ({ token, identity })))
    .filter(({ identity }) => certId === undefined || identity.id.endsWith(`/${certId}`));
  const usable = matching.filter(({ identity }) => identity.disabledReason === undefined);
  const [first] = usable;
  if (first && (usable.length === 1 || certId !== undefined)) return first;
  // One that a provider knows goes before one that none does.
  const known = usable.filter(({ identity }) => identity.providerIdentities.length > 0);
  if (known.length === 1 && known[0]) return known[0];
  if (first)
    throw new CommandError('bad-input', `${usable.length} certificates can sign: name one with --cert-id.`, 'usage');
  const [disabled] = matching;
  if (disabled) {
    const why = disabled.identity.disabledReason;
    throw new CommandError('identity-disabled', `${disabled.identity.commonName} cannot sign now: ${why}.`);
  }
  throw new CommandError('token-absent', inWords('token-absent'));
}

/** The PIN, sealed to the session; nothing is asked where the token asks itself. */
export async function sealedPinFor(
  session: { sessionId: string; publicKey: Uint8Array; needsPin: boolean },
  args: Arguments,
  question = 'PIN',
): Promise<SealedPin | undefined> {
  if (!session.needsPin) return undefined;
  const pin = await readSecret(question, args.number('pin-fd'));
  return sealPin(session.publicKey, session.sessionId, pin);
}

async function chosenRequests(desk: DeskAccess, ids: readonly string[], out: Output) {
  const requests: { transactionId: string; documentId: string; signatureRequestId: string; reviewedSha256: string }[] =
    [];
  for (const given of ids) {
    const { id } = await resolveTransaction(desk, given);
    const { transaction } = await desk.call('inbox.show', { transactionId: id });
    for (const document of transaction.documents) {
      const mine = document.signatureRequests.filter((r) => r.mine && r.state === 'ready');
      if (mine.length === 0) continue;
      const { sha256 } = await desk.call('documents.open', { transactionId: id, documentId: document.id });
      for (const request of mine) {
        const [transactionId, documentId] = [id, document.id];
        requests.push({ transactionId, documentId, signatureRequestId: request.id, reviewedSha256: sha256 });
      }
    }
    if (!requests.some((r) => r.transactionId === id))
      out.say(`${clean(transaction.title)}: nothing to sign for you now.`);
  }
  return requests;
}

/** Runs until the batch has ended and what can be delivered is. */
async function watch(desk: DeskAccess, batchId: string, out: Output): Promise<{ jobs: JobView[]; stopped?: string }> {
  const stop = desk.on('signing.progress', ({ batchId: of, job }) => {
    if (of === batchId) out.say(`  ${clean(job.title)}: ${job.state}${job.code ? `: ${inWords(job.code)}` : ''}`);
  });
  try {
    for (;;) {
      const batch = await desk.call('signing.batch', { batchId });
      if (!batch.running) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await desk.call('sync.now', {});
    const { jobs, stopped } = await desk.call('signing.batch', { batchId });
    return { jobs, ...(stopped === undefined ? {} : { stopped }) };
  } finally {
    stop();
  }
}

/** --level, --reason and --location, in place of what the sender and the settings have. */
function choicesOf(args: Arguments): BatchChoices | undefined {
  const { level, reason, location } = {
    level: levelFlag(args),
    reason: args.text('reason'),
    location: args.text('location'),
  };
  if (level === undefined && reason === undefined && location === undefined) return undefined;
  return {
    ...(level === undefined ? {} : { level }),
    ...(reason === undefined ? {} : { reason }),
    ...(location === undefined ? {} : { location }),
  };
}

const ARRIVED = new Set(['delivered']);
const SAFE = new Set([
  'delivered',
  'queued',
  'delivering',
  'signed',
  'awaiting-timestamp',
  'awaiting-validation-data',
  'complete',
]);

export const signTransactions: Command = async (desk, args, out) => {
  if (args.positional.length === 0) throw new CommandError('bad-input', 'Usage: countersign sign ID…|FILE…', 'usage');
  const statements = requestStatements(args);
  const requests = await chosenRequests(desk, args.positional, out);
  if (requests.length === 0) return 'incomplete';
  const module = args.text('module');
  const listing = await desk.call('tokens.list', module === undefined ? {} : { modulePath: module });
  const { token, identity } = chooseIdentity(listing.tokens, args);
  const choices = choicesOf(args);
  const { revocation } = await desk.call('signing.check', { identityId: identity.id });
  refuseRevoked(revocation);
  const session = await desk.call('tokens.session', { tokenId: token.id });
  const sealedPin = await sealedPinFor(session, args);
  out.say(`Signing ${requests.length} with ${clean(identity.commonName)}.`);
  const { batchId } = await desk.call('signing.start', {
    sessionId: session.sessionId,
    identityId: identity.id,
    requests,
    ...(choices ? { choices } : {}),
    ...(statements ? { statements } : {}),
    ...(sealedPin ? { sealedPin } : {}),
  });
  const stop = () => void desk.call('signing.cancel', { batchId }).catch(() => undefined);
  const { jobs, stopped } = await interruptible(stop, () => watch(desk, batchId, out));
  out.result({ jobs, ...(stopped === undefined ? {} : { stopped }) }, summary);
  return exitOf(jobs, stopped);
};

function summary({ jobs, stopped }: { jobs: readonly JobView[]; stopped?: string }): string {
  const delivered = jobs.filter((j) => ARRIVED.has(j.state)).length;
  const waiting = jobs.filter((j) => SAFE.has(j.state) && !ARRIVED.has(j.state)).length;
  return [
    table(
      ['STATE', 'WHY', 'TITLE'],
      jobs.map((j) => [j.state, j.code ?? '', clean(j.title)]),
    ),
    `${delivered} delivered, ${waiting} signed and waiting, ${jobs.length - delivered - waiting} not signed.`,
    ...(stopped === undefined ? [] : [inWords(stopped)]),
  ].join('\n');
}

function exitOf(jobs: readonly JobView[], stopped: string | undefined): ExitName {
  if (stopped !== undefined) return exitFor(stopped);
  return jobs.every((j) => ARRIVED.has(j.state)) ? 'done' : 'incomplete';
}
