/** All that is needed to judge a certificate later without a network (EN 319 142-1, 5.4): its chain, and each one's revocation. */
import { isSelfIssued, parseCertificate, readCertificate } from './certificate.ts';
import type { ChainBuilder } from './chain-builder.ts';
import type { RevocationProblem, RevocationStatus } from './revocation.ts';
import type { RevocationClient } from './revocation-client.ts';

export interface ValidationDataRequest {
  /** Signer's or timestamp authority's, DER. */
  readonly leaf: Uint8Array;
  /** Certificates at hand, DER. */
  readonly known: readonly Uint8Array[];
  readonly anchors: readonly Uint8Array[];
  /** The moment the status is wanted for, epoch ms. */
  readonly at: number;
  /** Answers fetched before this moment are not used, epoch ms. */
  readonly fetchedSince?: number;
  readonly signal?: AbortSignal;
}

export interface CertificateStanding {
  /** DER. */
  readonly certificate: Uint8Array;
  readonly status: RevocationStatus;
}

export interface ValidationData {
  /** Leaf, issuers, and delegated OCSP responders, DER. */
  readonly certificates: readonly Uint8Array[];
  /** OCSPResponses, DER. */
  readonly ocsps: readonly Uint8Array[];
  /** CertificateLists, DER. */
  readonly lists: readonly Uint8Array[];
  readonly standings: readonly CertificateStanding[];
  /** Empty when the data is whole and every certificate good. */
  readonly problems: readonly ValidationDataProblem[];
}

export interface ValidationDataProblem {
  /** Whose status is missing, RFC 4514 text. */
  readonly subject: string;
  readonly code: 'chain-incomplete' | 'revoked' | RevocationProblem;
}

export interface ValidationDataCollector {
  /** @throws PkiError bad-certificate when the leaf cannot be read; the signal's reason */
  collect(request: ValidationDataRequest): Promise<ValidationData>;
}

const same = (a: Uint8Array) => (b: Uint8Array) => Buffer.compare(a, b) === 0;

/** Each once, in their order. */
export function distinct(items: readonly Uint8Array[]): Uint8Array[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const key = Buffer.from(item).toString('latin1');
    return !seen.has(key) && seen.add(key);
  });
}

function problemOf({ certificate, status }: CertificateStanding): ValidationDataProblem[] {
  if (status.kind === 'good') return [];
  const code = status.kind === 'revoked' ? 'revoked' : status.code;
  return [{ subject: parseCertificate(certificate).subject, code }];
}

export function createValidationDataCollector(chains: ChainBuilder, client: RevocationClient): ValidationDataCollector {
  async function standingOf(certificate: Uint8Array, issuer: Uint8Array, request: ValidationDataRequest) {
    const { at, fetchedSince, signal } = request;
    const question = { at, ...(fetchedSince === undefined ? {} : { fetchedSince }), ...(signal ? { signal } : {}) };
    const answer = await client.check(certificate, issuer, question);
    const { delegate } = answer;
    const answers = [{ certificate, answer }];
    // RFC 6960, 4.2.2.2.1: a responder that does not say nocheck is itself to be asked about, by its list.
    if (delegate && !readCertificate(delegate).extensions.ocspNoCheck) {
      answers.push({
        certificate: delegate,
        answer: await client.check(delegate, issuer, { ...question, listsOnly: true }),
      });
    }
    return answers;
  }

  return {
    async collect(request) {
      const { leaf, known, anchors, signal } = request;
      const { issuers, complete } = await chains.build(leaf, known, anchors, signal);
      const path = [leaf, ...issuers];
      const asked = path.flatMap((certificate, index) => {
        const issuer = path[index + 1];
        const isTrusted = anchors.some(same(certificate)) || isSelfIssued(readCertificate(certificate));
        return issuer && !isTrusted ? [standingOf(certificate, issuer, request)] : [];
      });
      const found = (await Promise.all(asked)).flat();
      const standings = found.map(({ certificate, answer }) => ({ certificate, status: answer.status }));
      const incomplete: ValidationDataProblem[] = complete
        ? []
        : [{ subject: parseCertificate(path.at(-1) ?? leaf).subject, code: 'chain-incomplete' }];
      return {
        certificates: distinct([...path, ...found.flatMap(({ answer }) => (answer.delegate ? [answer.delegate] : []))]),
        ocsps: distinct(found.flatMap(({ answer }) => (answer.ocsp ? [answer.ocsp] : []))),
        lists: distinct(found.flatMap(({ answer }) => answer.lists)),
        standings,
        problems: [...incomplete, ...standings.flatMap(problemOf)],
      };
    },
  };
}
