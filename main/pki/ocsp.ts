/** OCSP (RFC 6960): the request, the answer read, and the answer judged for one certificate. */
import { createHash } from 'node:crypto';
import { type Certificate, readCertificate } from './certificate.ts';
import { badEncoding, childrenOf, type Element, Fields, readElement, tags, within } from './der.ts';
import { readBitString, readIntegerBytes, readOctetString, readOid, readTime } from './der-values.ts';
import {
  writeDigestAlgorithm,
  writeElement,
  writeInteger,
  writeOctets,
  writeOid,
  writeSequence,
} from './der-writer.ts';
import { type Extension, readAll } from './extensions.ts';
import { sameName } from './name.ts';
import { PkiError } from './port.ts';
import { clockSkewMs, freshnessProblem, type RevocationStatus, statusAt, unknownStatus } from './revocation.ts';
import { checkSignature, readScheme } from './signature-check.ts';

const maxResponseBytes = 1024 * 1024;
const maxCertificates = 16;
const maxSingles = 64;

const ids = {
  basic: '1.3.6.1.5.5.7.48.1.1',
  nonce: '1.3.6.1.5.5.7.48.1.2',
  archiveCutoff: '1.3.6.1.5.5.7.48.1.6',
  ocspSigning: '1.3.6.1.5.5.7.3.9',
} as const;

/** Digests a CertID may name; SHA-1 only finds the certificate, the responder's signature is what is believed. */
const idHashes: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

const keyBits = (issuer: Certificate): Uint8Array => {
  const fields = new Fields(readElement(issuer.publicKey, issuer.publicKey.length));
  fields.any();
  return readBitString(fields.any());
};

const digest = (hash: string, bytes: Uint8Array) => createHash(hash).update(bytes).digest();

/**
 * OCSPRequest for one certificate, its CertID by SHA-1 (RFC 5019, 2.1.1: what every responder takes).
 * @param nonce 1 to 32 octets (RFC 9654); left out: none is sent
 */
export function encodeOcspRequest(certificate: Certificate, issuer: Certificate, nonce?: Uint8Array): Uint8Array {
  const id = writeSequence(
    writeDigestAlgorithm('1.3.14.3.2.26'),
    writeOctets(digest('sha1', issuer.subject.whole)),
    writeOctets(digest('sha1', keyBits(issuer))),
    writeInteger(certificate.serialNumber),
  );
  const extension = nonce && writeSequence(writeOid(ids.nonce), writeOctets(writeOctets(nonce)));
  const list = writeSequence(writeSequence(id));
  return writeSequence(writeSequence(list, ...(extension ? [writeElement(0xa2, writeSequence(extension))] : [])));
}

interface SingleResponse {
  readonly id: Element;
  readonly status: RevocationStatus;
  readonly thisUpdate: number;
  readonly nextUpdate: number | undefined;
  readonly archiveCutoff: number | undefined;
  readonly unknownCritical: boolean;
}

export interface OcspResponse {
  /** ResponseData: what the responder signed. */
  readonly signedPart: Uint8Array;
  readonly signatureAlgorithm: Element;
  readonly signature: Uint8Array;
  readonly responder: { readonly name: Element } | { readonly keyHash: Uint8Array };
  readonly producedAt: number;
  readonly singles: readonly SingleResponse[];
  readonly nonce: Uint8Array | undefined;
  /** DER. */
  readonly certificates: readonly Uint8Array[];
}

function readExtensionList(wrapper: Element | undefined): Map<string, Extension> {
  return wrapper ? readAll(readElement(wrapper.content, wrapper.content.length)) : new Map();
}

function readStatus(element: Element): RevocationStatus {
  if (element.tag === 0x80) return { kind: 'good' };
  if (element.tag === 0x82) return unknownStatus('status-unknown');
  const fields = new Fields(element, 0xa1);
  const at = readTime(fields.take(tags.generalizedTime));
  const wrapped = fields.optional(0xa0);
  fields.end();
  const reason = wrapped && readElement(wrapped.content, wrapped.content.length);
  if (reason && reason.tag !== tags.enumerated) throw badEncoding('reason');
  return { kind: 'revoked', at, reason: reason?.content[0] };
}

function readSingle(element: Element): SingleResponse {
  const fields = new Fields(element);
  const id = fields.take(tags.sequence);
  const status = readStatus(fields.any());
  const thisUpdate = readTime(fields.take(tags.generalizedTime));
  const next = fields.optional(0xa0);
  const extensions = readExtensionList(fields.optional(0xa1));
  fields.end();
  const cutoff = extensions.get(ids.archiveCutoff)?.value;
  return {
    id,
    status,
    thisUpdate,
    nextUpdate: next && readTime(readElement(next.content, next.content.length)),
    archiveCutoff: cutoff && readTime(readElement(cutoff, cutoff.length)),
    unknownCritical: [...extensions].some(([type, { critical }]) => critical && type !== ids.archiveCutoff),
  };
}

function readResponder(element: Element): OcspResponse['responder'] {
  const inner = readElement(element.content, element.content.length);
  if (element.tag === 0xa1) return { name: inner };
  if (element.tag === 0xa2) return { keyHash: readOctetString(inner) };
  throw badEncoding('responder');
}

function readBasic(basic: Uint8Array): OcspResponse {
  const fields = new Fields(readElement(basic, maxResponseBytes));
  const data = fields.take(tags.sequence);
  const signatureAlgorithm = fields.take(tags.sequence);
  const signature = readBitString(fields.any());
  const bundle = fields.optional(0xa0);
  fields.end();
  const parts = new Fields(data);
  parts.optional(0xa0);
  const responder = readResponder(parts.any());
  const producedAt = readTime(parts.take(tags.generalizedTime));
  const singles = childrenOf(parts.take(tags.sequence));
  const extensions = readExtensionList(parts.optional(0xa1));
  parts.end();
  if (singles.length > maxSingles) throw badEncoding('too many answers');
  const nonce = extensions.get(ids.nonce)?.value;
  const certificates = bundle ? childrenOf(readElement(bundle.content, bundle.content.length)) : [];
  return {
    signedPart: data.whole,
    signatureAlgorithm,
    signature,
    responder,
    producedAt,
    singles: singles.map(readSingle),
    nonce: nonce && readOctetString(readElement(nonce, nonce.length)),
    certificates: certificates.slice(0, maxCertificates).map(({ whole }) => whole),
  };
}

/**
 * An OCSPResponse, or a bare BasicOCSPResponse as some files keep it. Undefined where the responder refused (RFC 6960, 4.2.1).
 * @throws PkiError bad-response
 */
export function readOcspResponse(der: Uint8Array): OcspResponse | undefined {
  return within('bad-response', () => {
    const outer = readElement(der, maxResponseBytes);
    if (childrenOf(outer)[0]?.tag === tags.sequence) return readBasic(der);
    const fields = new Fields(outer);
    const status = fields.take(tags.enumerated);
    const wrapper = fields.optional(0xa0);
    fields.end();
    if (status.content.length !== 1) throw badEncoding('status');
    if (status.content[0] !== 0 || !wrapper) return undefined;
    const bytes = new Fields(readElement(wrapper.content, wrapper.content.length));
    if (readOid(bytes.any()) !== ids.basic) throw badEncoding('not a basic response');
    return readBasic(readOctetString(bytes.any()));
  });
}

function isAbout(id: Element, certificate: Certificate, issuer: Certificate): boolean {
  const fields = new Fields(id);
  const hash = idHashes[readOid(new Fields(fields.any()).any())];
  const [name, key] = [readOctetString(fields.any()), readOctetString(fields.any())];
  const serial = readIntegerBytes(fields.any());
  if (!hash || Buffer.compare(serial, certificate.serialNumber) !== 0) return false;
  return (
    Buffer.compare(name, digest(hash, issuer.subject.whole)) === 0 &&
    Buffer.compare(key, digest(hash, keyBits(issuer))) === 0
  );
}

function isResponder(response: OcspResponse, candidate: Certificate): boolean {
  const { responder } = response;
  if ('name' in responder) return sameName(responder.name, candidate.subject);
  return Buffer.compare(responder.keyHash, digest('sha1', keyBits(candidate))) === 0;
}

const isSignedBy = (one: Certificate, issuer: Certificate) =>
  checkSignature(readScheme(one.signatureAlgorithm), issuer, one.signedPart, one.signature) === 'valid';

/** RFC 6960, 4.2.2.2: issued by the very CA that is asked about, for OCSP signing. */
function isDelegate(candidate: Certificate, issuer: Certificate): boolean {
  const { extendedKeyUsage, keyUsage, unknownCritical } = candidate.extensions;
  const named = extendedKeyUsage?.purposes.includes(ids.ocspSigning) === true;
  if (!named || unknownCritical || (keyUsage && !keyUsage.digitalSignature)) return false;
  return sameName(candidate.issuer, issuer.subject) && isSignedBy(candidate, issuer);
}

function responderOf(response: OcspResponse, issuer: Certificate): Certificate | undefined {
  if (isResponder(response, issuer)) return issuer;
  for (const der of response.certificates) {
    try {
      const candidate = readCertificate(der);
      if (isResponder(response, candidate) && isDelegate(candidate, issuer)) return candidate;
    } catch (error) {
      if (!(error instanceof PkiError)) throw error;
    }
  }
  return undefined;
}

export interface Asked {
  readonly certificate: Certificate;
  readonly issuer: Certificate;
  /** The moment the status is wanted for, epoch ms. */
  readonly at: number;
  /** What the clock says, epoch ms. */
  readonly now: number;
}

export interface OcspVerdict {
  readonly status: RevocationStatus;
  /** The delegated responder's certificate, whose own status is to be known unless it says nocheck. */
  readonly delegate: Certificate | undefined;
  readonly nextUpdate: number | undefined;
  readonly thisUpdate: number | undefined;
}

const nothing = { delegate: undefined, nextUpdate: undefined, thisUpdate: undefined };

/** @param nonce what was sent; an answer without one is taken, as many responders answer in advance (RFC 6960, 4.4.1) */
export function judgeOcsp(response: OcspResponse | undefined, asked: Asked, nonce?: Uint8Array): OcspVerdict {
  const refuse = (code: Parameters<typeof unknownStatus>[0]) => ({ ...nothing, status: unknownStatus(code) });
  if (!response) return refuse('responder-refused');
  const { certificate, issuer, at, now } = asked;
  return within('bad-response', () => {
    const single = response.singles.find(({ id }) => isAbout(id, certificate, issuer));
    if (!single) return refuse('wrong-certificate');
    if (nonce && response.nonce && Buffer.compare(nonce, response.nonce) !== 0) return refuse('wrong-nonce');
    const responder = responderOf(response, issuer);
    if (!responder) return refuse('responder-unauthorised');
    const scheme = readScheme(response.signatureAlgorithm);
    if (checkSignature(scheme, responder, response.signedPart, response.signature) !== 'valid') {
      return refuse('bad-signature');
    }
    const { producedAt } = response;
    if (producedAt + clockSkewMs < responder.notBefore || producedAt > responder.notAfter) {
      return refuse('responder-expired');
    }
    if (single.unknownCritical) return refuse('unknown-critical');
    const old = freshnessProblem(single, at, now);
    if (old) return refuse(old);
    const { thisUpdate, nextUpdate, archiveCutoff } = single;
    // RFC 6960, 4.4.4: past a certificate's end a responder keeps its records only back to the cutoff it names.
    if (thisUpdate > certificate.notAfter && (archiveCutoff ?? Infinity) > certificate.notAfter) {
      if (single.status.kind !== 'revoked') return refuse('after-expiry');
    }
    const delegate = responder === issuer ? undefined : responder;
    return { status: statusAt(single.status, at), delegate, thisUpdate, nextUpdate };
  });
}
