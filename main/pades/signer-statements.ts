/**
 * What a signer may state in signed attributes beyond what every signature has (ETSI EN 319 122-1, annex D for the ASN.1, whose tags are
 * explicit): the commitment made, where the signer was, the policy signed under.
 */
import { digestAlgorithmOf, type HashName } from './algorithms.ts';
import { attribute, element, isObjectIdentifier, objectIdentifier, octetString, sequence, tags } from './der.ts';
import { PadesError } from './prepared-signature.ts';

/** The commitments of EN 319 122-1, 5.2.3 (RFC 5126, 5.11.1): id-cti-ets. */
export const commitments = {
  origin: '1.2.840.113549.1.9.16.6.1',
  receipt: '1.2.840.113549.1.9.16.6.2',
  delivery: '1.2.840.113549.1.9.16.6.3',
  sender: '1.2.840.113549.1.9.16.6.4',
  approval: '1.2.840.113549.1.9.16.6.5',
  creation: '1.2.840.113549.1.9.16.6.6',
} as const;

/** At least one of the three (EN 319 122-1, 5.2.5). */
export interface SignerLocation {
  /** ISO 3166, two letters. */
  readonly country?: string | undefined;
  readonly locality?: string | undefined;
  /** One to six lines. */
  readonly postalAddress?: readonly string[] | undefined;
}

export interface SignaturePolicy {
  /** Object identifier, dotted. */
  readonly id: string;
  /** Of the policy itself. Its place is not left empty: readers of RFC 5126 refuse a policy without it. */
  readonly hash: { readonly algorithm: HashName; readonly value: Uint8Array };
  /** Where the policy is to be had: ASCII. */
  readonly uri?: string | undefined;
}

export interface SignerStatements {
  /** Object identifier of the commitment's type, dotted. */
  readonly commitment?: string | undefined;
  readonly location?: SignerLocation | undefined;
  readonly policy?: SignaturePolicy | undefined;
}

const COMMITMENT_TYPE = objectIdentifier('1.2.840.113549.1.9.16.2.16');
const SIGNER_LOCATION = objectIdentifier('1.2.840.113549.1.9.16.2.17');
const SIGNATURE_POLICY = objectIdentifier('1.2.840.113549.1.9.16.2.15');
/** id-spq-ets-uri: SPuri, an IA5String (EN 319 122-1, 5.2.9.2). */
const POLICY_URI = objectIdentifier('1.2.840.113549.1.9.16.5.1');

function oid(dotted: string): Uint8Array {
  if (!isObjectIdentifier(dotted)) throw new RangeError('no object identifier');
  return objectIdentifier(dotted);
}

/** DirectoryString. */
const utf8 = (text: string) => element(tags.utf8String, Buffer.from(text, 'utf8'));

function locationValue({ country, locality, postalAddress = [] }: SignerLocation): Uint8Array {
  const parts = [
    ...(country === undefined ? [] : [element(0xa0, utf8(country))]),
    ...(locality === undefined ? [] : [element(0xa1, utf8(locality))]),
    ...(postalAddress.length === 0 ? [] : [element(0xa2, sequence(...postalAddress.map(utf8)))]),
  ];
  if (parts.length === 0 || postalAddress.length > 6) throw new RangeError('no signer location');
  return sequence(...parts);
}

function policyValue({ id, hash, uri }: SignaturePolicy): Uint8Array {
  const digest = sequence(digestAlgorithmOf(hash.algorithm), octetString(hash.value));
  const qualifiers =
    uri === undefined ? [] : [sequence(sequence(POLICY_URI, element(tags.ia5String, Buffer.from(uri, 'latin1'))))];
  return sequence(oid(id), digest, ...qualifiers);
}

/**
 * commitment-type-indication (5.2.3), signer-location (5.2.5), signature-policy-identifier (5.2.9.1), each where it is stated.
 * @returns Attributes, DER
 * @throws RangeError for what is no object identifier or no location
 */
export function statedAttributes({ commitment, location, policy }: SignerStatements): Uint8Array[] {
  return [
    ...(commitment === undefined ? [] : [attribute(COMMITMENT_TYPE, sequence(oid(commitment)))]),
    ...(location === undefined ? [] : [attribute(SIGNER_LOCATION, locationValue(location))]),
    ...(policy === undefined ? [] : [attribute(SIGNATURE_POLICY, policyValue(policy))]),
  ];
}

/**
 * In a PDF a commitment or a policy takes the place of the dictionary's /Reason (ETSI EN 319 142-1, 6.3, requirements d and m).
 * @throws PadesError reason-excluded
 */
export function checkReasonAllowed(reason: string | undefined, { commitment, policy }: SignerStatements): void {
  if (reason === undefined || reason === '') return;
  if (commitment !== undefined) throw new PadesError('reason-excluded', 'commitment-type-indication');
  if (policy !== undefined) throw new PadesError('reason-excluded', 'signature-policy-identifier');
}
