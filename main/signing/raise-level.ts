/**
 * Raises what is signed to a higher level, or renews it, by increments alone (EN 319 142-1, 6): a document timestamp where a
 * signature has none, then the validation data, then for B-LTA a document timestamp over it.
 */
import {
  addValidationData,
  bufferSource,
  concatSources,
  fillGap,
  PadesError,
  prepareDocumentTimestamp,
  type Source,
} from '../pades/index.ts';
import type { TimestampOutcome, ToStamp, ValidationData, ValidationDataCollector } from '../pki/index.ts';
import { distinct } from '../pki/index.ts';
import type { Clock } from '../platform/clock.ts';
import { type DataNeed, listDataNeeds, validatePdf } from '../validation/index.ts';

export type RaisedLevel = 'B-T' | 'B-LT' | 'B-LTA';

export interface RaiseTools {
  readonly timestamp: (stamped: ToStamp, signal?: AbortSignal) => Promise<TimestampOutcome>;
  readonly collector: ValidationDataCollector;
  /** DER. */
  readonly anchors: readonly Uint8Array[];
  readonly clock: Clock;
  /** Opens an encrypted file. */
  readonly password?: string | undefined;
  /** Revocation answers fetched before this moment are not used (epoch ms): the time of a batch's last timestamp. */
  readonly fetchedSince?: number;
  /** Lists each signature's own data as well (VRI). */
  readonly related?: boolean;
  readonly signal?: AbortSignal;
}

export type RaiseErrorCode =
  | 'no-signature'
  | 'certificate-revoked'
  | 'validation-data-incomplete'
  | 'earlier-signature-broken'
  | 'verification-failed'
  | `timestamp-${Extract<TimestampOutcome, { kind: 'unavailable' }>['code']}`;

export class RaiseError extends Error {
  readonly code: RaiseErrorCode;
  /** Whose data is missing and why, a line each. */
  readonly details: readonly string[];
  constructor(code: RaiseErrorCode, details: readonly string[] = []) {
    super(`raise: ${code}${details.length > 0 ? ` (${details.join('; ')})` : ''}`);
    this.name = 'RaiseError';
    this.code = code;
    this.details = details;
  }
}

/** Room for a token with its certificates; real ones measure 3 to 7 KB. */
const TOKEN_RESERVE_BYTES = 12_288;
const TOKEN_SPARE_BYTES = 256;

/** @returns the increment; a token larger than its room is asked for once more with room for it */
async function documentTimestamp(
  source: Source,
  tools: RaiseTools,
  reserve = TOKEN_RESERVE_BYTES,
): Promise<Uint8Array> {
  const { password, signal } = tools;
  const prepared = await prepareDocumentTimestamp(source, reserve, { password });
  const outcome = await tools.timestamp({ sha256: prepared.sha256 }, signal);
  if (outcome.kind === 'unavailable') throw new RaiseError(`timestamp-${outcome.code}`);
  try {
    return fillGap(prepared.increment, prepared.gap, outcome.token);
  } catch (error) {
    const tooSmall = error instanceof PadesError && error.code === 'contents-too-small';
    if (!tooSmall || reserve !== TOKEN_RESERVE_BYTES) throw error;
    return documentTimestamp(source, tools, outcome.token.length + TOKEN_SPARE_BYTES);
  }
}

interface Collected {
  readonly need: DataNeed;
  readonly data: ValidationData;
}

function refuseIncomplete(collected: readonly Collected[]): void {
  const problems = collected.flatMap(({ data }) => data.problems);
  const lines = distinctLines(problems.map(({ subject, code }) => `${subject}: ${code}`));
  if (problems.some(({ code }) => code === 'revoked')) throw new RaiseError('certificate-revoked', lines);
  if (problems.length > 0) throw new RaiseError('validation-data-incomplete', lines);
}

const distinctLines = (lines: readonly string[]) => [...new Set(lines)];

/** Concurrently for all; the same answer is fetched once. @returns the increment; undefined where nothing is missing */
async function validationData(source: Source, tools: RaiseTools): Promise<Uint8Array | undefined> {
  const { needs } = await listDataNeeds(source, tools.password);
  const { anchors, clock, fetchedSince, signal } = tools;
  const collected = await Promise.all(
    needs.map(async (need) => {
      const { leaf, known, at = clock.now() } = need;
      const request = { leaf, known, anchors, at };
      const when = { ...(fetchedSince === undefined ? {} : { fetchedSince }), ...(signal ? { signal } : {}) };
      return { need, data: await tools.collector.collect({ ...request, ...when }) };
    }),
  );
  refuseIncomplete(collected);
  const all = (of: readonly Collected[]) => ({
    certificates: distinct(of.flatMap(({ data }) => data.certificates)),
    ocsps: distinct(of.flatMap(({ data }) => data.ocsps)),
    lists: distinct(of.flatMap(({ data }) => data.lists)),
  });
  const names = new Set(needs.map(({ fieldName }) => fieldName));
  const related = new Map(
    [...names].map((name) => [name, all(collected.filter(({ need }) => need.fieldName === name))]),
  );
  return addValidationData(
    source,
    { ...all(collected), ...(tools.related ? { related } : {}) },
    { password: tools.password },
  );
}

/** What verified before must verify still, and a timestamp made last must cover the file. */
async function verify(before: Source, after: Source, tools: RaiseTools): Promise<void> {
  const options = { anchors: tools.anchors, at: tools.clock.now(), password: tools.password, quick: true };
  const [old, next] = [await validatePdf(before, options), await validatePdf(after, options)];
  const isSound = (one: (typeof old.signatures)[number]) => one.integrity === 'intact' && one.cms === 'valid';
  const sound = new Set(next.signatures.filter(isSound).map(({ fieldName }) => fieldName));
  const broken = old.signatures.find((one) => isSound(one) && !sound.has(one.fieldName));
  if (broken) throw new RaiseError('earlier-signature-broken', [broken.fieldName]);
  const known = new Set(old.signatures.map(({ fieldName }) => fieldName));
  const wrong = next.signatures.find((one) => !known.has(one.fieldName) && !isSound(one));
  if (wrong) throw new RaiseError('verification-failed', [wrong.fieldName, ...wrong.problems]);
}

/**
 * The increments that raise every signature of the document to `level`, end to end; empty where B-T or B-LT is reached already. B-LTA
 * always adds a timestamp: that is how it is renewed.
 * @throws RaiseError; PadesError; ValidationError limit; the signal's reason; whatever the source throws
 */
export async function raiseLevel(source: Source, level: RaisedLevel, tools: RaiseTools): Promise<Uint8Array> {
  const increments: Uint8Array[] = [];
  let current = source;
  const append = (increment: Uint8Array | undefined) => {
    if (!increment) return;
    increments.push(increment);
    current = concatSources(source, bufferSource(Buffer.concat(increments)));
  };
  const { signatures, unstamped } = await listDataNeeds(source, tools.password);
  if (signatures === 0) throw new RaiseError('no-signature');
  if (unstamped.length > 0) append(await documentTimestamp(current, tools));
  if (level !== 'B-T') append(await validationData(current, tools));
  if (level === 'B-LTA') append(await documentTimestamp(current, tools));
  if (increments.length > 0) await verify(source, current, tools);
  return new Uint8Array(Buffer.concat(increments));
}
