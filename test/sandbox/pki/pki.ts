/**
 * The sandbox's certificate world (RFC 5280): a root, an issuing CA, a timestamp authority (RFC 3161, 2.3), a delegated OCSP
 * responder (RFC 6960, 4.2.2.2), signers, and a second root that nobody here trusts.
 */
import * as x509 from '@peculiar/x509';
import {
  type Credential,
  type DistinguishedName,
  issueCertificate,
  type KeyType,
  serialNumberOf,
} from './certificates.ts';
import { nullValue } from './der.ts';

const day = 24 * 60 * 60 * 1000;
const year = 365 * day;

export interface RevocationUrls {
  readonly ocsp: string;
  /** The issuing CA's list. */
  readonly crl: string;
  /** The issuing CA's certificate, DER. */
  readonly caIssuers: string;
  /** The root's list and certificate, for what the root issues. */
  readonly rootCrl?: string;
  readonly rootIssuers?: string;
}

/** RFC 5280, 5.3.1; the reasons an end entity's certificate meets. */
export type RevocationReason = 'unspecified' | 'key-compromise' | 'affiliation-changed' | 'superseded' | 'cessation';

export interface Revocation {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly reason: RevocationReason;
}

export interface Signer extends Credential {
  /** What the sandbox calls it; unique within the PKI. */
  readonly name: string;
  readonly commonName: string;
  /** Lower-case hex. */
  readonly serialNumber: string;
  readonly keyType: KeyType;
}

export interface Pki {
  readonly root: Credential;
  readonly issuing: Credential;
  readonly timestamp: Credential;
  readonly ocspResponder: Credential;
  /** A root of somebody else: what it signs must never be trusted. */
  readonly otherRoot: Credential;
  readonly signers: Map<string, Signer>;
  /** By serial number, lower-case hex. */
  readonly revocations: Map<string, Revocation>;
  /** Put into every certificate issued from now on. */
  urls: RevocationUrls | undefined;
  /** The moment validity periods are reckoned from, epoch milliseconds. */
  readonly now: number;
  /** Called after each entry into the books; a PKI with a folder keeps itself saved by it. */
  changed: () => Promise<void>;
}

export interface SignerRequest {
  readonly name: string;
  readonly commonName: string;
  readonly keyType: KeyType;
  /** ISO 3166; LV when missing. */
  readonly country?: string;
  readonly organization?: string;
  readonly email?: string;
  /** Goes into the subject's serialNumber attribute (ETSI EN 319 412-1, 5.1.3), like `PNOLV-010190-12345`. */
  readonly personalCode?: string;
  /** Epoch milliseconds; from a day before the PKI's now, for two years, when missing. */
  readonly notBefore?: number;
  readonly notAfter?: number;
  readonly revoked?: Revocation;
  /** Signed by the unrelated root instead of the issuing CA. */
  readonly untrusted?: boolean;
  /** digitalSignature and nonRepudiation when missing. */
  readonly keyUsage?: 'signing' | 'encryption-only';
}

const organization = (name: string): DistinguishedName => [
  ['C', 'LV'],
  ['O', 'Countersign Sandbox'],
  ['CN', name],
];

const caExtensions = (pathLength?: number) => [
  new x509.BasicConstraintsExtension(true, pathLength, true),
  new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
];

const url = (value: string) => new x509.GeneralName('url', value);

const digitalSignature = () => new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true);

/** Where to ask about what the root has issued. */
function rootSources(urls: RevocationUrls | undefined): x509.Extension[] {
  return [
    ...(urls?.rootCrl ? [new x509.CRLDistributionPointsExtension([urls.rootCrl])] : []),
    ...(urls?.rootIssuers ? [new x509.AuthorityInfoAccessExtension({ caIssuers: url(urls.rootIssuers) })] : []),
  ];
}

/** Where to ask about what the issuing CA has issued. */
function issuingSources(urls: RevocationUrls | undefined): x509.Extension[] {
  if (!urls) return [];
  return [
    new x509.AuthorityInfoAccessExtension({ ocsp: url(urls.ocsp), caIssuers: url(urls.caIssuers) }),
    new x509.CRLDistributionPointsExtension([urls.crl]),
  ];
}

/**
 * Makes the authorities' keys and certificates.
 * @param options.now epoch milliseconds from which validity is reckoned
 * @param options.urls where revocation is asked for; `startRevocationServer` sets them when missing, for signers alone
 */
export async function createPki(options: { readonly now: number; readonly urls?: RevocationUrls }): Promise<Pki> {
  const { now } = options;
  const longLived = { notBefore: now - year, notAfter: now + 20 * year };
  const authority = (name: string, keyType: KeyType) =>
    issueCertificate({ ...longLived, subject: organization(name), keyType, extensions: caExtensions() });
  const [root, otherRoot] = await Promise.all([
    authority('Sandbox Root', 'rsa-2048'),
    authority('Unrelated Root', 'p-256'),
  ]);
  const period = { notBefore: now - year, notAfter: now + 10 * year };
  const issuing = await issueCertificate({
    ...period,
    subject: organization('Sandbox Issuing CA'),
    keyType: 'rsa-2048',
    issuer: root,
    extensions: [...caExtensions(0), ...rootSources(options.urls)],
  });
  const [timestamp, ocspResponder] = await Promise.all([
    issueCertificate({
      ...period,
      subject: organization('Sandbox Timestamp Authority'),
      keyType: 'rsa-2048',
      issuer: issuing,
      extensions: [
        digitalSignature(),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.timeStamping], true),
        ...issuingSources(options.urls),
      ],
    }),
    issueCertificate({
      ...period,
      subject: organization('Sandbox OCSP Responder'),
      keyType: 'p-256',
      issuer: issuing,
      extensions: [
        digitalSignature(),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.ocspSigning]),
        // id-pkix-ocsp-nocheck: nobody has to ask a responder about itself (RFC 6960, 4.2.2.2.1).
        new x509.Extension('1.3.6.1.5.5.7.48.1.5', false, nullValue),
      ],
    }),
  ]);
  const lists = { signers: new Map<string, Signer>(), revocations: new Map<string, Revocation>() };
  return {
    root,
    issuing,
    timestamp,
    ocspResponder,
    otherRoot,
    ...lists,
    urls: options.urls,
    now,
    changed: async () => {},
  };
}

function signerSubject(request: SignerRequest): DistinguishedName {
  const subject: [string, string][] = [['C', request.country ?? 'LV']];
  if (request.organization !== undefined) subject.push(['O', request.organization]);
  subject.push(['CN', request.commonName]);
  if (request.personalCode !== undefined) subject.push(['2.5.4.5', request.personalCode]);
  return subject;
}

function signerExtensions(request: SignerRequest, urls: RevocationUrls | undefined): x509.Extension[] {
  const { digitalSignature, nonRepudiation, keyEncipherment } = x509.KeyUsageFlags;
  const usage = request.keyUsage === 'encryption-only' ? keyEncipherment : digitalSignature | nonRepudiation;
  const extensions: x509.Extension[] = [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(usage, true),
  ];
  if (request.email !== undefined) {
    extensions.push(new x509.SubjectAlternativeNameExtension([{ type: 'email', value: request.email }]));
  }
  return [...extensions, ...issuingSources(urls)];
}

/**
 * Makes a signer's key and certificate and enters it into the PKI's books.
 * @throws Error where the name is taken
 */
export async function issueSigner(pki: Pki, request: SignerRequest): Promise<Signer> {
  if (pki.signers.has(request.name)) throw new Error(`the PKI has a signer ${request.name} already`);
  const credential = await issueCertificate({
    subject: signerSubject(request),
    keyType: request.keyType,
    notBefore: request.notBefore ?? pki.now - day,
    notAfter: request.notAfter ?? pki.now + 2 * year,
    issuer: request.untrusted ? pki.otherRoot : pki.issuing,
    extensions: signerExtensions(request, pki.urls),
  });
  const serialNumber = serialNumberOf(credential.certificate);
  const { name, commonName, keyType } = request;
  const signer: Signer = { ...credential, name, commonName, keyType, serialNumber };
  pki.signers.set(name, signer);
  if (request.revoked) pki.revocations.set(serialNumber, request.revoked);
  await pki.changed();
  return signer;
}

/** From `revocation.at` on the authorities answer that this signer's certificate is revoked. */
export async function revoke(pki: Pki, signer: Signer, revocation: Revocation): Promise<void> {
  pki.revocations.set(signer.serialNumber, revocation);
  await pki.changed();
}

/** The signer of that name. @throws Error where there is none */
export function signerNamed(pki: Pki, name: string): Signer {
  const signer = pki.signers.get(name);
  if (!signer) throw new Error(`the PKI has no signer ${name}`);
  return signer;
}

/** One signer of each kind a test meets, named `rsa`, `ec`, `revoked`, `expired`, `untrusted`. */
export async function issueStandardSigners(pki: Pki): Promise<{
  readonly [name in 'rsa' | 'ec' | 'revoked' | 'expired' | 'untrusted']: Signer;
}> {
  const { now } = pki;
  const issue = (name: string, keyType: KeyType, more: Partial<SignerRequest> = {}) =>
    issueSigner(pki, { name, commonName: `Sandbox ${name}`, keyType, ...more });
  const [rsa, ec, revoked, expired, untrusted] = await Promise.all([
    issue('rsa', 'rsa-2048'),
    issue('ec', 'p-256'),
    issue('revoked', 'p-256', { revoked: { at: now - day / 2, reason: 'key-compromise' } }),
    issue('expired', 'p-256', { notBefore: now - 2 * year + day, notAfter: now - 30 * day }),
    issue('untrusted', 'p-256', { untrusted: true }),
  ]);
  return { rsa, ec, revoked, expired, untrusted };
}
