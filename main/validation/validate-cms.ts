/**
 * The report on a signed message (RFC 5652; CAdES, ETSI EN 319 122-1): each of its signers by itself, over the content in it or over a file that
 * lies beside it.
 */
import type { SignatureReport, ValidationReport } from '../../preload/model.ts';
import {
  type CadesMessage,
  digestSource,
  openCades,
  PadesError,
  revocationsOf,
  type Source,
  withoutContent,
} from '../pades/index.ts';
import {
  claimedSigningTime,
  createEvidenceBook,
  type EvidenceBook,
  messageDigestOf,
  PkiError,
  parseCertificate,
  readSignedData,
  type SignedData,
  type SignerInfo,
  signatureTimestamps,
  verifyChain,
  verifyCms,
} from '../pki/index.ts';
import { asTimestampProblems, bestTimestamp } from './judge-timestamp.ts';
import { ValidationError, type ValidationOptions } from './validation.ts';

async function digestOf(content: Source, data: SignedData): Promise<Uint8Array | undefined> {
  const { algorithm } = messageDigestOf(data);
  if (!algorithm) return undefined;
  return (await digestSource(content, [algorithm])).get(algorithm)?.copy().digest();
}

/** By what the message keeps, where its chain is trusted, else by the network where it may be asked. */
async function revocationOf(
  certificate: Uint8Array,
  known: readonly Uint8Array[],
  at: number,
  book: EvidenceBook | undefined,
  { anchors, collector, at: now }: ValidationOptions,
): Promise<Pick<SignatureReport, 'revocation' | 'revocationCode' | 'revokedAt'>> {
  const kept = book?.statusOf(certificate, anchors, at, now);
  if (kept?.kind === 'revoked') return { revocation: 'revoked', revokedAt: kept.at };
  if (kept?.kind === 'good') return { revocation: 'good' };
  if (!collector) return { revocation: 'not-checked' };
  const { standings, problems } = await collector.collect({ leaf: certificate, known, anchors, at });
  const revoked = standings.find(({ status }) => status.kind === 'revoked')?.status;
  if (revoked?.kind === 'revoked') return { revocation: 'revoked', revokedAt: revoked.at };
  const [problem] = problems;
  return problem ? { revocation: 'unknown', revocationCode: problem.code } : { revocation: 'good' };
}

/** What a signer's timestamp is of, and what keeps both checkable (EN 319 122-1, 6.3). */
interface Standing {
  readonly isBaseline: boolean;
  readonly stampedAt: number | undefined;
  /** The time a trusted timestamp proves. */
  readonly provenAt: number | undefined;
  readonly chain: SignatureReport['chain'];
  readonly certificate: Uint8Array | undefined;
  readonly authority: Uint8Array | undefined;
}

function levelOf(standing: Standing, book: EvidenceBook, { anchors, at: now }: ValidationOptions) {
  const { isBaseline, stampedAt, provenAt, chain, certificate, authority } = standing;
  if (!isBaseline) return 'none';
  if (stampedAt === undefined) return 'B-B';
  if (provenAt === undefined || chain !== 'trusted' || !certificate || !authority) return 'B-T';
  const isKept = (of: Uint8Array) => book.statusOf(of, anchors, provenAt, now).kind === 'good';
  return isKept(certificate) && isKept(authority) ? 'B-LT' : 'B-T';
}

/** The revocation that the message keeps, with its certificates and those of the signer's timestamps. */
function evidenceOf(
  message: Pick<CadesMessage, 'revocations'>,
  data: SignedData,
  authorities: readonly Uint8Array[],
): EvidenceBook {
  return createEvidenceBook({ certificates: [...data.certificates, ...authorities], ...revocationsOf(message) });
}

async function reportOn(
  signer: SignerInfo,
  index: number,
  message: { readonly cades: Pick<CadesMessage, 'revocations'>; readonly data: SignedData },
  content: Source,
  options: ValidationOptions,
): Promise<SignatureReport> {
  const data = { ...message.data, signers: [signer] };
  const digest = await digestOf(content, data);
  const cms = verifyCms(data, digest);
  const stamp = bestTimestamp(signatureTimestamps(signer), cms.signature, options.anchors, data.certificates);
  const stampedAt = stamp?.standing === 'invalid' ? undefined : stamp?.verdict.at;
  const provenAt = stamp?.standing === 'valid' ? stampedAt : undefined;
  const { certificate, certificates } = cms;
  const facts = certificate && parseCertificate(certificate);
  const claimedAt = claimedSigningTime(signer);
  const at = provenAt ?? options.at;
  const altered = cms.problems.includes('digest-mismatch');
  const chain = certificate ? verifyChain(certificate, certificates, options.anchors, at, 'signing') : 'incomplete';
  const book = evidenceOf(message.cades, data, stamp?.verdict.certificates ?? []);
  const revocation = certificate
    ? await revocationOf(certificate, certificates, at, chain === 'trusted' ? book : undefined, options)
    : { revocation: 'not-checked' as const };
  // EN 319 122-1, 6.3: both attributes are required of a baseline signature.
  const isBaseline = cms.valid && cms.certificateBound === true && claimedAt !== undefined;
  return {
    fieldName: `#${index + 1}`,
    signerCommonName: facts?.commonName ?? '',
    signerSubject: facts?.subject ?? '',
    kind: 'signature',
    integrity: !digest ? 'unreadable' : altered ? 'altered' : 'intact',
    cms: cms.problems.every((problem) => problem === 'digest-mismatch') ? 'valid' : 'invalid',
    chain,
    timestamp: stamp?.standing ?? 'none',
    ...(stampedAt === undefined ? {} : { timestampAt: stampedAt }),
    ...(claimedAt === undefined ? {} : { claimedAt }),
    ...(provenAt === undefined ? {} : { provenAt }),
    level: levelOf(
      { isBaseline, stampedAt, provenAt, chain, certificate, authority: stamp?.verdict.certificate },
      book,
      options,
    ),
    covers: 'whole-file',
    ...revocation,
    laterChanges: [],
    problems: [
      ...cms.problems,
      ...(cms.valid && !isBaseline
        ? [claimedAt === undefined ? 'signing-time-missing' : 'signing-certificate-missing']
        : []),
      ...(revocation.revocation === 'revoked' ? ['certificate-revoked'] : []),
      ...(stamp?.standing === 'invalid' ? asTimestampProblems(stamp.verdict.problems) : []),
    ],
  };
}

/** @throws ValidationError bad-cms, content-missing, limit; whatever the sources throw */
export async function validateCms(
  source: Source,
  beside: Source | undefined,
  options: ValidationOptions,
): Promise<ValidationReport> {
  try {
    const { message, content: within } = await openCades(source);
    const content = within ?? beside;
    if (!content) throw new ValidationError('content-missing');
    const data = readSignedData(withoutContent(message));
    const signatures: SignatureReport[] = [];
    for (const [index, signer] of data.signers.entries()) {
      signatures.push(await reportOn(signer, index, { cades: message, data }, content, options));
    }
    const isSound = ({ integrity, cms, revocation }: SignatureReport) =>
      integrity === 'intact' && cms === 'valid' && revocation !== 'revoked';
    return { valid: signatures.length > 0 && signatures.every(isSound), sizeBytes: source.size, signatures };
  } catch (error) {
    if (error instanceof PadesError && error.code === 'limit') throw new ValidationError('limit', error);
    if (error instanceof PadesError || error instanceof PkiError) throw new ValidationError('bad-cms', error);
    throw error;
  }
}
