/** CMS SignedData (RFC 5652, 5) as signatures and timestamp tokens use it: read, not judged. */
import { badEncoding, childrenOf, type Element, Fields, readElement, tags, within } from './der.ts';
import { readIntegerBytes, readOctetString, readOid, readSmallInteger, readTime } from './der-values.ts';

const maxBytes = 16 * 1024 * 1024;
const maxCertificates = 256;
const maxSigners = 16;
const maxAttributes = 64;

export const contentTypes = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  timestampInfo: '1.2.840.113549.1.9.16.1.4',
} as const;

export const attributeTypes = {
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  /** RFC 2634, 5.4: SHA-1. */
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  signatureTimestamp: '1.2.840.113549.1.9.16.2.14',
  /** RFC 5035. */
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
} as const;

/** Values by attribute type; an attribute given twice has both its lists here, so that its readers see more than one value. */
export type Attributes = ReadonlyMap<string, readonly Element[]>;

export type SignerIdentifier =
  | { readonly kind: 'issuer-and-serial'; readonly issuer: Element; readonly serialNumber: Uint8Array }
  | { readonly kind: 'key-identifier'; readonly keyIdentifier: Uint8Array };

export interface SignerInfo {
  readonly identifier: SignerIdentifier;
  /** AlgorithmIdentifiers. */
  readonly digestAlgorithm: Element;
  readonly signatureAlgorithm: Element;
  readonly signedAttributes: Attributes;
  /** What is signed: the attributes under the tag of SET (RFC 5652, 5.4); undefined where there are none. */
  readonly signedBytes: Uint8Array | undefined;
  readonly signature: Uint8Array;
  readonly unsignedAttributes: Attributes;
}

export interface SignedData {
  readonly contentType: string;
  /** Undefined for a detached signature. */
  readonly content: Uint8Array | undefined;
  /** X.509 certificates as they lie there, DER. */
  readonly certificates: readonly Uint8Array[];
  readonly signers: readonly SignerInfo[];
}

function readAttributes(set: Element | undefined): Attributes {
  const all = new Map<string, Element[]>();
  const elements = set ? childrenOf(set) : [];
  if (elements.length > maxAttributes) throw badEncoding('too many attributes');
  for (const element of elements) {
    const fields = new Fields(element);
    const type = readOid(fields.any());
    const values = childrenOf(fields.take(tags.set));
    fields.end();
    all.set(type, [...(all.get(type) ?? []), ...values]);
  }
  return all;
}

/** The signed bytes must be DER: an indefinite length cannot be what the signer hashed. */
function toSignedBytes(set: Element): Uint8Array {
  if (set.whole[1] === 0x80) throw badEncoding('signed attributes are not DER');
  const bytes = Uint8Array.from(set.whole);
  bytes[0] = tags.set;
  return bytes;
}

function readIdentifier(element: Element): SignerIdentifier {
  if (element.tag === 0x80) return { kind: 'key-identifier', keyIdentifier: element.content };
  const fields = new Fields(element);
  const issuer = fields.take(tags.sequence);
  return { kind: 'issuer-and-serial', issuer, serialNumber: readIntegerBytes(fields.any()) };
}

function readSigner(element: Element): SignerInfo {
  const fields = new Fields(element);
  readSmallInteger(fields.any());
  const identifier = readIdentifier(fields.any());
  const digestAlgorithm = fields.take(tags.sequence);
  const signed = fields.optional(0xa0);
  const signatureAlgorithm = fields.take(tags.sequence);
  const signature = readOctetString(fields.any());
  const unsigned = fields.optional(0xa1);
  fields.end();
  return {
    identifier,
    digestAlgorithm,
    signatureAlgorithm,
    signedAttributes: readAttributes(signed),
    signedBytes: signed && toSignedBytes(signed),
    signature,
    unsignedAttributes: readAttributes(unsigned),
  };
}

/**
 * @param contents a ContentInfo with SignedData, DER or BER, nothing after it
 * @throws PkiError bad-cms
 */
export function readSignedData(contents: Uint8Array): SignedData {
  return within('bad-cms', () => {
    const outer = new Fields(readElement(contents, maxBytes));
    if (readOid(outer.any()) !== contentTypes.signedData) throw badEncoding('not signed data');
    const wrapped = childrenOf(outer.take(0xa0))[0];
    outer.end();
    if (!wrapped) throw badEncoding('empty');
    const fields = new Fields(wrapped);
    readSmallInteger(fields.any());
    fields.take(tags.set);
    const encapsulated = new Fields(fields.any());
    const contentType = readOid(encapsulated.any());
    const content = encapsulated.optional(0xa0);
    encapsulated.end();
    const certificates = fields.optional(0xa0);
    fields.optional(0xa1);
    const signers = childrenOf(fields.take(tags.set));
    fields.end();
    if (signers.length > maxSigners) throw badEncoding('too many signers');
    const bundle = certificates ? childrenOf(certificates).filter(({ tag }) => tag === tags.sequence) : [];
    if (bundle.length > maxCertificates) throw badEncoding('too many certificates');
    return {
      contentType,
      content: content && readOctetString(childrenOf(content)[0] ?? content),
      certificates: bundle.map(({ whole }) => whole),
      signers: signers.map(readSigner),
    };
  });
}

/** The one value of an attribute; undefined where it is absent or not single. */
export function singleValue(attributes: Attributes, type: string): Element | undefined {
  const values = attributes.get(type);
  return values?.length === 1 ? values[0] : undefined;
}

/** Signing time as the signer claims it (RFC 5652, 11.3), epoch ms; PAdES forbids it, other signatures carry it. */
export function claimedSigningTime(signer: SignerInfo): number | undefined {
  const value = singleValue(signer.signedAttributes, attributeTypes.signingTime);
  return value && within('bad-cms', () => readTime(value));
}

/** The TimeStampTokens over the signature value (RFC 3161, appendix A), as they lie there. */
export function signatureTimestamps(signer: SignerInfo): Uint8Array[] {
  return (signer.unsignedAttributes.get(attributeTypes.signatureTimestamp) ?? []).map(({ whole }) => whole);
}
