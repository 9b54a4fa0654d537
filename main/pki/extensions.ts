/** The certificate extensions a path is judged by (RFC 5280, 4.2.1). */
import { badEncoding, childrenOf, type Element, Fields, readElement, tags } from './der.ts';
import { readBitString, readBoolean, readOctetString, readOid, readSmallInteger } from './der-values.ts';

export interface Extensions {
  /** Undefined where the extension is absent. */
  readonly keyUsage: KeyUsage | undefined;
  readonly isCa: boolean;
  readonly pathLength: number | undefined;
  readonly extendedKeyUsage: { readonly purposes: readonly string[]; readonly critical: boolean } | undefined;
  readonly subjectKeyIdentifier: Uint8Array | undefined;
  /** A critical extension is there that is not understood here: the certificate is good for nothing (RFC 5280, 4.2). */
  readonly unknownCritical: boolean;
}

export interface KeyUsage {
  readonly digitalSignature: boolean;
  readonly nonRepudiation: boolean;
  readonly keyCertSign: boolean;
}

interface Extension {
  readonly critical: boolean;
  readonly value: Uint8Array;
}

const ids = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  basicConstraints: '2.5.29.19',
  extendedKeyUsage: '2.5.29.37',
} as const;

/** Critical or not, these need nothing more: alternative names, policies (any is acceptable here), and those read below. */
const understood = new Set<string>([...Object.values(ids), '2.5.29.17', '2.5.29.18', '2.5.29.32', '2.5.29.35']);

const maxExtensions = 64;

function readAll(list: Element): Map<string, Extension> {
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
  const bits = readBitString(readElement(value, value.length))[0] ?? 0;
  return {
    digitalSignature: (bits & 0x80) !== 0,
    nonRepudiation: (bits & 0x40) !== 0,
    keyCertSign: (bits & 0x04) !== 0,
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
    unknownCritical: [...all].some(([id, { critical }]) => critical && !understood.has(id)),
  };
}
