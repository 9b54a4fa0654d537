/** TimeStampToken (RFC 3161, 2.4.2; RFC 5816): read and verified, save for trust in the authority's chain. */
import { createHash } from 'node:crypto';
import { readCertificate } from './certificate.ts';
import { servesPurpose } from './chain.ts';
import { type CmsProblem, verifyCms } from './cms.ts';
import { badEncoding, Fields, readElement, tags, within } from './der.ts';
import { readIntegerBytes, readOctetString, readOid, readSmallInteger, readTime } from './der-values.ts';
import { PkiError } from './port.ts';
import { type DigestName, readDigest } from './signature-check.ts';
import { contentTypes, readSignedData, type SignedData } from './signed-data.ts';

export interface TimestampToken {
  readonly signedData: SignedData;
  /** Undefined for a digest that is not accepted. */
  readonly imprintAlgorithm: DigestName | undefined;
  readonly imprint: Uint8Array;
  /** genTime, epoch ms. */
  readonly at: number;
  /** Content octets of the INTEGER; undefined where there is none. */
  readonly nonce: Uint8Array | undefined;
  readonly policy: string;
}

/** @throws PkiError bad-timestamp */
export function readTimestampToken(token: Uint8Array): TimestampToken {
  return within('bad-timestamp', () => {
    const signedData = readSignedData(token);
    const { content, contentType } = signedData;
    if (contentType !== contentTypes.timestampInfo || !content) throw badEncoding('not a timestamp');
    const info = new Fields(readElement(content, content.length));
    if (readSmallInteger(info.any()) !== 1) throw badEncoding('timestamp version');
    const policy = readOid(info.any());
    const messageImprint = new Fields(info.any());
    const imprintAlgorithm = readDigest(messageImprint.take(tags.sequence));
    const imprint = readOctetString(messageImprint.any());
    messageImprint.end();
    readIntegerBytes(info.any());
    const at = readTime(info.take(tags.generalizedTime));
    // Accuracy and ordering say nothing that is used here.
    info.optional(tags.sequence);
    info.optional(tags.boolean);
    const nonce = info.optional(tags.integer);
    return { signedData, imprintAlgorithm, imprint, at, nonce: nonce && readIntegerBytes(nonce), policy };
  });
}

export type TimestampProblem = 'unreadable' | 'wrong-imprint' | 'not-a-timestamp-certificate' | CmsProblem;

export interface TimestampVerdict {
  readonly valid: boolean;
  readonly problems: readonly TimestampProblem[];
  /** genTime, epoch ms; undefined only where the token cannot be read. */
  readonly at: number | undefined;
  /** The authority's certificate, DER. */
  readonly certificate: Uint8Array | undefined;
  readonly certificates: readonly Uint8Array[];
}

/** What was stamped: the message itself, or a way to its digest where the message is too large to hold. */
export type Stamped = Uint8Array | ((algorithm: DigestName) => Uint8Array | undefined);

function isImprintOf(stamped: Stamped, { imprintAlgorithm, imprint }: TimestampToken): boolean {
  if (!imprintAlgorithm) return false;
  const digest =
    stamped instanceof Uint8Array ? createHash(imprintAlgorithm).update(stamped).digest() : stamped(imprintAlgorithm);
  return digest !== undefined && Buffer.compare(digest, imprint) === 0;
}

function judge(token: TimestampToken, stamped: Stamped): TimestampVerdict {
  const { signedData, at } = token;
  const digestAlgorithm = signedData.signers[0] && readDigest(signedData.signers[0].digestAlgorithm);
  const content = signedData.content ?? new Uint8Array();
  const digest = digestAlgorithm && createHash(digestAlgorithm).update(content).digest();
  const cms = verifyCms(signedData, digest, contentTypes.timestampInfo);
  const problems: TimestampProblem[] = [...cms.problems];
  if (!isImprintOf(stamped, token)) problems.push('wrong-imprint');
  // RFC 3161, 2.4.2: the signed attributes name the authority's certificate.
  if (cms.certificate && cms.certificateBound === undefined) problems.push('signing-certificate-mismatch');
  if (cms.certificate && !servesPurpose(readCertificate(cms.certificate), 'timestamping')) {
    problems.push('not-a-timestamp-certificate');
  }
  return { valid: problems.length === 0, problems, at, certificate: cms.certificate, certificates: cms.certificates };
}

/**
 * True findings about a token, DER: imprint over what was stamped, message digest, signature, and a certificate in it that may
 * sign timestamps and is bound by hash. Never throws for what the token holds; unreadable ones have that problem.
 */
export function verifyTimestampToken(token: Uint8Array | TimestampToken, stamped: Stamped): TimestampVerdict {
  try {
    return judge(token instanceof Uint8Array ? readTimestampToken(token) : token, stamped);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    return { valid: false, problems: ['unreadable'], at: undefined, certificate: undefined, certificates: [] };
  }
}
