/**
 * CAdES baseline signatures over any content (ETSI EN 319 122-1): a SignedData with the content in it or beside it, one signer or
 * several in parallel. Content of any size goes through: the message is written as what stands before it and what stands behind it.
 */
import { schemeFacts } from './algorithms.ts';
import { toDefinite } from './ber.ts';
import { signerInfo } from './cms.ts';
import {
  attribute,
  type DerElement,
  element,
  header,
  integer,
  objectIdentifier,
  readElement,
  readElements,
  sequence,
  setOf,
  tags,
} from './der.ts';
import { type CmsParts, PadesError } from './prepared-signature.ts';
import { attributeValues } from './signed-attributes.ts';
import type { SignerStatements } from './signer-statements.ts';

/** ContentInfo's type (RFC 5652, 5.1). */
export const SIGNED_DATA = objectIdentifier('1.2.840.113549.1.7.2');
const ID_DATA = objectIdentifier('1.2.840.113549.1.7.1');
const SIGNING_TIME = objectIdentifier('1.2.840.113549.1.9.5');
/** id-ri-ocsp-response (RFC 5940, 2.1). */
const OCSP_RESPONSE = objectIdentifier('1.3.6.1.5.5.7.16.2');

/** Certificates and revocation a verifier needs (EN 319 122-1, B-LT: SignedData.certificates and SignedData.crls), DER. */
export interface CadesValues {
  readonly certificates: readonly Uint8Array[];
  readonly ocsps: readonly Uint8Array[];
  readonly lists: readonly Uint8Array[];
}

/** What a message holds besides its content; each element as encoded. */
export interface CadesMessage {
  readonly version: number;
  readonly digestAlgorithms: readonly Uint8Array[];
  /** eContentType, an OBJECT IDENTIFIER. */
  readonly contentType: Uint8Array;
  /** Undefined where the content lies elsewhere. */
  readonly content: Uint8Array | undefined;
  readonly certificates: readonly Uint8Array[];
  /** RevocationInfoChoice. */
  readonly revocations: readonly Uint8Array[];
  readonly signerInfos: readonly Uint8Array[];
}

/** A message in two pieces with the content between them; end to end where the content lies elsewhere. */
export interface CadesFrame {
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
}

/** RFC 5652, 11.3: UTCTime up to 2049. @param at epoch ms */
function timeValue(at: number): Uint8Array {
  const digits = new Date(at).toISOString().replace(/[-:T]/g, '').slice(0, 14);
  const year = Number(digits.slice(0, 4));
  const short = year >= 1950 && year < 2050;
  return element(short ? 0x17 : 0x18, Buffer.from(`${short ? digits.slice(2) : digits}Z`, 'latin1'));
}

/**
 * What the key signs: content-type, message-digest, signing-certificate-v2, and signing-time, which CAdES requires and PAdES forbids
 * (EN 319 122-1, 6.3).
 * @param messageDigest of the content, by the scheme's hash
 * @param signedAt epoch ms
 * @returns SET OF Attribute, DER
 */
export function cadesAttributesOf(
  messageDigest: Uint8Array,
  certificate: Uint8Array,
  signedAt: number,
  statements: SignerStatements = {},
): Uint8Array {
  const values = attributeValues(messageDigest, certificate, statements);
  return setOf([...values, attribute(SIGNING_TIME, timeValue(signedAt))]);
}

const bad = (detail: string) => new PadesError('bad-cms', detail);

function childrenOf(raw: Uint8Array | undefined): DerElement[] {
  const found = raw && readElements(raw);
  if (!found) throw bad('structure');
  return found;
}

/**
 * A message another program made, so that a signature can be added beside those in it. BER is read too.
 * @throws PadesError bad-cms
 */
export function readCades(bytes: Uint8Array): CadesMessage {
  const outer = readElement(toDefinite(bytes));
  const [kind, wrapper] = childrenOf(outer?.contents);
  if (!kind || !wrapper || Buffer.compare(kind.raw, SIGNED_DATA) !== 0) throw bad('not signed data');
  const fields = childrenOf(readElement(wrapper.contents)?.contents);
  const [version, algorithms, encapsulated, ...rest] = fields;
  if (version?.tag !== tags.integer || !algorithms || !encapsulated) throw bad('fields');
  const [type, content] = childrenOf(encapsulated.contents);
  if (type?.tag !== tags.oid) throw bad('content type');
  const octets = content && readElement(content.contents);
  if (octets && octets.tag !== tags.octetString) throw bad('content');
  return { ...messageParts(version, algorithms, type, rest), content: octets?.contents };
}

/**
 * A message's fields, its content apart.
 * @param rest what follows the content: certificates and revocation where there are any, then the signatures
 * @throws PadesError bad-cms
 */
export function messageParts(
  version: DerElement,
  algorithms: DerElement,
  contentType: DerElement,
  rest: readonly DerElement[],
): Omit<CadesMessage, 'content'> {
  const signers = rest.at(-1);
  if (signers?.tag !== tags.set) throw bad('fields');
  const optional = (tag: number) => rest.slice(0, -1).find((field) => field.tag === tag)?.contents;
  const raws = (list: Uint8Array | undefined) => (list ? childrenOf(list).map(({ raw }) => raw) : []);
  return {
    version: version.contents.at(-1) ?? 1,
    digestAlgorithms: raws(algorithms.contents),
    contentType: contentType.raw,
    certificates: raws(optional(0xa0)),
    revocations: raws(optional(0xa1)),
    signerInfos: raws(signers.contents),
  };
}

const unique = (items: readonly Uint8Array[]) => [
  ...new Map(items.map((item) => [Buffer.from(item).toString('latin1'), item])).values(),
];

/** OtherRevocationInfoFormat around an OCSPResponse (RFC 5940). */
const asOtherRevocation = (ocsp: Uint8Array) => element(0xa1, OCSP_RESPONSE, ocsp);

/** The revocation a message keeps, of both kinds that are read here (RFC 5652, 10.2.1; RFC 5940, 2.1); others are passed over. */
export function revocationsOf({ revocations }: Pick<CadesMessage, 'revocations'>): {
  readonly lists: Uint8Array[];
  readonly ocsps: Uint8Array[];
} {
  const ocspOf = (raw: Uint8Array): Uint8Array[] => {
    const [format, info] = readElements(readElement(raw)?.contents ?? nothing) ?? [];
    return format && info && Buffer.compare(format.raw, OCSP_RESPONSE) === 0 ? [info.raw] : [];
  };
  return {
    lists: revocations.filter(([tag]) => tag === tags.sequence),
    ocsps: revocations.filter(([tag]) => tag === 0xa1).flatMap(ocspOf),
  };
}

/** `before` and `after` around a frame `innerLength` long, all under one tag. */
function around(tag: number, inner: CadesFrame & { length: number }, before: Uint8Array, after: Uint8Array) {
  const length = before.length + inner.length + after.length;
  const start = header(tag, length);
  return {
    head: Buffer.concat([start, before, inner.head]),
    tail: Buffer.concat([inner.tail, after]),
    length: start.length + length,
  };
}

const nothing = new Uint8Array(0);

/** EncapsulatedContentInfo (RFC 5652, 5.2). @param contentBytes undefined for detached */
function encapsulate(type: Uint8Array, contentBytes: number | undefined) {
  if (contentBytes === undefined) {
    const whole = sequence(type);
    return { head: whole, tail: nothing, length: whole.length };
  }
  const octets = header(tags.octetString, contentBytes);
  const content = { head: octets, tail: nothing, length: octets.length + contentBytes };
  return around(tags.sequence, around(0xa0, content, nothing, nothing), type, nothing);
}

/**
 * The message as it is written; its parts are as they were.
 * @param contentBytes length of the content that will stand between head and tail; undefined where it lies elsewhere
 */
export function frameMessage(message: Omit<CadesMessage, 'content'>, contentBytes: number | undefined): CadesFrame {
  const { version, digestAlgorithms, contentType, certificates, revocations, signerInfos } = message;
  const before = Buffer.concat([integer(version), setOf(digestAlgorithms)]);
  const after = Buffer.concat([
    ...(certificates.length > 0 ? [setOf(certificates, 0xa0)] : []),
    ...(revocations.length > 0 ? [setOf(revocations, 0xa1)] : []),
    setOf(signerInfos),
  ]);
  const signedData = around(tags.sequence, encapsulate(contentType, contentBytes), before, after);
  const { head, tail } = around(tags.sequence, around(0xa0, signedData, nothing, nothing), SIGNED_DATA, nothing);
  return { head, tail };
}

/** The message with what B-LT keeps (EN 319 122-1, 6.3); what is in it already stands there once. */
export function withValues<M extends Omit<CadesMessage, 'content'>>(message: M, values: CadesValues): M {
  const certificates = unique([...message.certificates, ...values.certificates]);
  const revocations = unique([...message.revocations, ...values.lists, ...values.ocsps.map(asOtherRevocation)]);
  // RFC 5652, 5.1: version 5 where revocation of another format is there.
  const version = Math.max(message.version, revocations.some(([tag]) => tag === 0xa1) ? 5 : 1);
  return { ...message, version, certificates, revocations };
}

const empty: Omit<CadesMessage, 'content'> = {
  version: 1,
  digestAlgorithms: [],
  contentType: ID_DATA,
  certificates: [],
  revocations: [],
  signerInfos: [],
};

/**
 * A message with a signature more.
 * @param existing signatures to stand beside; its SignerInfos are kept as they are
 * @throws PadesError bad-certificate, scheme-unsupported
 */
export function withSignature(
  signer: CmsParts,
  existing: Omit<CadesMessage, 'content'> = empty,
): Omit<CadesMessage, 'content'> {
  const { digestAlgorithm } = schemeFacts(signer.scheme);
  return {
    ...existing,
    digestAlgorithms: unique([...existing.digestAlgorithms, digestAlgorithm]),
    certificates: unique([...existing.certificates, signer.certificate, ...signer.chain]),
    signerInfos: [...existing.signerInfos, signerInfo(signer)],
  };
}

/**
 * @param signer the new signature
 * @param contentBytes length of the content that will stand between head and tail; undefined where it lies elsewhere
 * @param existing signatures to stand beside
 * @throws PadesError bad-certificate, scheme-unsupported
 */
export function frameCades(
  signer: CmsParts,
  contentBytes: number | undefined,
  existing?: Omit<CadesMessage, 'content'>,
  values: CadesValues = { certificates: [], ocsps: [], lists: [] },
): CadesFrame {
  return frameMessage(withValues(withSignature(signer, existing), values), contentBytes);
}

/** The message as a detached one: small, whatever its content. Its parts are as they were. */
export function withoutContent(message: Omit<CadesMessage, 'content'>): Uint8Array {
  const { head, tail } = frameMessage(message, undefined);
  return new Uint8Array(Buffer.concat([head, tail]));
}

/** id-aa-timeStampToken (RFC 3161, Appendix A). */
const TIMESTAMP_TOKEN = objectIdentifier('1.2.840.113549.1.9.16.2.14');

/** SignerInfo with one unsigned attribute more (RFC 5652, 5.3); what is signed stays as it is. */
function withUnsigned(signer: Uint8Array, added: Uint8Array): Uint8Array {
  const fields = childrenOf(readElement(signer)?.contents);
  const last = fields.at(-1);
  const unsigned = last?.tag === 0xa1 ? childrenOf(last.contents) : [];
  const kept = last?.tag === 0xa1 ? fields.slice(0, -1) : fields;
  return sequence(...kept.map(({ raw }) => raw), setOf([...unsigned.map(({ raw }) => raw), added], 0xa1));
}

/**
 * The message with timestamps over signatures that had none (EN 319 122-1, 5.3).
 * @param tokens TimeStampTokens, DER, by their signature's place in the message
 * @throws PadesError bad-cms
 */
export function withTimestamps<M extends Omit<CadesMessage, 'content'>>(
  message: M,
  tokens: ReadonlyMap<number, Uint8Array>,
): M {
  const signerInfos = message.signerInfos.map((signer, index) => {
    const token = tokens.get(index);
    return token ? withUnsigned(signer, attribute(TIMESTAMP_TOKEN, token)) : signer;
  });
  return { ...message, signerInfos };
}
