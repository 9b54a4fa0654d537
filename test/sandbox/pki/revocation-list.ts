/** Certificate revocation lists of the root and of the issuing CA (RFC 5280, 5). */
import * as x509 from '@peculiar/x509';
import { type Credential, privateKeyOf, signingAlgorithm, toSigningKey } from './certificates.ts';
import { integer } from './der.ts';
import type { Pki, RevocationReason } from './pki.ts';

/** CRLReason (RFC 5280, 5.3.1), also used by OCSP. */
export const reasonCodes: Readonly<Record<RevocationReason, x509.X509CrlReason>> = {
  unspecified: x509.X509CrlReason.unspecified,
  'key-compromise': x509.X509CrlReason.keyCompromise,
  'affiliation-changed': x509.X509CrlReason.affiliationChanged,
  superseded: x509.X509CrlReason.superseded,
  cessation: x509.X509CrlReason.cessationOfOperation,
};

async function makeList(
  issuer: Credential,
  entries: x509.X509CrlEntryParams[],
  at: number,
  validMs: number,
): Promise<Uint8Array> {
  const certificate = new x509.X509Certificate(issuer.certificate);
  const key = privateKeyOf(issuer);
  const list = await x509.X509CrlGenerator.create({
    issuer: certificate.subjectName,
    thisUpdate: new Date(at),
    nextUpdate: new Date(at + validMs),
    entries,
    signingAlgorithm: signingAlgorithm(key),
    signingKey: await toSigningKey(key),
    extensions: [
      await x509.AuthorityKeyIdentifierExtension.create(certificate.publicKey),
      // cRLNumber: grows with time, as it must.
      new x509.Extension('2.5.29.20', false, integer(Math.floor(at / 1000))),
    ],
  });
  return new Uint8Array(list.rawData);
}

/** The issuing CA's list as of `at`, DER; what was revoked later is not on it yet. */
export function issuingList(pki: Pki, at: number, validMs: number): Promise<Uint8Array> {
  const entries = [...pki.revocations]
    .filter(([, revocation]) => revocation.at <= at)
    .map(([serialNumber, revocation]) => ({
      serialNumber,
      revocationDate: new Date(revocation.at),
      reason: reasonCodes[revocation.reason],
    }));
  return makeList(pki.issuing, entries, at, validMs);
}

/** The root's list, which never has entries, DER. */
export const rootList = (pki: Pki, at: number, validMs: number): Promise<Uint8Array> =>
  makeList(pki.root, [], at, validMs);
