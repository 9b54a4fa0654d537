/** What a certificate says of who signs with it, as far as a sender may restrict it: names, numbers, addresses. */
import { readCertificate } from './certificate.ts';
import { within } from './der.ts';
import { nameText, nameValues } from './name.ts';

export interface SignerNames {
  /** RFC 4514 text, then each attribute's own value. */
  readonly issuer: readonly string[];
  readonly subject: readonly string[];
  /** Of the certificate: hex without leading zeros, and decimal. */
  readonly serialNumber: readonly string[];
  /** The subject's serialNumber attributes as they are, and the natural person's tax number in them (ETSI EN 319 412-1, 5.1.3). */
  readonly fiscalCode: readonly string[];
  readonly email: readonly string[];
}

const oids = { serialNumber: '2.5.4.5', emailAddress: '1.2.840.113549.1.9.1', uniqueIdentifier: '2.5.4.45' } as const;

/** `TINIT-RSSMRA…`, `IT:RSSMRA…`: the tax number without who gave it. */
function taxNumber(text: string): string | undefined {
  return /^(?:TIN[A-Z]{2}-|[A-Z]{2}:)(.+)$/i.exec(text.trim())?.[1];
}

/** @throws PkiError bad-certificate */
export function readSignerNames(der: Uint8Array): SignerNames {
  const { subject, issuer, serialNumber, extensions } = readCertificate(der);
  return within('bad-certificate', () => {
    const attributes = nameValues(subject);
    const of = (oid: string) => attributes.filter((one) => one.oid === oid).map(({ text }) => text);
    const hex = Buffer.from(serialNumber)
      .toString('hex')
      .replace(/^0+(?=.)/, '');
    const identifiers = [...of(oids.serialNumber), ...of(oids.uniqueIdentifier)];
    return {
      issuer: [nameText(issuer), ...nameValues(issuer).map(({ text }) => text)],
      subject: [nameText(subject), ...attributes.map(({ text }) => text)],
      serialNumber: [hex, BigInt(`0x${hex || '0'}`).toString()],
      fiscalCode: identifiers.flatMap((text) => [text, taxNumber(text) ?? text]),
      email: [...extensions.emails, ...of(oids.emailAddress)],
    };
  });
}
