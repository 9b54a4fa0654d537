/** Timestamp tokens as a report has them: right or wrong in themselves, and whether their authority is trusted at their time. */
import {
  type Stamped,
  type TimestampProblem,
  type TimestampToken,
  type TimestampVerdict,
  verifyChain,
  verifyTimestampToken,
} from '../pki/index.ts';

export interface TimestampJudgement {
  readonly standing: 'valid' | 'untrusted' | 'invalid';
  readonly verdict: TimestampVerdict;
}

/** @param known certificates besides the token's own, DER: as a document's store brings them */
export function judgeTimestamp(
  token: Uint8Array | TimestampToken,
  stamped: Stamped,
  anchors: readonly Uint8Array[],
  known: readonly Uint8Array[] = [],
): TimestampJudgement {
  const verdict = verifyTimestampToken(token, stamped);
  const { valid, certificate, certificates, at } = verdict;
  if (!valid || !certificate || at === undefined) return { standing: 'invalid', verdict };
  const chain = verifyChain(certificate, [...certificates, ...known], anchors, at, 'timestamping');
  return { standing: chain === 'trusted' ? 'valid' : 'untrusted', verdict };
}

const order = { valid: 0, untrusted: 1, invalid: 2 } as const;
const maxTokens = 8;

/** The best of a signature's timestamps; undefined where it has none. */
export function bestTimestamp(
  tokens: readonly Uint8Array[],
  signature: Uint8Array,
  anchors: readonly Uint8Array[],
  known: readonly Uint8Array[] = [],
): TimestampJudgement | undefined {
  return tokens
    .slice(0, maxTokens)
    .map((token) => judgeTimestamp(token, signature, anchors, known))
    .sort((a, b) => order[a.standing] - order[b.standing])[0];
}

export const asTimestampProblems = (problems: readonly TimestampProblem[]) =>
  problems.map((problem) => `timestamp-${problem}` as const);
