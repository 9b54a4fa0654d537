/** What a timestamp authority makes of a request: TimeStampReq in, TimeStampResp out (RFC 3161, 2.4). */
import { randomBytes } from 'node:crypto';
import * as pkijs from 'pkijs';
import { type Credential, namesOf } from './certificates.ts';
import {
  algorithm,
  bitString,
  type Der,
  explicit,
  generalizedTime,
  integer,
  octetString,
  oid,
  sequence,
  utf8String,
} from './der.ts';
import { oids } from './oids.ts';
import { signedData } from './signing.ts';

const imprintBytes = new Map<string, number>([
  [oids.sha256, 32],
  [oids.sha384, 48],
  [oids.sha512, 64],
]);

/** PKIFailureInfo bits (RFC 3161, 2.4.2). */
const failures = { badAlg: 0, badRequest: 2, badDataFormat: 5, unacceptedPolicy: 15, unacceptedExtension: 16 } as const;
type Failure = keyof typeof failures;

export interface TimestampQuery {
  readonly hash: string;
  readonly imprint: Uint8Array;
  readonly policy: string | undefined;
  /** The INTEGER as it came, tag and length included. */
  readonly nonce: Der | undefined;
  readonly certificatesWanted: boolean;
}

/** A request's fields, or why it is refused. */
export function parseTimestampQuery(bytes: Uint8Array): TimestampQuery | Failure {
  let request: pkijs.TimeStampReq;
  try {
    request = pkijs.TimeStampReq.fromBER(bytes);
  } catch {
    return 'badRequest';
  }
  const hash = request.messageImprint.hashAlgorithm.algorithmId;
  const imprint = new Uint8Array(request.messageImprint.hashedMessage.valueBlock.valueHexView);
  const expected = imprintBytes.get(hash);
  if (expected === undefined) return 'badAlg';
  if (imprint.length !== expected) return 'badDataFormat';
  if (request.reqPolicy !== undefined && request.reqPolicy !== oids.sandboxPolicy) return 'unacceptedPolicy';
  if (request.extensions?.length) return 'unacceptedExtension';
  return {
    hash,
    imprint,
    policy: request.reqPolicy,
    nonce: request.nonce && new Uint8Array(request.nonce.toBER()),
    certificatesWanted: request.certReq ?? false,
  };
}

/** TimeStampResp with status rejection. */
export function rejection(failure: Failure | 'systemFailure', text: string): Uint8Array {
  const bit = failure === 'systemFailure' ? 25 : failures[failure];
  const bits = new Uint8Array(Math.floor(bit / 8) + 1);
  bits[bits.length - 1] = 0x80 >> (bit % 8);
  const info = bitString(bits);
  // Trailing zero bits of a named bit list are left out (X.690, 11.2.2): say how many.
  info[2] = 7 - (bit % 8);
  return sequence(sequence(integer(2), sequence(utf8String(text)), info));
}

/** TimeStampResp with status granted and a token over the query's imprint. */
export function grant(options: {
  readonly query: TimestampQuery;
  readonly authority: Credential;
  readonly chain: readonly Uint8Array[];
  /** Epoch milliseconds. */
  readonly at: number;
}): Uint8Array {
  const { query, authority } = options;
  const info = sequence(
    integer(1),
    oid(oids.sandboxPolicy),
    sequence(algorithm(query.hash), octetString(query.imprint)),
    integer(randomBytes(8)),
    generalizedTime(options.at),
    // Accuracy: one second.
    sequence(integer(1)),
    ...(query.nonce ? [query.nonce] : []),
    // GeneralName, directoryName.
    explicit(0, explicit(4, namesOf(authority.certificate).subject)),
  );
  const certificates = query.certificatesWanted ? [authority.certificate, ...options.chain] : [];
  const token = signedData({ contentType: oids.tstInfo, content: info, signer: authority, certificates });
  return sequence(sequence(integer(0)), token);
}
