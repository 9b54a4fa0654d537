/** A signature field's seed value: what the author of the form asks of the signature (ISO 32000-2, 12.7.5.5, Tables 237 to 239). */
import { dictAt, type PdfDocument } from './document.ts';
import { PdfError } from './errors.ts';
import { countOf, isArray, isString, type Maybe, nameOf, type PdfDict, type PdfObject } from './objects.ts';
import { decodeText } from './text-string.ts';

/** What the signature to be made is like, as far as a seed value may speak of it. */
export interface Offer {
  readonly subFilter: string;
  /** As `SHA256`. */
  readonly digestMethod: string;
  readonly reason: string | undefined;
  readonly hasTimestamp: boolean;
  /** DER: the signer's, then those of its chain. */
  readonly certificates: readonly Uint8Array[];
  /** 1 to 3 for a certification. */
  readonly certify: 1 | 2 | 3 | undefined;
}

/** /Ff of the seed value: which of its entries are required. */
const required = {
  Filter: 1 << 0,
  SubFilter: 1 << 1,
  V: 1 << 2,
  Reasons: 1 << 3,
  LegalAttestation: 1 << 4,
  AddRevInfo: 1 << 5,
  DigestMethod: 1 << 6,
  LockDocument: 1 << 7,
} as const;

/** /Ff of the certificate seed value. */
const certificateRequired = {
  Subject: 1 << 0,
  Issuer: 1 << 1,
  rest: (1 << 2) | (1 << 3) | (1 << 5) | (1 << 6),
} as const;
/** The newest version of a seed value that is understood in full. */
const KNOWN_VERSION = 3;

const refused = (entry: string) => new PdfError('seed-value', entry);

async function listAt(document: PdfDocument, dict: PdfDict, key: string): Promise<PdfObject[]> {
  const value = await document.resolve(dict.get(key));
  const items: PdfObject[] = [];
  for (const item of isArray(value) ? value.slice(0, 256) : []) items.push(await document.resolve(item));
  return items;
}

const texts = (items: readonly PdfObject[]) => items.filter(isString).map(decodeText);
const plainName = (text: string) => text.toUpperCase().replaceAll('-', '');

async function checkReason(document: PdfDocument, seed: PdfDict, offer: Offer): Promise<void> {
  const reasons = texts(await listAt(document, seed, 'Reasons'));
  const none = reasons.length === 0 || (reasons.length === 1 && reasons[0] === '.');
  // No reason, or a full stop alone, says that none may be given.
  if (none ? (offer.reason ?? '') !== '' : !reasons.includes(offer.reason ?? '')) throw refused('Reasons');
}

async function checkCertificate(document: PdfDocument, value: Maybe, { certificates }: Offer): Promise<void> {
  const seed = await dictAt(document, value);
  if (!seed) return;
  const flags = countOf(await document.resolve(seed.get('Ff'))) ?? 0;
  const isListed = async (key: string, offered: readonly Uint8Array[]) =>
    (await listAt(document, seed, key)).some(
      (item) => isString(item) && offered.some((one) => Buffer.compare(one, item.bytes) === 0),
    );
  if (flags & certificateRequired.Subject && !(await isListed('Subject', certificates.slice(0, 1)))) {
    throw refused('Cert Subject');
  }
  if (flags & certificateRequired.Issuer && !(await isListed('Issuer', certificates.slice(1)))) {
    throw refused('Cert Issuer');
  }
  if (flags & certificateRequired.rest) throw refused('Cert');
}

/** P=0 asks for an approval signature, 1 to 3 for a certification. */
async function checkMdp(document: PdfDocument, value: Maybe, offer: Offer): Promise<void> {
  const level = await document.resolve((await dictAt(document, value))?.get('P'));
  if (level === 0 && offer.certify !== undefined) throw refused('MDP 0');
  if ((level === 1 || level === 2 || level === 3) && offer.certify !== level) throw refused(`MDP ${level}`);
}

/** The certification a seed value asks for, if any: what is meant where the person says nothing. */
export async function seededLevel(document: PdfDocument, field: PdfDict): Promise<1 | 2 | 3 | undefined> {
  const seed = await dictAt(document, field.get('SV'));
  const level = await document.resolve((await dictAt(document, seed?.get('MDP')))?.get('P'));
  return level === 1 || level === 2 || level === 3 ? level : undefined;
}

/** @throws PdfError seed-value, its detail the entry that is not met */
export async function assertSeedValue(document: PdfDocument, field: PdfDict, offer: Offer): Promise<void> {
  const seed = await dictAt(document, field.get('SV'));
  if (!seed) return;
  const flags = countOf(await document.resolve(seed.get('Ff'))) ?? 0;
  const asks = (entry: keyof typeof required) => (flags & required[entry]) !== 0 && seed.has(entry);
  const value = (key: string) => document.resolve(seed.get(key));
  if (asks('Filter') && nameOf(await value('Filter')) !== 'Adobe.PPKLite') throw refused('Filter');
  if (asks('SubFilter')) {
    const names = (await listAt(document, seed, 'SubFilter')).map(nameOf);
    if (!names.includes(offer.subFilter)) throw refused('SubFilter');
  }
  const version = await value('V');
  if (asks('V') && !(typeof version === 'number' && version <= KNOWN_VERSION)) throw refused('V');
  if (flags & required.Reasons) await checkReason(document, seed, offer);
  if (asks('LegalAttestation') && offer.certify !== undefined) throw refused('LegalAttestation');
  // Adobe's revocation attribute has no place in a PAdES signature (EN 319 142-1, 6.3).
  if (asks('AddRevInfo') && (await value('AddRevInfo')) === true) throw refused('AddRevInfo');
  if (asks('DigestMethod')) {
    const methods = texts(await listAt(document, seed, 'DigestMethod')).map(plainName);
    if (!methods.includes(plainName(offer.digestMethod))) throw refused('DigestMethod');
  }
  if (asks('LockDocument') && nameOf(await value('LockDocument')) === 'true') throw refused('LockDocument');
  const stamp = await dictAt(document, seed.get('TimeStamp'));
  const stampFlags = countOf(await document.resolve(stamp?.get('Ff'))) ?? 0;
  if (stampFlags & 1 && !offer.hasTimestamp) throw refused('TimeStamp');
  await checkMdp(document, seed.get('MDP'), offer);
  await checkCertificate(document, seed.get('Cert'), offer);
}
