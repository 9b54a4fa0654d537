/**
 * Raises the signatures of a message (EN 319 122-1, 6.3): a timestamp over each that has none, then for B-LT the validation data beside them.
 * Worked on without its content, which stays where it lies: neither it nor what is signed changes.
 */
import {
  bufferSource,
  type CadesMessage,
  digestSource,
  frameMessage,
  openCades,
  type Source,
  withoutContent,
  withTimestamps,
  withValues,
} from '../pades/index.ts';
import { listMessageNeeds, type MessageNeeds } from '../validation/index.ts';
import { CadesError, claimedDigests, writeFramed } from './cades-engine.ts';
import { collectNeeds, valuesOf } from './collect-needs.ts';
import { type RaisedLevel, RaiseError, type RaiseTools } from './raising.ts';

const openMessage = async (message: Uint8Array) => (await openCades(bufferSource(message))).message;

const needsOf = (message: Uint8Array, { anchors, clock, signer }: RaiseTools) =>
  listMessageNeeds(message, { anchors, now: clock.now(), signer });

/** All at once. @throws RaiseError timestamp-… */
async function timestampsFor({ unstamped }: MessageNeeds, tools: RaiseTools): Promise<Map<number, Uint8Array>> {
  const tokens = unstamped.map(async ({ index, signature }) => {
    const outcome = await tools.timestamp(signature, tools.signal);
    if (outcome.kind === 'unavailable') throw new RaiseError(`timestamp-${outcome.code}`);
    return [index, outcome.token] as const;
  });
  return new Map(await Promise.all(tokens));
}

/** What verified before must verify still, and no signature may be without a timestamp now. */
function refuseBroken(before: MessageNeeds, after: MessageNeeds): void {
  const count = ({ sound }: MessageNeeds) => sound.filter(Boolean).length;
  if (count(after) !== count(before) || after.sound.length !== before.sound.length)
    throw new RaiseError('earlier-signature-broken');
  if (after.unstamped.length > 0) throw new RaiseError('verification-failed');
}

/**
 * @param message without its content, DER
 * @returns the same where the level is reached already
 * @throws RaiseError, level-unsupported for B-LTA; PadesError bad-cms, PkiError bad-cms; the signal's reason
 */
export async function raiseMessage(message: Uint8Array, level: RaisedLevel, tools: RaiseTools): Promise<Uint8Array> {
  if (level === 'B-LTA') throw new RaiseError('level-unsupported');
  const before = await needsOf(message, tools);
  if (before.signatures === 0) throw new RaiseError('no-signature');
  let raised = message;
  if (before.unstamped.length > 0) {
    raised = withoutContent(withTimestamps(await openMessage(message), await timestampsFor(before, tools)));
  }
  if (level === 'B-LT') {
    const { needs } = await needsOf(raised, tools);
    const values = valuesOf(await collectNeeds(needs, tools));
    if (needs.length > 0) raised = withoutContent(withValues(await openMessage(raised), values));
  }
  refuseBroken(before, await needsOf(raised, tools));
  return raised;
}

/** A message where it lies, without its content: what is raised. @throws PadesError bad-cms, limit */
export async function messageIn(source: Source): Promise<Uint8Array> {
  return withoutContent((await openCades(source)).message);
}

/** @throws CadesError content-mismatch where the content is not what each of the signatures signs */
async function refuseOtherContent(message: Omit<CadesMessage, 'content'>, content: Source): Promise<void> {
  const claimed = claimedDigests(message);
  const states = await digestSource(content, [...new Set(claimed.map(({ algorithm }) => algorithm))]);
  for (const { algorithm, digest } of claimed) {
    const found = states.get(algorithm)?.copy().digest();
    if (!found || Buffer.compare(found, digest) !== 0) throw new CadesError('content-mismatch');
  }
}

/**
 * The raised message around the content of the one it was made from, whole or not at all; it may take the source's place.
 * @param raised without its content
 * @param beside the content of a detached message, to be held against its signatures
 * @returns SHA-256 (hex) of what was written
 * @throws CadesError content-mismatch; PadesError bad-cms, limit; PkiError bad-cms; system errors
 */
export async function writeMessage(
  source: Source,
  raised: Uint8Array,
  output: string,
  beside?: Source,
): Promise<string> {
  const { content: within } = await openCades(source);
  const message = await openMessage(raised);
  const content = within ?? beside;
  if (content) await refuseOtherContent(message, content);
  return writeFramed(frameMessage(message, within?.size), within, output);
}
