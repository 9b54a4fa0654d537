/** A token host's snapshot as the window shows it: identities with what they are for, and why one cannot sign. */
import { planSigning } from '../../native/client.ts';
import type { SignatureScheme, TokenKey, TokenSnapshot } from '../../native/token-port.ts';
import type { SigningIdentity, TokenView } from '../../preload/model.ts';
import type { CertificateFacts } from '../pki/port.ts';
import { type AccountIdentity, matchProviderIdentities } from './identity-match.ts';

export interface ViewContext {
  readonly parseCertificate: (der: Uint8Array) => CertificateFacts;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly identities: readonly AccountIdentity[];
  /** The answer to reset of the card in a reader, hex, where it is known. */
  readonly atrOf: (slotDescription: string) => string | undefined;
}

/** A key that the desk can ask a batch for. */
export interface KnownKey {
  readonly identity: SigningIdentity;
  readonly key: TokenKey;
  /** Undefined where no scheme fits key and token. */
  readonly scheme: SignatureScheme | undefined;
}

export interface KnownToken {
  readonly modulePath: string;
  readonly snapshot: TokenSnapshot;
  readonly keys: readonly KnownKey[];
  readonly view: TokenView;
}

/** The model's token id. */
export function tokenId(token: { manufacturerId: string; serialNumber: string }): string {
  return `${token.manufacturerId}/${token.serialNumber}`;
}

export function toKnownToken(modulePath: string, snapshot: TokenSnapshot, context: ViewContext): KnownToken {
  const keys = snapshot.keys
    .flatMap((key) => toKnownKey(key, snapshot, context) ?? [])
    .sort((a, b) => rank(a) - rank(b))
    .reduce(withUniqueIds, [])
    .map(({ nonRepudiation: _, ...known }) => known);
  const { loginRequired: _, ...pin } = snapshot.pin;
  const atr = context.atrOf(snapshot.slotDescription);
  const view: TokenView = {
    id: tokenId(snapshot),
    label: snapshot.label,
    manufacturer: snapshot.manufacturerId,
    model: snapshot.model,
    serialNumber: snapshot.serialNumber,
    modulePath,
    slotDescription: snapshot.slotDescription,
    ...(atr === undefined ? {} : { atr }),
    pin,
    identities: keys.map(({ identity }) => identity),
  };
  return { modulePath, snapshot, keys, view };
}

type RankedKey = KnownKey & { readonly nonRepudiation: boolean };

/** Those that can sign before those that cannot; among them the ones made for signing documents first. */
function rank({ identity, nonRepudiation }: RankedKey): number {
  return (identity.disabledReason === undefined ? 0 : 2) + (nonRepudiation ? 0 : 1);
}

/** Two certificates of one key (renewed) share its CKA_ID: the later ones in rank get their certificate's serial added. */
function withUniqueIds(done: readonly RankedKey[], next: RankedKey): RankedKey[] {
  const taken = done.some(({ identity }) => identity.id === next.identity.id);
  if (!taken) return [...done, next];
  const id = `${next.identity.id}/${next.identity.certificateSerial}`;
  return [...done, { ...next, identity: { ...next.identity, id } }];
}

/** Undefined where the certificate cannot be read. */
function toKnownKey(key: TokenKey, token: TokenSnapshot, context: ViewContext): RankedKey | undefined {
  const facts = tryParse(key.certificate, context);
  if (!facts) return undefined;
  const scheme = bestScheme(facts, token.mechanisms);
  const reason = disabledReason(facts, key, token, scheme, context.now);
  const atr = context.atrOf(token.slotDescription);
  const identity: SigningIdentity = {
    id: `${token.serialNumber}/${key.keyId}`,
    subject: facts.subject,
    commonName: facts.commonName,
    issuer: facts.issuer,
    certificateSerial: facts.serialNumber,
    notBefore: facts.notBefore,
    notAfter: facts.notAfter,
    keyType: facts.keyType,
    keySizeBits: facts.keySizeBits,
    ...(reason === undefined ? {} : { disabledReason: reason }),
    ...usesOf(facts),
    providerIdentities: matchProviderIdentities({ ...token, atr, certificate: key.certificate }, context.identities),
  };
  return { identity, key, scheme, nonRepudiation: facts.keyUsage?.nonRepudiation ?? false };
}

/** What the certificate says its key is for. */
function usesOf({ keyUsageNames, extendedKeyUsage, qualified }: CertificateFacts) {
  return {
    ...(keyUsageNames ? { keyUsage: [...keyUsageNames] } : {}),
    ...(extendedKeyUsage ? { extendedKeyUsage: [...extendedKeyUsage] } : {}),
    ...(qualified
      ? { qualified: { ...qualified, types: [...qualified.types], legislations: [...qualified.legislations] } }
      : {}),
  };
}

function tryParse(der: Uint8Array, context: ViewContext): CertificateFacts | undefined {
  try {
    return context.parseCertificate(der);
  } catch {
    return undefined;
  }
}

/** PKCS#1 v1.5 before PSS, which fewer validators read; ECDSA with the hash of the curve's strength (FIPS 186-5). */
export function bestScheme(
  facts: Pick<CertificateFacts, 'keyType' | 'keySizeBits'>,
  mechanisms: readonly number[],
): SignatureScheme | undefined {
  const candidates: readonly SignatureScheme[] =
    facts.keyType === 'rsa'
      ? ['rsa-pkcs1-sha256', 'rsa-pss-sha256', 'rsa-pkcs1-sha512', 'rsa-pss-sha512']
      : facts.keyType === 'ec'
        ? [facts.keySizeBits > 384 ? 'ecdsa-sha512' : facts.keySizeBits > 256 ? 'ecdsa-sha384' : 'ecdsa-sha256']
        : [];
  return candidates.find((scheme) => planSigning(scheme, mechanisms) !== undefined);
}

function disabledReason(
  facts: CertificateFacts,
  key: TokenKey,
  token: TokenSnapshot,
  scheme: SignatureScheme | undefined,
  now: number,
): SigningIdentity['disabledReason'] {
  if (scheme === undefined) return 'unsupported-key';
  // Behind a login an unseen key may still be there; only a token that shows everything can lack it for certain.
  if (!key.privateKeySeen && !token.pin.loginRequired) return 'no-private-key';
  const { keyUsage } = facts;
  if (keyUsage && !keyUsage.digitalSignature && !keyUsage.nonRepudiation) return 'key-usage';
  if (now < facts.notBefore) return 'not-yet-valid';
  if (now > facts.notAfter) return 'expired';
  return token.pin.locked ? 'token-locked' : undefined;
}
