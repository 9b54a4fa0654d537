/** From a signature's report to what a person wants to know first: is it good, and if not, the one thing that decides. */
import type { SignatureReport } from '../../../preload/model.ts';

export interface Verdict {
  /** `unsure`: nothing is wrong with the bytes, and something about the signer is not proven. */
  readonly tone: 'good' | 'unsure' | 'bad';
  /** Key of its words: `verdict.<reason>`. */
  readonly reason:
    | 'valid'
    | 'altered'
    | 'bad-byte-range'
    | 'unreadable'
    | 'cms-invalid'
    | 'revoked'
    | 'changed-later'
    | 'timestamp-invalid'
    | 'expired'
    | 'untrusted'
    | 'incomplete'
    | 'no-anchors'
    | 'revocation-unknown';
}

function broken(report: SignatureReport): Verdict['reason'] | undefined {
  if (report.integrity !== 'intact') return report.integrity;
  if (report.cms !== 'valid') return report.cms === 'unreadable' ? 'unreadable' : 'cms-invalid';
  if (report.revocation === 'revoked') return 'revoked';
  if (report.covers === 'something-else') return 'bad-byte-range';
  if (report.problems.includes('changes-forbidden')) return 'changed-later';
  return report.timestamp === 'invalid' ? 'timestamp-invalid' : undefined;
}

/** The first that applies, in the order of what outweighs what. */
export function verdictOf(report: SignatureReport): Verdict {
  const bad = broken(report);
  if (bad) return { tone: 'bad', reason: bad };
  if (report.chain !== 'trusted') return { tone: 'unsure', reason: report.chain };
  if (report.revocation === 'unknown') return { tone: 'unsure', reason: 'revocation-unknown' };
  return { tone: 'good', reason: 'valid' };
}

/** When it was signed: proven by a timestamp, else as the signer says. */
export function signedAt(report: SignatureReport): { readonly at: number; readonly proven: boolean } | undefined {
  const proven = report.provenAt ?? (report.timestamp === 'valid' ? report.timestampAt : undefined);
  if (proven !== undefined) return { at: proven, proven: true };
  return report.claimedAt === undefined ? undefined : { at: report.claimedAt, proven: false };
}
