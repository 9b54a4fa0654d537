/** The certificate extensions a path is judged by (RFC 5280, 4.2.1). */
import { badEncoding, childrenOf, type Element, Fields, readElement, tags } from './der.ts';
import { readBitString, readBoolean, readOctetString, readOid, readSmallInteger } from './der-values.ts';
import { PkiError, type QualifiedStatements } from './port.ts';
import { readQualifiedStatements } from './qualified-statements.ts';

export interface Extensions {
  /** Undefined where the extension is absent. */
  readonly keyUsage: KeyUsage | undefined;
  readonly isCa: boolean;
  readonly pathLength: number | undefined;
  readonly extendedKeyUsage: { readonly purposes: readonly string[]; readonly critical: boolean } | undefined;
  readonly subjectKeyIdentifier: Uint8Array | undefined;
  /** http and https addresses of OCSP responders and of the issuer's certificate (4.2.2.1). */
  readonly ocspUrls: readonly string[];
  readonly caIssuersUrls: readonly string[];
  /** http and https addresses of revocation lists (4.2.1.13), and of deltas to them (4.2.1.15). */
  readonly listUrls: readonly string[];
  readonly deltaUrls: readonly string[];
  /** id-pkix-ocsp-nocheck (RFC 6960, 4.2.2.2.1): nobody has to ask about this responder. */
  readonly ocspNoCheck: boolean;
  readonly qualified: QualifiedStatements | undefined;
  /** rfc822Name of the subject's alternative names (4.2.1.6). */
  readonly emails: readonly string[];
  /** A critical extension is there that is not understood here: the certificate is good for nothing (RFC 5280, 4.2). */
  readonly unknownCritical: boolean;
}

export interface KeyUsage {
  readonly digitalSignature: boolean;
  readonly nonRepudiation: boolean;
  readonly keyCertSign: boolean;
  readonly crlSign: boolean;
  /** Every bit that is set, by its name (4.2.1.3). */
  readonly names: readonly string[];
}

export interface Extension {
  readonly critical: boolean;
  readonly value: Uint8Array;
}

const ids = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  basicConstraints: '2.5.29.19',
  extendedKeyUsage: '2.5.29.37',
  distributionPoints: '2.5.29.31',
  freshestList: '2.5.29.46',
  informationAccess: '1.3.6.1.5.5.7.1.1',
  ocspNoCheck: '1.3.6.1.5.5.7.48.1.5',
} as const;

const qualifiedStatementsId = '1.3.6.1.5.5.7.1.3';

/** In the order of their bits. */
const keyUsageNames = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;

const accessMethods = { ocsp: '1.3.6.1.5.5.7.48.1', caIssuers: '1.3.6.1.5.5.7.48.2' } as const;

/** Critical or not, these need nothing more: alternative names, policies (any is acceptable here), and those read below. */
const understood = new Set<string>([...Object.values(ids), '2.5.29.17', '2.5.29.18', '2.5.29.32', '2.5.29.35']);

const maxExtensions = 64;
const maxUrls = 8;
/** GeneralName [6]: uniformResourceIdentifier. */
const uriTag = 0x86;

/** The addresses among GeneralNames that can be fetched over HTTP. */
export function httpUrls(names: readonly Element[]): string[] {
  return names
    .filter(({ tag }) => tag === uriTag)
    .map(({ content }) => Buffer.from(content).toString('latin1'))
    .filter((url) => /^https?:\/\//i.test(url))
    .slice(0, maxUrls);
}

/** Addresses are hints: an extension that cannot be read has none. */
function hints(read: () => string[]): string[] {
  try {
    return read().slice(0, maxUrls);
  } catch (error) {
    if (error instanceof PkiError) return [];
    throw error;
  }
}

/** AuthorityInfoAccessSyntax (RFC 5280, 4.2.2.1). */
function readAccess(value: Uint8Array | undefined, method: string): string[] {
  if (!value) return [];
  return childrenOf(readElement(value, value.length)).flatMap((description) => {
    const fields = new Fields(description);
    return readOid(fields.any()) === method ? httpUrls([fields.any()]) : [];
  });
}

/** GeneralName [1]: rfc822Name. */
function readEmails(value: Uint8Array | undefined): string[] {
  if (!value) return [];
  return childrenOf(readElement(value, value.length))
    .filter(({ tag }) => tag === 0x81)
    .map(({ content }) => Buffer.from(content).toString('latin1'));
}

/** CRLDistributionPoints (RFC 5280, 4.2.1.13): those points' full names that name all reasons and the issuer itself. */
function readPoints(value: Uint8Array | undefined): string[] {
  if (!value) return [];
  return childrenOf(readElement(value, value.length)).flatMap((point) => {
    const fields = new Fields(point);
    const name = fields.optional(0xa0);
    const isPartOrIndirect = fields.optional(0x81) ?? fields.optional(0xa2);
    const fullName = name && childrenOf(name)[0];
    return fullName?.tag === 0xa0 && !isPartOrIndirect ? httpUrls(childrenOf(fullName)) : [];
  });
}

export function readAll(list: Element): Map<string, Extension> {
  const found = new Map<string, Extension>();
  const elements = childrenOf(list);
  if (elements.length > maxExtensions) throw badEncoding('too many extensions');
  for (const element of elements) {
    const fields = new Fields(element);
    const id = readOid(fields.any());
    const criticality = fields.optional(tags.boolean);
    const value = readOctetString(fields.any());
    fields.end();
    if (found.has(id)) throw badEncoding('extension given twice');
    found.set(id, { critical: criticality !== undefined && readBoolean(criticality), value });
  }
  return found;
}

function readKeyUsage(value: Uint8Array): KeyUsage {
  const octets = readBitString(readElement(value, value.length));
  const bits = octets[0] ?? 0;
  const isSet = (bit: number) => ((octets[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0;
  return {
    names: keyUsageNames.filter((_, bit) => isSet(bit)),
    digitalSignature: (bits & 0x80) !== 0,
    nonRepudiation: (bits & 0x40) !== 0,
    keyCertSign: (bits & 0x04) !== 0,
    crlSign: (bits & 0x02) !== 0,
  };
}

function readBasicConstraints(value: Uint8Array): { isCa: boolean; pathLength: number | undefined } {
  const fields = new Fields(readElement(value, value.length));
  const ca = fields.optional(tags.boolean);
  const length = fields.optional(tags.integer);
  fields.end();
  return { isCa: ca !== undefined && readBoolean(ca), pathLength: length && readSmallInteger(length) };
}

/** `list` is the SEQUENCE OF Extension; undefined for a certificate without extensions. */
export function readExtensions(list: Element | undefined): Extensions {
  const all = list ? readAll(list) : new Map<string, Extension>();
  const keyUsage = all.get(ids.keyUsage);
  const basicConstraints = all.get(ids.basicConstraints);
  const purposes = all.get(ids.extendedKeyUsage);
  const keyIdentifier = all.get(ids.subjectKeyIdentifier);
  const qualified = all.get(qualifiedStatementsId);
  const constraints = basicConstraints && readBasicConstraints(basicConstraints.value);
  return {
    keyUsage: keyUsage && readKeyUsage(keyUsage.value),
    isCa: constraints?.isCa ?? false,
    pathLength: constraints?.pathLength,
    extendedKeyUsage: purposes && {
      purposes: childrenOf(readElement(purposes.value, purposes.value.length)).map(readOid),
      critical: purposes.critical,
    },
    subjectKeyIdentifier:
      keyIdentifier && readOctetString(readElement(keyIdentifier.value, keyIdentifier.value.length)),
    qualified: qualified && readQualifiedStatements(qualified.value),
    emails: hints(() => readEmails(all.get('2.5.29.17')?.value)),
    ocspUrls: hints(() => readAccess(all.get(ids.informationAccess)?.value, accessMethods.ocsp)),
    caIssuersUrls: hints(() => readAccess(all.get(ids.informationAccess)?.value, accessMethods.caIssuers)),
    listUrls: hints(() => readPoints(all.get(ids.distributionPoints)?.value)),
    deltaUrls: hints(() => readPoints(all.get(ids.freshestList)?.value)),
    ocspNoCheck: all.has(ids.ocspNoCheck),
    unknownCritical: [...all].some(([id, { critical }]) => critical && !understood.has(id)),
  };
}
