/** Certification paths (RFC 5280, 6.1): the issuers of a certificate, and whether they lead to an anchor. */
import { type Certificate, isSelfIssued, readCertificate } from './certificate.ts';
import { sameName } from './name.ts';
import { PkiError } from './port.ts';
import { checkSignature, readScheme } from './signature-check.ts';

/** Limits on what a hostile bundle can cost. */
const limits = { pathLength: 10, certificates: 256, signatureChecks: 64 };

export type ChainStatus = 'trusted' | 'untrusted' | 'expired' | 'incomplete' | 'no-anchors';
export type ChainPurpose = 'signing' | 'timestamping' | 'any';

const timeStamping = '1.3.6.1.5.5.7.3.8';

/** Those that can be read; a bundle's broken or foreign entries are left out. */
function readBundle(bundle: readonly Uint8Array[], limit: number): Certificate[] {
  return bundle.slice(0, limit).flatMap((der) => {
    try {
      return [readCertificate(der)];
    } catch (error) {
      if (error instanceof PkiError) return [];
      throw error;
    }
  });
}

const sameBytes = (a: Certificate, b: Certificate) => Buffer.compare(a.der, b.der) === 0;

function isSignedBy(certificate: Certificate, issuer: Certificate): boolean {
  const scheme = readScheme(certificate.signatureAlgorithm);
  return checkSignature(scheme, issuer, certificate.signedPart, certificate.signature) === 'valid';
}

/**
 * The issuers of `leaf` among `candidates` in order, each the signer of the one before, a self-signed root among them at the end.
 * Candidates that cannot be read are passed over. All DER.
 * @throws PkiError bad-certificate when the leaf cannot be read
 */
export function findPath(leaf: Uint8Array, candidates: readonly Uint8Array[]): Uint8Array[] {
  const bundle = readBundle(candidates, limits.certificates);
  const path = [readCertificate(leaf)];
  let checks = limits.signatureChecks;
  while (path.length <= limits.pathLength) {
    const below = path.at(-1);
    if (!below || (isSelfIssued(below) && isSignedBy(below, below))) break;
    // A self-signed one ends the path, so it goes before a cross certificate of the same name.
    const next = bundle
      .filter(
        (candidate) => sameName(candidate.subject, below.issuer) && !path.some((one) => sameBytes(one, candidate)),
      )
      .sort((a, b) => Number(isSelfIssued(b)) - Number(isSelfIssued(a)) || b.notAfter - a.notAfter)
      .find((candidate) => checks-- > 0 && isSignedBy(below, candidate));
    if (!next) break;
    path.push(next);
  }
  return path.slice(1).map(({ der }) => der);
}

/** As findPath, without the self-signed root: what goes into a CMS. @throws PkiError bad-certificate */
export function findChain(leaf: Uint8Array, candidates: readonly Uint8Array[]): Uint8Array[] {
  return findPath(leaf, candidates).filter((der) => !isSelfIssued(readCertificate(der)));
}

/** RFC 5280, 6.1.4 (k) to (o); `below` counts the issuers between it and the leaf that are not self-issued. */
function mayIssue({ extensions }: Certificate, below: number): boolean {
  const { isCa, pathLength, keyUsage, unknownCritical } = extensions;
  if (!isCa || unknownCritical || (keyUsage && !keyUsage.keyCertSign)) return false;
  return pathLength === undefined || below <= pathLength;
}

/** RFC 3161, 2.3: the one purpose, marked critical. Signing: RFC 5280, 4.2.1.3, digitalSignature or nonRepudiation. */
export function servesPurpose({ extensions }: Certificate, purpose: ChainPurpose): boolean {
  const { keyUsage, extendedKeyUsage } = extensions;
  const maySign = !keyUsage || keyUsage.digitalSignature || keyUsage.nonRepudiation;
  if (purpose === 'timestamping') {
    const [only, ...others] = extendedKeyUsage?.purposes ?? [];
    return maySign && only === timeStamping && others.length === 0 && extendedKeyUsage?.critical === true;
  }
  return purpose === 'any' || maySign;
}

const rank: readonly ChainStatus[] = ['incomplete', 'untrusted', 'expired', 'trusted'];
const better = (a: ChainStatus, b: ChainStatus) => (rank.indexOf(a) >= rank.indexOf(b) ? a : b);

/** Depth-first search for the best path from one certificate up to an anchor. */
class PathSearch {
  readonly #intermediates: readonly Certificate[];
  readonly #anchors: readonly Certificate[];
  readonly #at: number;
  #checks = limits.signatureChecks;

  constructor(intermediates: readonly Certificate[], anchors: readonly Certificate[], at: number) {
    this.#intermediates = intermediates;
    this.#anchors = anchors;
    this.#at = at;
  }

  #standing(path: readonly Certificate[]): ChainStatus {
    const inTime = path.every(({ notBefore, notAfter }) => notBefore <= this.#at && this.#at <= notAfter);
    return inTime ? 'trusted' : 'expired';
  }

  /** `path` is the leaf first; its last element is the one an issuer is looked for. */
  best(path: readonly Certificate[]): ChainStatus {
    const last = path.at(-1);
    if (!last) return 'incomplete';
    if (this.#anchors.some((anchor) => sameBytes(anchor, last))) return this.#standing(path);
    let found: ChainStatus = isSelfIssued(last) ? 'untrusted' : 'incomplete';
    const issuers = [
      ...this.#anchors.map((certificate) => ({ certificate, isAnchor: true })),
      ...this.#intermediates.map((certificate) => ({ certificate, isAnchor: false })),
    ].filter(({ certificate }) => sameName(certificate.subject, last.issuer));
    for (const { certificate, isAnchor } of issuers) {
      if (path.some((one) => sameBytes(one, certificate))) continue;
      found = better(found, this.#through(path, last, certificate, isAnchor));
      if (found === 'trusted') break;
    }
    return found;
  }

  #through(path: readonly Certificate[], last: Certificate, issuer: Certificate, isAnchor: boolean): ChainStatus {
    const below = path.slice(1).filter((certificate) => !isSelfIssued(certificate)).length;
    // An anchor of version 1 has no constraints to read; it is trusted by name and key (RFC 5280, 6.1.1 (d)).
    const allowed = (isAnchor && issuer.version === 1) || mayIssue(issuer, below);
    if (!allowed || path.length >= limits.pathLength || this.#checks-- <= 0) return 'untrusted';
    if (!isSignedBy(last, issuer)) return 'untrusted';
    return isAnchor ? this.#standing([...path, issuer]) : this.best([...path, issuer]);
  }
}

/**
 * Where `leaf` leads, judged at `at` (epoch ms). `trusted`: to an anchor, everything in force. `expired`: to an anchor, but a
 * certificate on the way was not in force at that time (over or not begun). `untrusted`: to a root that is no anchor, through a
 * wrong signature or a forbidden issuer, or the leaf may not serve `purpose`. `incomplete`: an issuer is missing. All DER.
 * No revocation.
 * @throws PkiError bad-certificate when the leaf cannot be read
 */
export function verifyChain(
  leaf: Uint8Array,
  intermediates: readonly Uint8Array[],
  anchors: readonly Uint8Array[],
  at: number,
  purpose: ChainPurpose = 'any',
): ChainStatus {
  const certificate = readCertificate(leaf);
  if (anchors.length === 0) return 'no-anchors';
  if (certificate.extensions.unknownCritical || !servesPurpose(certificate, purpose)) return 'untrusted';
  const given = readBundle(intermediates, limits.certificates);
  return new PathSearch(given, readBundle(anchors, anchors.length), at).best([certificate]);
}
