/** One signature's report, from its bytes, its signed range and the digest of that range (EN 319 142-1, 5 and 6). */
import type { SignatureReport } from '../../preload/model.ts';
import type { EmbeddedSignature } from '../pades/index.ts';
import {
  type CmsProblem,
  type CmsVerdict,
  claimedSigningTime,
  cutToElement,
  type DigestName,
  messageDigestOf,
  PkiError,
  parseCertificate,
  readSignedData,
  readTimestampToken,
  type SignedData,
  signatureTimestamps,
  type TimestampProblem,
  type TimestampToken,
  verifyChain,
  verifyCms,
} from '../pki/index.ts';
import type { ByteRangeProblem, SignedRange } from './byte-range.ts';
import { asTimestampProblems, bestTimestamp, judgeTimestamp } from './judge-timestamp.ts';
import type { ValidationOptions } from './validation.ts';

/** The words in a report's `problems`. */
export type ProblemCode =
  | ByteRangeProblem
  | CmsProblem
  | `timestamp-${TimestampProblem}`
  | 'subfilter-unsupported'
  | 'cms-unreadable'
  /** The certificate's key usage allows neither digital signatures nor non-repudiation. */
  | 'key-usage'
  /** What keeps a signature with SubFilter ETSI.CAdES.detached from level B-B (EN 319 142-1, 6.3). */
  | 'signing-certificate-missing'
  | 'signing-time-attribute'
  | 'signing-time-missing'
  /** Revoked at the time proven, or now where none is. */
  | 'certificate-revoked'
  /** A certification or a field lock does not allow what later revisions changed (ISO 32000-2, 12.8.2.2 and 12.8.2.4). */
  | 'changes-forbidden'
  /** The timestamp's certificate has ended, and no later timestamp keeps it believable (EN 319 142-1, 5.4.3). */
  | 'timestamp-not-renewed';

/** What is in /Contents, as far as it can be read. */
export type Message =
  | { readonly kind: 'signature'; readonly data: SignedData }
  | { readonly kind: 'timestamp'; readonly token: TimestampToken }
  | { readonly kind: 'unreadable'; readonly problem: 'subfilter-unsupported' | 'cms-unreadable' };

export interface Evidence {
  readonly signature: EmbeddedSignature;
  readonly message: Message;
  readonly range: SignedRange | ByteRangeProblem;
  /** Of the signed range, by the algorithm `digestOf` named; undefined where there is no sane range or no such algorithm. */
  readonly digest: Uint8Array | undefined;
  readonly fileSize: number;
}

const detached = new Set(['ETSI.CAdES.detached', 'adbe.pkcs7.detached']);

/** Never throws for what the signature holds. */
export function readMessage({ type, subFilter, contents }: EmbeddedSignature): Message {
  const isTimestamp = type === 'DocTimeStamp';
  if (isTimestamp ? subFilter !== 'ETSI.RFC3161' : !detached.has(subFilter)) {
    return { kind: 'unreadable', problem: 'subfilter-unsupported' };
  }
  try {
    // A message of indefinite length still has its padding here.
    const bytes = cutToElement(contents);
    if (isTimestamp) return { kind: 'timestamp', token: readTimestampToken(bytes) };
    const data = readSignedData(bytes);
    messageDigestOf(data);
    return { kind: 'signature', data };
  } catch (error) {
    if (error instanceof PkiError) return { kind: 'unreadable', problem: 'cms-unreadable' };
    throw error;
  }
}

/** The algorithm the signed range has to be hashed with, and the digest that is to come out. */
export function expectedDigest(message: Message): { algorithm?: DigestName; digest?: Uint8Array } {
  if (message.kind === 'unreadable') return {};
  if (message.kind === 'signature') return messageDigestOf(message.data);
  const { imprintAlgorithm: algorithm, imprint: digest } = message.token;
  return { digest, ...(algorithm && { algorithm }) };
}

function integrityOf({ range, digest, message }: Evidence): SignatureReport['integrity'] {
  if (typeof range === 'string') return 'bad-byte-range';
  const expected = expectedDigest(message).digest;
  if (!digest || !expected) return 'unreadable';
  return Buffer.compare(digest, expected) === 0 ? 'intact' : 'altered';
}

function coverOf({ signature, fileSize }: Evidence): SignatureReport['covers'] {
  const [, , start = 0, length = 0] = signature.byteRange;
  if (start + length === fileSize) return 'whole-file';
  return start + length === signature.revisionEnd ? 'own-revision' : 'something-else';
}

type Judged = Omit<
  SignatureReport,
  'fieldName' | 'kind' | 'integrity' | 'covers' | 'problems' | 'revocation' | 'laterChanges'
> & {
  readonly problems: readonly ProblemCode[];
};

const unknown = { signerCommonName: '', signerSubject: '', chain: 'incomplete', timestamp: 'none' } as const;

function signerOf(certificate: Uint8Array | undefined) {
  const facts = certificate && parseCertificate(certificate);
  return { signerCommonName: facts?.commonName ?? '', signerSubject: facts?.subject ?? '', facts };
}

function profileProblems(subFilter: string, cms: CmsVerdict, claimed: number | undefined, at: number | undefined) {
  if (subFilter !== 'ETSI.CAdES.detached') return [];
  const problems: ProblemCode[] = [];
  if (cms.certificateBound === undefined) problems.push('signing-certificate-missing');
  if (claimed !== undefined) problems.push('signing-time-attribute');
  if (at === undefined) problems.push('signing-time-missing');
  return problems;
}

function judgeSignature(data: SignedData, { signature }: Evidence, { anchors, at }: ValidationOptions): Judged {
  const cms = verifyCms(data);
  const [signer] = data.signers;
  const claimed = signer && claimedSigningTime(signer);
  const claimedAt = signature.signedAt ?? claimed;
  const stamp = signer && bestTimestamp(signatureTimestamps(signer), cms.signature, anchors);
  const stampedAt = stamp?.standing === 'invalid' ? undefined : stamp?.verdict.at;
  const provenAt = stamp?.standing === 'valid' && stampedAt !== undefined ? stampedAt : at;
  const { facts, ...names } = signerOf(cms.certificate);
  const usage = facts?.keyUsage;
  const profile = profileProblems(signature.subFilter, cms, claimed, signature.signedAt);
  const isBaseline = cms.valid && signature.subFilter === 'ETSI.CAdES.detached' && profile.length === 0;
  return {
    ...names,
    cms: cms.valid ? 'valid' : 'invalid',
    chain: cms.certificate
      ? verifyChain(cms.certificate, cms.certificates, anchors, provenAt, 'signing')
      : unknown.chain,
    timestamp: stamp?.standing ?? 'none',
    ...(stampedAt === undefined ? {} : { timestampAt: stampedAt }),
    ...(claimedAt === undefined ? {} : { claimedAt }),
    level: !isBaseline ? 'none' : stampedAt === undefined ? 'B-B' : 'B-T',
    problems: [
      ...cms.problems,
      ...(usage && !usage.digitalSignature && !usage.nonRepudiation ? (['key-usage'] as const) : []),
      ...profile,
      ...(stamp?.standing === 'invalid' ? asTimestampProblems(stamp.verdict.problems) : []),
    ],
  };
}

function judgeDocumentTimestamp(token: TimestampToken, evidence: Evidence, { anchors }: ValidationOptions): Judged {
  const { standing, verdict } = judgeTimestamp(token, () => evidence.digest, anchors);
  const { certificate, certificates, at } = verdict;
  const { signerCommonName, signerSubject } = signerOf(certificate);
  // The imprint says whether the file was altered; the rest says whether the token is right.
  const sound = verdict.problems.every((problem) => problem === 'wrong-imprint');
  return {
    signerCommonName,
    signerSubject,
    cms: sound ? 'valid' : 'invalid',
    chain: certificate ? verifyChain(certificate, certificates, anchors, token.at, 'timestamping') : unknown.chain,
    timestamp: standing,
    ...(standing === 'invalid' || at === undefined ? {} : { timestampAt: at }),
    level: 'none',
    problems: asTimestampProblems(verdict.problems),
  };
}

function judge(evidence: Evidence, options: ValidationOptions): Judged {
  const { message, signature } = evidence;
  const { signedAt } = signature;
  const claimed = signedAt === undefined ? {} : { claimedAt: signedAt };
  try {
    if (message.kind === 'signature') return judgeSignature(message.data, evidence, options);
    if (message.kind === 'timestamp') return judgeDocumentTimestamp(message.token, evidence, options);
    return { ...unknown, ...claimed, cms: 'unreadable', level: 'none', problems: [message.problem] };
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    return { ...unknown, ...claimed, cms: 'unreadable', level: 'none', problems: ['cms-unreadable'] };
  }
}

/** Never throws for what the signature holds; `problems` are ProblemCodes. */
export function reportOn(evidence: Evidence, options: ValidationOptions): SignatureReport {
  const { signature, range } = evidence;
  const judged = judge(evidence, options);
  const integrity = integrityOf(evidence);
  const problems: ProblemCode[] = [...judged.problems];
  if (typeof range === 'string') problems.unshift(range);
  if (integrity === 'altered' && signature.type === 'Sig') problems.unshift('digest-mismatch');
  return {
    ...judged,
    fieldName: signature.fieldName,
    kind: signature.type === 'DocTimeStamp' ? 'document-timestamp' : 'signature',
    integrity,
    covers: coverOf(evidence),
    level: integrity === 'intact' ? judged.level : 'none',
    revocation: 'not-checked',
    laterChanges: [],
    problems,
  };
}
