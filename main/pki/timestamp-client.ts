/** A timestamp authority over HTTP (RFC 3161, 2.4 and 3.4): asks with a nonce, and believes nothing it has not checked. */
import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../platform/clock.ts';
import type { HttpPort } from '../platform/http.ts';
import { urlProblem } from '../platform/secure-url.ts';
import { readCertificate } from './certificate.ts';
import { Fields, readElement, tags, within } from './der.ts';
import { readSmallInteger } from './der-values.ts';
import {
  writeDigestAlgorithm,
  writeElement,
  writeInteger,
  writeOctets,
  writeOid,
  writeSequence,
} from './der-writer.ts';
import { fetchBody } from './fetch.ts';
import { PkiError, type TimestampAuthority, type TimestampOutcome } from './port.ts';
import { readTimestampToken, verifyTimestampToken } from './timestamp-token.ts';

export interface TimestampAuthorityOptions {
  readonly url: string;
  readonly http: HttpPort;
  /** Tells how long a Retry-After date is away. */
  readonly clock: Clock;
  /** Whole exchange, milliseconds. */
  readonly timeoutMs: number;
  /** 1 to 32 octets, other ones each time; 8 random ones unless given. */
  readonly randomNonce?: () => Uint8Array;
  /** Dotted; a token under another policy is refused. */
  readonly policy?: string;
  readonly basicAuth?: BasicAuth;
}

export interface BasicAuth {
  readonly user: string;
  readonly password: string;
}

type Unavailable = Extract<TimestampOutcome, { kind: 'unavailable' }>;

const maxResponseBytes = 256 * 1024;
/** RFC 9110, 15.5.2. */
const UNAUTHORIZED = 401;
const unavailable = (code: Unavailable['code'], retryAfterMs?: number): Unavailable => ({
  kind: 'unavailable',
  code,
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});

/** Content octets of a positive INTEGER that is as random as the octets given. */
function toPositiveInteger(octets: Uint8Array): Uint8Array {
  const first = octets[0];
  if (first === undefined || octets.length > 32) throw new RangeError('nonce of 1 to 32 octets');
  return Uint8Array.from([(first & 0x3f) | 0x40, ...octets.subarray(1)]);
}

const sha256Id = '2.16.840.1.101.3.4.2.1';

/** TimeStampReq, version 1, SHA-256 imprint, policy where one is asked for, nonce, certReq (RFC 3161, 2.4.1). */
function encodeRequest(imprint: Uint8Array, nonce: Uint8Array, policy: string | undefined): Uint8Array {
  return writeSequence(
    writeInteger(Uint8Array.of(1)),
    writeSequence(writeDigestAlgorithm(sha256Id), writeOctets(imprint)),
    ...(policy === undefined ? [] : [writeOid(policy)]),
    writeInteger(nonce),
    writeElement(tags.boolean, Uint8Array.of(0xff)),
  );
}

/** The token of a granted TimeStampResp; undefined for a refusal (RFC 3161, 2.4.2: granted 0, grantedWithMods 1). */
function readResponse(body: Uint8Array): Uint8Array | undefined {
  return within('bad-response', () => {
    const fields = new Fields(readElement(body, maxResponseBytes));
    const status = readSmallInteger(new Fields(fields.any()).any());
    if (status > 1) return undefined;
    const token = fields.take(tags.sequence);
    fields.end();
    return token.whole;
  });
}

interface Asked {
  readonly imprint: Uint8Array;
  readonly nonce: Uint8Array;
  readonly policy: string | undefined;
}

function judgeToken(token: Uint8Array, { imprint, nonce, policy }: Asked): TimestampOutcome {
  const read = readTimestampToken(token);
  const verdict = verifyTimestampToken(read, (algorithm) => (algorithm === 'sha256' ? imprint : undefined));
  const { valid, problems, certificate, at } = verdict;
  if (problems.includes('unreadable')) return unavailable('bad-response');
  if (problems.includes('wrong-imprint')) return unavailable('wrong-imprint');
  if (!read.nonce || Buffer.compare(read.nonce, nonce) !== 0) return unavailable('wrong-nonce');
  if (policy !== undefined && read.policy !== policy) return unavailable('wrong-policy');
  if (!valid || !certificate || at === undefined) return unavailable('bad-signature');
  const { notBefore, notAfter } = readCertificate(certificate);
  if (at < notBefore || at > notAfter) return unavailable('bad-signature');
  return { kind: 'granted', token, at };
}

function judgeBody(body: Uint8Array, asked: Asked): TimestampOutcome {
  try {
    const token = readResponse(body);
    return token ? judgeToken(token, asked) : unavailable('rejected');
  } catch (error) {
    if (error instanceof PkiError) return unavailable('bad-response');
    throw error;
  }
}

/** RFC 7617: for https or loopback alone, where the HTTP port lets nothing else through. */
function authorization(basicAuth: BasicAuth | undefined): Record<string, string> {
  if (!basicAuth) return {};
  const pair = Buffer.from(`${basicAuth.user}:${basicAuth.password}`, 'utf8').toString('base64');
  return { authorization: `Basic ${pair}` };
}

/**
 * The authority at `url`. `rejected` is its refusal, or an address it cannot be asked at; `bad-signature` a token whose signature,
 * certificate (purpose, validity at its own time, binding by hash) or signed attributes are wrong; `bad-response` anything that
 * is no TimeStampResp. The chain of its certificate is not judged here.
 */
export function createTimestampAuthority(options: TimestampAuthorityOptions): TimestampAuthority {
  const { url, http, clock, timeoutMs, policy, basicAuth, randomNonce = () => randomBytes(8) } = options;
  return {
    async timestamp(stamped, signal) {
      const nonce = toPositiveInteger(randomNonce());
      const imprint = stamped instanceof Uint8Array ? createHash('sha256').update(stamped).digest() : stamped.sha256;
      // A name and password never go over plain HTTP, but to this computer.
      if (basicAuth && urlProblem(url, false)) return unavailable('rejected');
      const fetched = await fetchBody(
        http,
        clock,
        {
          method: 'POST',
          url,
          headers: {
            'content-type': 'application/timestamp-query',
            accept: 'application/timestamp-reply',
            ...authorization(basicAuth),
          },
          body: encodeRequest(imprint, nonce, policy),
          timeoutMs,
          maxResponseBytes,
        },
        signal,
      );
      // Asking again with the same password may lock its account.
      if (fetched.kind === 'failed' && fetched.status === UNAUTHORIZED) return unavailable('rejected');
      if (fetched.kind === 'failed') return unavailable(fetched.code, fetched.retryAfterMs);
      return judgeBody(fetched.body, { imprint, nonce, policy });
    },
  };
}
