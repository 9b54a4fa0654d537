/** Validation data at hand, asked without a network: whether a chain was good at a time (RFC 5280, 6.3; EN 319 102-1, 5.2.6). */
import { type Certificate, isSelfIssued, readCertificate } from './certificate.ts';
import { findPath } from './chain.ts';
import { type Asked, judgeOcsp, type OcspResponse, readOcspResponse } from './ocsp.ts';
import { PkiError } from './port.ts';
import { type RevocationProblem, type RevocationStatus, unknownStatus } from './revocation.ts';
import { judgeRevocationList, type RevocationList, readRevocationList } from './revocation-list.ts';

/** All DER. */
export interface EvidenceMaterial {
  readonly certificates: readonly Uint8Array[];
  readonly ocsps: readonly Uint8Array[];
  readonly lists: readonly Uint8Array[];
}

export interface EvidenceBook {
  /**
   * Of the chain from `leaf` to an anchor: `revoked` where one of it was by `at`, `good` where each one is known to be good, else
   * the first reason why not.
   * @param at the moment the status is wanted for, epoch ms
   * @param now what the clock says, epoch ms
   * @throws PkiError bad-certificate when the leaf cannot be read
   */
  statusOf(leaf: Uint8Array, anchors: readonly Uint8Array[], at: number, now: number): RevocationStatus;
}

const maxItems = 1024;

/** Those that can be read; what cannot proves nothing. */
function readAllOf<T>(items: readonly Uint8Array[], read: (der: Uint8Array) => T | undefined): T[] {
  return items.slice(0, maxItems).flatMap((der) => orNothing(() => read(der)) ?? []);
}

function orNothing<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}

const readLists = new WeakMap<Uint8Array, RevocationList>();
const readResponses = new WeakMap<Uint8Array, OcspResponse>();

/** The same bytes, held by several books, are read once. */
function once<T extends object>(known: WeakMap<Uint8Array, T>, read: (der: Uint8Array) => T | undefined) {
  return (der: Uint8Array): T | undefined => {
    const found = known.get(der) ?? read(der);
    if (found) known.set(der, found);
    return found;
  };
}

/** Reasons that say less than any other. */
const silent = new Set<RevocationProblem>(['no-source', 'wrong-certificate', 'wrong-issuer']);

/** Revoked before good before unknown; of two unknown ones the more telling. */
function better(a: RevocationStatus, b: RevocationStatus): RevocationStatus {
  if (a.kind === 'revoked' || b.kind === 'revoked') return a.kind === 'revoked' ? a : b;
  if (a.kind === 'good' || b.kind === 'good') return { kind: 'good' };
  return silent.has(a.code) ? b : a;
}

class Book implements EvidenceBook {
  readonly #certificates: readonly Uint8Array[];
  readonly #ocsps: readonly OcspResponse[];
  readonly #complete: readonly RevocationList[];
  readonly #deltas: readonly RevocationList[];

  constructor({ certificates, ocsps, lists }: EvidenceMaterial) {
    const read = readAllOf(lists, once(readLists, readRevocationList));
    this.#ocsps = readAllOf(ocsps, once(readResponses, readOcspResponse));
    this.#certificates = [...certificates.slice(0, maxItems), ...this.#ocsps.flatMap((one) => one.certificates)];
    this.#complete = read.filter(({ baseNumber }) => baseNumber === undefined);
    this.#deltas = read.filter(({ baseNumber }) => baseNumber !== undefined);
  }

  #byLists(asked: Asked): RevocationStatus {
    let status = unknownStatus('no-source');
    for (const list of this.#complete) {
      for (const delta of [undefined, ...this.#deltas]) {
        const verdict = orNothing(() => judgeRevocationList(list, asked, delta));
        if (verdict) status = better(status, verdict.status);
      }
    }
    return status;
  }

  #byResponders(asked: Asked): RevocationStatus {
    let status = unknownStatus('no-source');
    for (const response of this.#ocsps) {
      const verdict = orNothing(() => judgeOcsp(response, asked));
      if (!verdict) continue;
      const { delegate } = verdict;
      const doubted = delegate && !delegate.extensions.ocspNoCheck && this.#doubts(delegate, asked);
      status = better(status, doubted || verdict.status);
    }
    return status;
  }

  /** A responder that does not say nocheck must be good itself (RFC 6960, 4.2.2.2.1). */
  #doubts(delegate: Certificate, { issuer, at, now }: Asked): RevocationStatus | undefined {
    const own = this.#byLists({ certificate: delegate, issuer, at, now });
    return own.kind === 'good' ? undefined : unknownStatus('responder-unauthorised');
  }

  statusOf(leaf: Uint8Array, anchors: readonly Uint8Array[], at: number, now: number): RevocationStatus {
    const path = [leaf, ...findPath(leaf, [...this.#certificates, ...anchors])];
    let found: RevocationStatus = { kind: 'good' };
    for (const [index, der] of path.entries()) {
      if (anchors.some((anchor) => Buffer.compare(anchor, der) === 0)) return found;
      const certificate = readCertificate(der);
      const issuerDer = path[index + 1];
      if (!issuerDer) return isSelfIssued(certificate) ? found : worse(found, unknownStatus('no-source'));
      const asked = { certificate, issuer: readCertificate(issuerDer), at, now };
      found = worse(found, better(this.#byResponders(asked), this.#byLists(asked)));
    }
    return found;
  }
}

function worse(a: RevocationStatus, b: RevocationStatus): RevocationStatus {
  if (a.kind === 'revoked' || b.kind === 'revoked') return a.kind === 'revoked' ? a : b;
  return a.kind === 'unknown' ? a : b;
}

export const createEvidenceBook = (material: EvidenceMaterial): EvidenceBook => new Book(material);
