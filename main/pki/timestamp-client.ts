/** A timestamp authority over HTTP (RFC 3161, 2.4 and 3.4): asks with a nonce, and believes nothing it has not checked. */
import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../platform/clock.ts';
import { HttpError, type HttpErrorCode, type HttpPort, type HttpResponse } from '../platform/http.ts';
import { readCertificate } from './certificate.ts';
import { Fields, readElement, tags, within } from './der.ts';
import { readSmallInteger } from './der-values.ts';
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
}

type Unavailable = Extract<TimestampOutcome, { kind: 'unavailable' }>;

const maxResponseBytes = 256 * 1024;
const maxRetryAfterMs = 24 * 60 * 60 * 1000;

const codeOfHttpError: Readonly<Record<HttpErrorCode, Unavailable['code']>> = {
  offline: 'offline',
  cancelled: 'offline',
  tls: 'offline',
  timeout: 'timeout',
  'too-large': 'bad-response',
  'cut-short': 'bad-response',
  'insecure-url': 'rejected',
  'bad-url': 'rejected',
};

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

const der = (tag: number, ...parts: readonly Uint8Array[]): Uint8Array => {
  const content = Buffer.concat(parts);
  if (content.length > 0x7f) throw new RangeError('short lengths only');
  return Buffer.concat([Uint8Array.of(tag, content.length), content]);
};

/** id-sha256, 2.16.840.1.101.3.4.2.1, as content octets. */
const sha256Id = Buffer.from('608648016503040201', 'hex');

/** TimeStampReq, version 1, SHA-256 imprint, nonce, certReq (RFC 3161, 2.4.1). */
function encodeRequest(imprint: Uint8Array, nonce: Uint8Array): Uint8Array {
  const algorithm = der(tags.sequence, der(tags.oid, sha256Id), der(tags.null));
  return der(
    tags.sequence,
    der(tags.integer, Uint8Array.of(1)),
    der(tags.sequence, algorithm, der(tags.octetString, imprint)),
    der(tags.integer, nonce),
    der(tags.boolean, Uint8Array.of(0xff)),
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

function judgeToken(token: Uint8Array, message: Uint8Array, nonce: Uint8Array): TimestampOutcome {
  const read = readTimestampToken(token);
  const { valid, problems, certificate, at } = verifyTimestampToken(read, message);
  if (problems.includes('unreadable')) return unavailable('bad-response');
  if (problems.includes('wrong-imprint')) return unavailable('wrong-imprint');
  if (!read.nonce || Buffer.compare(read.nonce, nonce) !== 0) return unavailable('wrong-nonce');
  if (!valid || !certificate || at === undefined) return unavailable('bad-signature');
  const { notBefore, notAfter } = readCertificate(certificate);
  if (at < notBefore || at > notAfter) return unavailable('bad-signature');
  return { kind: 'granted', token, at };
}

/** Retry-After as seconds or date (RFC 9110, 10.2.3), in milliseconds from now, a day at most. */
function retryAfterMs({ headers }: HttpResponse, clock: Clock): number | undefined {
  const value = headers['retry-after']?.trim() ?? '';
  const ms = /^\d{1,9}$/.test(value) ? Number(value) * 1000 : Date.parse(value) - clock.now();
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), maxRetryAfterMs) : undefined;
}

function judgeResponse(response: HttpResponse, clock: Clock, message: Uint8Array, nonce: Uint8Array): TimestampOutcome {
  if (response.status !== 200) return unavailable('http-status', retryAfterMs(response, clock));
  try {
    const token = readResponse(response.body);
    return token ? judgeToken(token, message, nonce) : unavailable('rejected');
  } catch (error) {
    if (error instanceof PkiError) return unavailable('bad-response');
    throw error;
  }
}

/**
 * The authority at `url`. `rejected` is its refusal, or an address it cannot be asked at; `bad-signature` a token whose signature,
 * certificate (purpose, validity at its own time, binding by hash) or signed attributes are wrong; `bad-response` anything that
 * is no TimeStampResp. The chain of its certificate is not judged here.
 */
export function createTimestampAuthority(options: TimestampAuthorityOptions): TimestampAuthority {
  const { url, http, clock, timeoutMs, randomNonce = () => randomBytes(8) } = options;
  return {
    async timestamp(message, signal) {
      signal?.throwIfAborted();
      const nonce = toPositiveInteger(randomNonce());
      const imprint = createHash('sha256').update(message).digest();
      let response: HttpResponse;
      try {
        response = await http.request({
          method: 'POST',
          url,
          headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
          body: encodeRequest(imprint, nonce),
          allowPlainHttp: true,
          timeoutMs,
          maxResponseBytes,
          ...(signal ? { signal } : {}),
        });
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof HttpError) return unavailable(codeOfHttpError[error.code]);
        throw error;
      }
      return judgeResponse(response, clock, message, nonce);
    },
  };
}
