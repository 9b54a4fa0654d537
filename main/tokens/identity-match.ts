/** Which of the providers' identity records a key answers to: by the token's serial, by card and reader, by certificate. */
import type { ProviderIdentity } from '../providers/provider.ts';

export interface AccountIdentity {
  readonly accountId: string;
  readonly identity: ProviderIdentity;
}

export interface MatchableKey {
  readonly serialNumber: string;
  readonly manufacturerId: string;
  readonly slotDescription: string;
  /** The card's answer to reset, hex, where PC/SC told it. */
  readonly atr: string | undefined;
  /** DER. */
  readonly certificate: Uint8Array;
}

/** `<accountId>/<identity id>` of every record the key answers to. */
export function matchProviderIdentities(key: MatchableKey, identities: readonly AccountIdentity[]): string[] {
  return identities
    .filter(({ identity }) => isIdentityOf(key, identity))
    .map(({ accountId, identity }) => `${accountId}/${identity.id}`);
}

/**
 * The first of serial, card and certificate that the record states decides which token it is; a certificate in the record
 * then says which of that token's keys.
 */
function isIdentityOf(key: MatchableKey, identity: ProviderIdentity): boolean {
  const sameCertificate = identity.certificate ? equalBytes(identity.certificate, key.certificate) : undefined;
  const onToken = isSameToken(key, identity) ?? isSameCard(key, identity);
  return onToken === undefined ? sameCertificate === true : onToken && sameCertificate !== false;
}

function isSameToken(key: MatchableKey, identity: ProviderIdentity): boolean | undefined {
  const serial = plain(identity.tokenSerialNumber);
  if (serial === undefined) return undefined;
  const manufacturer = plain(identity.tokenManufacturerId);
  return (
    serial === plain(key.serialNumber) && (manufacturer === undefined || manufacturer === plain(key.manufacturerId))
  );
}

/** A reader's name alone says nothing about the card in it: undecided without both answers to reset. */
function isSameCard(key: MatchableKey, identity: ProviderIdentity): boolean | undefined {
  const atr = hexDigits(identity.atr);
  if (atr === undefined || key.atr === undefined) return undefined;
  const reader = plain(identity.reader);
  return atr === hexDigits(key.atr) && (reader === undefined || reader === plain(key.slotDescription));
}

/** Blank-padded as PKCS#11 has it, or not: the same. */
function plain(text: string | undefined): string | undefined {
  const trimmed = text?.replaceAll('\0', ' ').trim();
  return trimmed === '' ? undefined : trimmed;
}

function hexDigits(text: string | undefined): string | undefined {
  const digits = text?.replace(/[^0-9a-f]/gi, '').toLowerCase();
  return digits === '' ? undefined : digits;
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
