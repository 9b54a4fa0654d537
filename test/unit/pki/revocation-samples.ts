/** Revocation lists and OCSP answers of every shape, made by the sandbox's own DER writer. */
import { createHash } from 'node:crypto';
import * as pkijs from 'pkijs';
import { type Credential, namesOf, serialNumberOf } from '../../sandbox/pki/certificates.ts';
import {
  bitString,
  type Der,
  enumerated,
  explicit,
  generalizedTime,
  integer,
  octetString,
  oid,
  sequence,
  tlv,
} from '../../sandbox/pki/der.ts';
import { signWith } from '../../sandbox/pki/signing.ts';

const yes = tlv(0x01, Uint8Array.of(0xff));
export const extension = (type: string, value: Der, critical = false): Der =>
  sequence(oid(type), ...(critical ? [yes] : []), octetString(value));

export interface ListSample {
  readonly issuer: Credential;
  readonly thisUpdate: number;
  readonly nextUpdate?: number;
  readonly number?: number;
  /** Makes it a delta to the list of this number. */
  readonly baseNumber?: number;
  readonly entries?: readonly { serial: string; at: number; reason?: number; extensions?: Der[] }[];
  readonly extensions?: readonly Der[];
  /** Signs instead of the issuer. */
  readonly signer?: Credential;
}

export function makeList(sample: ListSample): Uint8Array {
  const { issuer, thisUpdate, nextUpdate, entries = [], signer = issuer } = sample;
  const more = [...(sample.extensions ?? [])];
  if (sample.number !== undefined) more.push(extension('2.5.29.20', integer(sample.number)));
  if (sample.baseNumber !== undefined) more.push(extension('2.5.29.27', integer(sample.baseNumber), true));
  const rows = entries.map(({ serial, at, reason, extensions = [] }) => {
    const own = [...extensions, ...(reason === undefined ? [] : [extension('2.5.29.21', enumerated(reason))])];
    const list = own.length > 0 ? [sequence(...own)] : [];
    return sequence(integer(Buffer.from(serial, 'hex')), generalizedTime(at), ...list);
  });
  const { algorithm } = signWith(signer, new Uint8Array());
  const part = sequence(
    integer(1),
    algorithm,
    namesOf(issuer.certificate).subject,
    generalizedTime(thisUpdate),
    ...(nextUpdate === undefined ? [] : [generalizedTime(nextUpdate)]),
    ...(rows.length > 0 ? [sequence(...rows)] : []),
    ...(more.length > 0 ? [explicit(0, sequence(...more))] : []),
  );
  return sequence(part, algorithm, bitString(signWith(signer, part).value));
}

const keyBits = (certificate: Uint8Array) =>
  pkijs.Certificate.fromBER(certificate).subjectPublicKeyInfo.subjectPublicKey.valueBlock.valueHexView;

const sha1 = (bytes: Uint8Array) => createHash('sha1').update(bytes).digest();

export interface OcspSample {
  readonly certificate: Uint8Array;
  readonly issuer: Credential;
  readonly responder: Credential;
  readonly status?: 'good' | 'unknown' | { readonly at: number; readonly reason?: number };
  readonly thisUpdate: number;
  readonly nextUpdate?: number;
  readonly producedAt?: number;
  readonly nonce?: Uint8Array;
  readonly byName?: boolean;
  readonly certificates?: readonly Uint8Array[];
}

export function makeOcsp(sample: OcspSample): Uint8Array {
  const { certificate, issuer, responder, status = 'good', thisUpdate, nextUpdate } = sample;
  const id = sequence(
    sequence(oid('1.3.14.3.2.26')),
    octetString(sha1(namesOf(issuer.certificate).subject)),
    octetString(sha1(keyBits(issuer.certificate))),
    integer(Buffer.from(serialNumberOf(certificate), 'hex')),
  );
  const word =
    status === 'good'
      ? tlv(0x80)
      : status === 'unknown'
        ? tlv(0x82)
        : tlv(
            0xa1,
            generalizedTime(status.at),
            ...(status.reason === undefined ? [] : [explicit(0, enumerated(status.reason))]),
          );
  const next = nextUpdate === undefined ? [] : [explicit(0, generalizedTime(nextUpdate))];
  const data = sequence(
    sample.byName
      ? explicit(1, namesOf(responder.certificate).subject)
      : explicit(2, octetString(sha1(keyBits(responder.certificate)))),
    generalizedTime(sample.producedAt ?? thisUpdate),
    sequence(sequence(id, word, generalizedTime(thisUpdate), ...next)),
    ...(sample.nonce ? [explicit(1, sequence(extension('1.3.6.1.5.5.7.48.1.2', octetString(sample.nonce))))] : []),
  );
  const signature = signWith(responder, data);
  const bundle = sample.certificates ?? [responder.certificate];
  const basic = sequence(
    data,
    signature.algorithm,
    bitString(signature.value),
    ...(bundle.length > 0 ? [explicit(0, sequence(...bundle))] : []),
  );
  return sequence(enumerated(0), explicit(0, sequence(oid('1.3.6.1.5.5.7.48.1.1'), octetString(basic))));
}
