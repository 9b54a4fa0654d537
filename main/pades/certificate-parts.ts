/** What the CMS needs of the signer's certificate (RFC 5280, 4.1), cut out of its DER without building a tree of it. */
import { type DerElement, objectIdentifier, readElement, readElements, tags } from './der.ts';
import { onceFor } from './once-for.ts';
import { PadesError } from './prepared-signature.ts';

export interface CertificateParts {
  /** Name, as encoded. */
  readonly issuer: Uint8Array;
  /** INTEGER, as encoded. */
  readonly serialNumber: Uint8Array;
  readonly commonName: string | undefined;
  readonly keyType: 'rsa' | 'ec' | 'other';
  /** Longest signature the key can make: RSA its modulus, ECDSA a DER ECDSA-Sig-Value. */
  readonly signatureBytes: number;
}

const RSA_KEYS = ['1.2.840.113549.1.1.1', '1.2.840.113549.1.1.10'].map(objectIdentifier);
const EC_KEY = objectIdentifier('1.2.840.10045.2.1');
const COMMON_NAME = objectIdentifier('2.5.4.3');

const same = (a: Uint8Array, b: Uint8Array | undefined) => b !== undefined && Buffer.compare(a, b) === 0;

function bad(detail: string): PadesError {
  return new PadesError('bad-certificate', detail);
}

function children(of: DerElement | undefined): DerElement[] {
  const found = of && readElements(of.contents);
  if (!found) throw bad('structure');
  return found;
}

function stringValue({ tag, contents }: DerElement): string {
  if (tag === 0x1e)
    return Buffer.from(contents)
      .subarray(0, contents.length & ~1)
      .swap16()
      .toString('utf16le');
  return Buffer.from(contents).toString(tag === 0x0c ? 'utf8' : 'latin1');
}

/** The last one, which is the most specific. */
function commonNameOf(subject: DerElement | undefined): string | undefined {
  let found: string | undefined;
  for (const relative of children(subject)) {
    for (const attribute of children(relative)) {
      const [type, value] = children(attribute);
      if (value && same(COMMON_NAME, type?.raw)) found = stringValue(value);
    }
  }
  return found;
}

/** An ECDSA-Sig-Value is two integers as long as the group's order, here taken from the public point (a bit string). */
function ecdsaBytes(publicKey: Uint8Array): number {
  const coordinates = publicKey[1] === 4 ? 2 : 1;
  const coordinate = Math.max(32, Math.ceil((publicKey.length - 2) / coordinates));
  return 2 * (coordinate + 4) + 4;
}

function keyOf(info: DerElement | undefined): Pick<CertificateParts, 'keyType' | 'signatureBytes'> {
  const [algorithm, key] = children(info);
  const [identifier] = children(algorithm);
  if (key?.tag !== 0x03) throw bad('public key');
  if (RSA_KEYS.some((oid) => same(oid, identifier?.raw))) {
    const [modulus] = children(readElement(key.contents, 1));
    if (!modulus) throw bad('public key');
    return { keyType: 'rsa', signatureBytes: modulus.contents.length };
  }
  if (same(EC_KEY, identifier?.raw)) return { keyType: 'ec', signatureBytes: ecdsaBytes(key.contents) };
  return { keyType: 'other', signatureBytes: 0 };
}

function readParts(der: Uint8Array): CertificateParts {
  const certificate = readElement(der);
  if (!certificate || certificate.tag !== tags.sequence || certificate.raw.length !== der.length)
    throw bad('structure');
  const [tbs] = children(certificate);
  const fields = children(tbs);
  if (fields[0]?.tag === 0xa0) fields.shift();
  const [serialNumber, , issuer, , subject, publicKey] = fields;
  if (!serialNumber || serialNumber.tag !== tags.integer || !issuer) throw bad('structure');
  return {
    issuer: issuer.raw,
    serialNumber: serialNumber.raw,
    commonName: commonNameOf(subject),
    ...keyOf(publicKey),
  };
}

/** @param der X.509 certificate @throws PadesError bad-certificate */
export const certificateParts = onceFor(readParts);
