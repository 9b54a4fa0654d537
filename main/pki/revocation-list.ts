/** Certificate revocation lists, complete and delta (RFC 5280, 5): read without holding their entries, and judged. */
import type { Certificate } from './certificate.ts';
import { badEncoding, childrenOf, type Element, eachChild, Fields, readElement, tags, within } from './der.ts';
import { readBitString, readIntegerBytes, readTime } from './der-values.ts';
import { type Extension, httpUrls, readAll } from './extensions.ts';
import { sameName } from './name.ts';
import type { Asked } from './ocsp.ts';
import {
  freshnessProblem,
  type RevocationProblem,
  type RevocationStatus,
  statusAt,
  unknownStatus,
} from './revocation.ts';
import { checkSignature, readScheme } from './signature-check.ts';

const maxListBytes = 64 * 1024 * 1024;

const ids = {
  listNumber: '2.5.29.20',
  reason: '2.5.29.21',
  deltaIndicator: '2.5.29.27',
  issuingPoint: '2.5.29.28',
  entryIssuer: '2.5.29.29',
  authorityKey: '2.5.29.35',
  freshest: '2.5.29.46',
  expiredKept: '2.5.29.60',
} as const;
const understood = new Set<string>([ids.listNumber, ids.deltaIndicator, ids.issuingPoint, ids.authorityKey]);

/** Reason removeFromCRL (RFC 5280, 5.3.1): a delta takes the entry off its base. */
const REMOVED = 8;

export interface RevocationList {
  readonly signedPart: Uint8Array;
  readonly signatureAlgorithm: Element;
  readonly signature: Uint8Array;
  readonly issuer: Element;
  readonly thisUpdate: number;
  readonly nextUpdate: number | undefined;
  readonly entries: Element | undefined;
  readonly number: bigint | undefined;
  /** Set for a delta: the number of the list it completes. */
  readonly baseNumber: bigint | undefined;
  readonly scope: Scope;
  /** Certificates that ended after this moment are kept on the list (X.509, 9.5.2.8). */
  readonly expiredKeptFrom: number | undefined;
  readonly unknownCritical: boolean;
}

interface Scope {
  readonly usersOnly: boolean;
  readonly authoritiesOnly: boolean;
  /** Some reasons, or attribute certificates only. */
  readonly partial: boolean;
  readonly indirect: boolean;
  /** Of the distribution point it is for; empty where it names none. */
  readonly urls: readonly string[];
}

const readNumber = (value: Uint8Array): bigint =>
  BigInt(`0x0${Buffer.from(readIntegerBytes(readElement(value, value.length))).toString('hex')}`);

/** IssuingDistributionPoint (RFC 5280, 5.2.5). */
function readScope(extension: Extension | undefined): Scope {
  const fields = extension && new Fields(readElement(extension.value, extension.value.length));
  const point = fields?.optional(0xa0);
  const flag = (tag: number) => {
    const found = fields?.optional(tag);
    return found !== undefined && found.content.length === 1 && found.content[0] !== 0;
  };
  const [usersOnly, authoritiesOnly] = [flag(0x81), flag(0x82)];
  const someReasons = fields?.optional(0x83) !== undefined;
  const [indirect, attributesOnly] = [flag(0x84), flag(0x85)];
  fields?.end();
  const fullName = point && childrenOf(point)[0];
  return {
    usersOnly,
    authoritiesOnly,
    partial: someReasons || attributesOnly,
    indirect,
    urls: fullName?.tag === 0xa0 ? httpUrls(childrenOf(fullName)) : [],
  };
}

/** @throws PkiError bad-response */
export function readRevocationList(der: Uint8Array): RevocationList {
  return within('bad-response', () => {
    const outer = new Fields(readElement(der, maxListBytes));
    const part = outer.take(tags.sequence);
    const signatureAlgorithm = outer.take(tags.sequence);
    const signature = readBitString(outer.any());
    outer.end();
    const fields = new Fields(part);
    fields.optional(tags.integer);
    const inner = fields.take(tags.sequence);
    if (Buffer.compare(inner.whole, signatureAlgorithm.whole) !== 0) throw badEncoding('two algorithms');
    const issuer = fields.take(tags.sequence);
    const thisUpdate = readTime(fields.any());
    const next = fields.optional(tags.utcTime) ?? fields.optional(tags.generalizedTime);
    const entries = fields.optional(tags.sequence);
    const wrapper = fields.optional(0xa0);
    fields.end();
    const extensions = wrapper
      ? readAll(readElement(wrapper.content, wrapper.content.length))
      : new Map<string, Extension>();
    const [number, base] = [extensions.get(ids.listNumber), extensions.get(ids.deltaIndicator)];
    const expired = extensions.get(ids.expiredKept)?.value;
    return {
      signedPart: part.whole,
      signatureAlgorithm,
      signature,
      issuer,
      thisUpdate,
      nextUpdate: next && readTime(next),
      entries,
      number: number && readNumber(number.value),
      baseNumber: base && readNumber(base.value),
      scope: readScope(extensions.get(ids.issuingPoint)),
      expiredKeptFrom: expired && readTime(readElement(expired, expired.length)),
      unknownCritical: [...extensions].some(([id, { critical }]) => critical && !understood.has(id)),
    };
  });
}

type Found = { readonly at: number; readonly reason: number | undefined } | 'indirect' | 'unknown-critical' | undefined;

function readEntry(fields: Fields): Found {
  const at = readTime(fields.any());
  const list = fields.optional(tags.sequence);
  fields.end();
  const extensions = list ? readAll(list) : new Map<string, Extension>();
  if (extensions.has(ids.entryIssuer)) return 'indirect';
  if ([...extensions].some(([id, { critical }]) => critical && id !== ids.reason)) return 'unknown-critical';
  const reason = extensions.get(ids.reason)?.value;
  return { at, reason: reason && readElement(reason, reason.length).content[0] };
}

/** One pass over the entries; only the wanted one is read. */
function findEntry(list: RevocationList, serialNumber: Uint8Array): Found {
  if (!list.entries) return undefined;
  for (const entry of eachChild(list.entries)) {
    const fields = new Fields(entry);
    if (Buffer.compare(readIntegerBytes(fields.any()), serialNumber) === 0) return readEntry(fields);
  }
  return undefined;
}

const verified = new WeakMap<RevocationList, Map<string, boolean>>();

/** Checked once per issuer's key: a file's lists are asked about each certificate of each chain. */
function isSignedBy(list: RevocationList, issuer: Certificate): boolean {
  const known = verified.get(list) ?? new Map<string, boolean>();
  verified.set(list, known);
  const key = Buffer.from(issuer.publicKey).toString('latin1');
  const found = known.get(key);
  if (found !== undefined) return found;
  const scheme = readScheme(list.signatureAlgorithm);
  const valid = checkSignature(scheme, issuer, list.signedPart, list.signature) === 'valid';
  known.set(key, valid);
  return valid;
}

function signatureProblem(list: RevocationList, issuer: Certificate): RevocationProblem | undefined {
  const { keyUsage } = issuer.extensions;
  if (keyUsage && !keyUsage.crlSign) return 'responder-unauthorised';
  return isSignedBy(list, issuer) ? undefined : 'bad-signature';
}

function scopeProblem({ scope, unknownCritical }: RevocationList, of: Certificate): RevocationProblem | undefined {
  if (unknownCritical) return 'unknown-critical';
  if (scope.indirect) return 'indirect-list';
  const { isCa, listUrls, deltaUrls } = of.extensions;
  if (scope.partial || (isCa ? scope.usersOnly : scope.authoritiesOnly)) return 'partial-list';
  const named = [...listUrls, ...deltaUrls];
  const elsewhere = scope.urls.length > 0 && !scope.urls.some((url) => named.includes(url));
  return elsewhere && named.length > 0 ? 'partial-list' : undefined;
}

function listProblem(list: RevocationList, { certificate, issuer, at, now }: Asked): RevocationProblem | undefined {
  // RFC 5280, 6.3.3 (b): the list's issuer is the certificate's, as the list is no indirect one.
  if (!sameName(list.issuer, certificate.issuer) || !sameName(list.issuer, issuer.subject)) {
    return list.scope.indirect ? 'indirect-list' : 'wrong-issuer';
  }
  return scopeProblem(list, certificate) ?? signatureProblem(list, issuer) ?? freshnessProblem(list, at, now);
}

function deltaProblem(base: RevocationList, delta: RevocationList): RevocationProblem | undefined {
  if (delta.baseNumber === undefined || base.number === undefined || delta.number === undefined) {
    return 'delta-mismatch';
  }
  // RFC 5280, 5.2.4: the base is the one the delta names or a later one, and not later than the delta.
  return base.number >= delta.baseNumber && base.number <= delta.number ? undefined : 'delta-mismatch';
}

function judgeEntry(found: Exclude<Found, undefined>): RevocationStatus {
  if (found === 'indirect') return unknownStatus('indirect-list');
  if (found === 'unknown-critical') return unknownStatus(found);
  return found.reason === REMOVED ? { kind: 'good' } : { kind: 'revoked', ...found };
}

export interface ListVerdict {
  readonly status: RevocationStatus;
  readonly thisUpdate: number | undefined;
  readonly nextUpdate: number | undefined;
}

/**
 * The status by a complete list and, where one is given, the delta to it.
 * @throws PkiError bad-response where an entry cannot be read
 */
export function judgeRevocationList(base: RevocationList, asked: Asked, delta?: RevocationList): ListVerdict {
  const newest = delta ?? base;
  const { thisUpdate, nextUpdate } = newest;
  const answer = (status: RevocationStatus) => ({ status, thisUpdate, nextUpdate });
  return within('bad-response', () => {
    if (base.baseNumber !== undefined) return answer(unknownStatus('delta-mismatch'));
    // A delta brings its base up to date, so the base itself may be over.
    const baseAsked = delta ? { ...asked, at: base.thisUpdate } : asked;
    const problem = listProblem(base, baseAsked) ?? (delta && (listProblem(delta, asked) ?? deltaProblem(base, delta)));
    if (problem) return answer(unknownStatus(problem));
    const { serialNumber, notAfter } = asked.certificate;
    const found = (delta && findEntry(delta, serialNumber)) ?? findEntry(base, serialNumber);
    if (found) return answer(statusAt(judgeEntry(found), asked.at));
    // RFC 5280, 3.3: past its end a certificate may be taken off the list.
    const dropped = newest.thisUpdate > notAfter && (newest.expiredKeptFrom ?? Infinity) > notAfter;
    return answer(dropped ? unknownStatus('after-expiry') : { kind: 'good' });
  });
}
