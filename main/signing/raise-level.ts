/**
 * Raises what is signed to a higher level, or renews it, by increments alone (EN 319 142-1, 6): a document timestamp where a
 * signature has none, then the validation data, then for B-LTA a document timestamp over it.
 */
import { fillGap, PadesError } from '../pades/index.ts';
import { collectNeeds, valuesOf } from './collect-needs.ts';
import type { RaiseSteps } from './raise-steps.ts';
import { type RaisedLevel, RaiseError, type RaiseTools } from './raising.ts';

/** Room for a token with its certificates; real ones measure 3 to 7 KB. */
const TOKEN_RESERVE_BYTES = 12_288;
const TOKEN_SPARE_BYTES = 256;

/** @returns the increment; a token larger than its room is asked for once more with room for it */
async function documentTimestamp(
  steps: RaiseSteps,
  added: Uint8Array,
  tools: RaiseTools,
  reserve = TOKEN_RESERVE_BYTES,
): Promise<Uint8Array> {
  const prepared = await steps.prepareTimestamp(added, reserve);
  const outcome = await tools.timestamp({ sha256: prepared.sha256 }, tools.signal);
  if (outcome.kind === 'unavailable') throw new RaiseError(`timestamp-${outcome.code}`);
  try {
    return fillGap(prepared.increment, prepared.gap, outcome.token);
  } catch (error) {
    const tooSmall = error instanceof PadesError && error.code === 'contents-too-small';
    if (!tooSmall || reserve !== TOKEN_RESERVE_BYTES) throw error;
    return documentTimestamp(steps, added, tools, outcome.token.length + TOKEN_SPARE_BYTES);
  }
}

/** @returns the increment; undefined where nothing is missing */
async function validationData(
  steps: RaiseSteps,
  added: Uint8Array,
  tools: RaiseTools,
): Promise<Uint8Array | undefined> {
  const { needs } = await steps.needs(added);
  const collected = await collectNeeds(needs, tools);
  const names = new Set(needs.map(({ fieldName }) => fieldName));
  const related = new Map(
    [...names].map((name) => [name, valuesOf(collected.filter(({ need }) => need.fieldName === name))]),
  );
  return steps.addData(added, { ...valuesOf(collected), ...(tools.related ? { related } : {}) });
}

/**
 * What verified before must verify still, and a timestamp made last must cover the file.
 * @throws RaiseError earlier-signature-broken, verification-failed
 */
export async function verifyRaised(steps: RaiseSteps, added: Uint8Array, tools: RaiseTools): Promise<void> {
  const fault = await steps.verify(added, { anchors: tools.anchors, at: tools.clock.now() });
  if (fault) throw new RaiseError(fault.code, fault.details);
}

/**
 * The first of the increments below, not verified yet; undefined where no signature lacks a timestamp.
 * @throws RaiseError no-signature, timestamp-…; PadesError; ValidationError limit; the signal's reason; whatever the source throws
 */
export async function stampBySteps(
  steps: RaiseSteps,
  tools: RaiseTools,
  added: Uint8Array = new Uint8Array(0),
): Promise<Uint8Array | undefined> {
  const { signatures, unstamped } = await steps.needs(added);
  if (signatures === 0) throw new RaiseError('no-signature');
  return unstamped.length > 0 ? documentTimestamp(steps, added, tools) : undefined;
}

/**
 * The increments that raise every signature of the document to `level`, end to end; empty where B-T or B-LT is reached already. B-LTA
 * always adds a timestamp: that is how it is renewed.
 * @param start increments that stand behind what the steps know already
 * @throws RaiseError; PadesError; ValidationError limit; the signal's reason; whatever the source throws
 */
export async function raiseBySteps(
  steps: RaiseSteps,
  level: RaisedLevel,
  tools: RaiseTools,
  start: Uint8Array = new Uint8Array(0),
): Promise<Uint8Array> {
  let added = start;
  const append = (increment: Uint8Array | undefined) => {
    if (increment) added = new Uint8Array(Buffer.concat([added, increment]));
  };
  append(await stampBySteps(steps, tools, added));
  if (level !== 'B-T') append(await validationData(steps, added, tools));
  if (level === 'B-LTA') append(await documentTimestamp(steps, added, tools));
  if (added.length > start.length) await verifyRaised(steps, added, tools);
  return added.subarray(start.length);
}
