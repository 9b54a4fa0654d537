/** A delegated OCSP responder's answers for the issuing CA (RFC 6960). */
import { createHash } from 'node:crypto';
import * as pkijs from 'pkijs';
import { namesOf, serialNumberOf } from './certificates.ts';
import { bitString, type Der, enumerated, explicit, generalizedTime, octetString, oid, sequence, tlv } from './der.ts';
import { oids } from './oids.ts';
import type { Pki } from './pki.ts';
import { reasonCodes } from './revocation-list.ts';
import { signWith } from './signing.ts';

const hashNames = new Map<string, string>([
  [oids.sha1, 'sha1'],
  [oids.sha256, 'sha256'],
]);

/** The subject public key's bits, without the BIT STRING around them: what RFC 6960 hashes. */
function publicKeyBits(certificate: Uint8Array): Uint8Array {
  const parsed = pkijs.Certificate.fromBER(certificate);
  return parsed.subjectPublicKeyInfo.subjectPublicKey.valueBlock.valueHexView;
}

function isOurIssuer(pki: Pki, id: pkijs.CertID): boolean {
  const hash = hashNames.get(id.hashAlgorithm.algorithmId);
  if (hash === undefined) return false;
  const matches = (field: { valueBlock: { valueHexView: Uint8Array } }, bytes: Uint8Array) =>
    createHash(hash).update(bytes).digest().equals(field.valueBlock.valueHexView);
  const issuer = pki.issuing.certificate;
  return matches(id.issuerNameHash, namesOf(issuer).subject) && matches(id.issuerKeyHash, publicKeyBits(issuer));
}

const hexSerial = (id: pkijs.CertID): string => {
  const hex = Buffer.from(id.serialNumber.valueBlock.valueHexView).toString('hex');
  return hex.replace(/^(00)+(?=.)/, '');
};

/** Serial numbers of everything the issuing CA has issued. */
function issuedSerials(pki: Pki): Set<string> {
  const issuer = namesOf(pki.issuing.certificate).subject;
  const issued = [...pki.signers.values(), pki.timestamp, pki.ocspResponder].filter(
    ({ certificate }) => Buffer.compare(namesOf(certificate).issuer, issuer) === 0,
  );
  return new Set(issued.map(({ certificate }) => serialNumberOf(certificate)));
}

function certificateStatus(pki: Pki, id: pkijs.CertID, at: number): Der {
  const serial = hexSerial(id);
  if (!issuedSerials(pki).has(serial) || !isOurIssuer(pki, id)) return tlv(0x82);
  const revocation = pki.revocations.get(serial);
  if (!revocation || revocation.at > at) return tlv(0x80);
  return tlv(0xa1, generalizedTime(revocation.at), explicit(0, enumerated(reasonCodes[revocation.reason])));
}

/** OCSPResponse without a body: 1 malformedRequest, 2 internalError (RFC 6960, 4.2.1). */
export const ocspError = (status: 1 | 2): Uint8Array => sequence(enumerated(status));

function nonceExtension(request: pkijs.OCSPRequest): Der[] {
  const nonce = request.tbsRequest.requestExtensions?.find((extension) => extension.extnID === oids.ocspNonce);
  if (!nonce) return [];
  const value = octetString(new Uint8Array(nonce.extnValue.valueBlock.valueHexView));
  return [explicit(1, sequence(sequence(oid(oids.ocspNonce), value)))];
}

/**
 * Answers a DER OCSPRequest as of `at` (epoch milliseconds), good for `validMs` from then.
 * Serials the PKI never issued are `unknown`; the nonce is sent back (RFC 8954).
 */
export function ocspResponse(pki: Pki, bytes: Uint8Array, at: number, validMs: number): Uint8Array {
  let request: pkijs.OCSPRequest;
  try {
    request = pkijs.OCSPRequest.fromBER(bytes);
  } catch {
    return ocspError(1);
  }
  const single = ({ reqCert }: pkijs.Request) =>
    sequence(
      new Uint8Array(reqCert.toSchema().toBER()),
      certificateStatus(pki, reqCert, at),
      generalizedTime(at),
      explicit(0, generalizedTime(at + validMs)),
    );
  const keyHash = createHash('sha1').update(publicKeyBits(pki.ocspResponder.certificate)).digest();
  const data = sequence(
    explicit(2, octetString(keyHash)),
    generalizedTime(at),
    sequence(...request.tbsRequest.requestList.map(single)),
    ...nonceExtension(request),
  );
  const signature = signWith(pki.ocspResponder, data);
  const certificates = explicit(0, sequence(pki.ocspResponder.certificate));
  const basic = sequence(data, signature.algorithm, bitString(signature.value), certificates);
  return sequence(enumerated(0), explicit(0, sequence(oid(oids.ocspBasic), octetString(basic))));
}
