/** Keys and X.509 certificates of the sandbox (RFC 5280), over @peculiar/x509. */
import 'reflect-metadata';
import { createPrivateKey, generateKeyPair, type KeyObject, randomBytes, webcrypto } from 'node:crypto';
import { promisify } from 'node:util';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto);

export const keyTypes = ['rsa-2048', 'rsa-3072', 'rsa-4096', 'p-256', 'p-384', 'p-521'] as const;
export type KeyType = (typeof keyTypes)[number];

/** A certificate with its private key. */
export interface Credential {
  /** X.509, DER. */
  readonly certificate: Uint8Array;
  /** PKCS#8, DER, unencrypted. */
  readonly privateKey: Uint8Array;
}

/** Attributes of a subject, in the order they are encoded: `[['C', 'LV'], ['CN', 'Anna']]`; an attribute type may be an OID. */
export type DistinguishedName = readonly (readonly [type: string, value: string])[];

export interface CertificateRequest {
  readonly subject: DistinguishedName;
  readonly keyType: KeyType;
  /** Epoch milliseconds. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** Who signs; missing for a self-signed root. */
  readonly issuer?: Credential;
  /** Besides the key identifiers, which every certificate gets. */
  readonly extensions: readonly x509.Extension[];
}

const generate = promisify(generateKeyPair);

async function generateKey(type: KeyType): Promise<KeyObject> {
  const [kind, size] = type.split('-');
  const pair =
    kind === 'rsa'
      ? await generate('rsa', { modulusLength: Number(size) })
      : await generate('ec', { namedCurve: `P-${size}` });
  return pair.privateKey;
}

const ecdsa = (key: KeyObject) => ({ name: 'ECDSA', namedCurve: String(key.export({ format: 'jwk' }).crv) });
const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };

/** What WebCrypto calls the key's algorithm, with the hash it signs with here. */
export function signingAlgorithm(key: KeyObject): { readonly name: string; readonly hash: string } {
  return key.asymmetricKeyType === 'ec' ? { ...ecdsa(key), hash: 'SHA-256' } : rsa;
}

export function privateKeyOf(credential: Credential): KeyObject {
  return createPrivateKey({ key: Buffer.from(credential.privateKey), format: 'der', type: 'pkcs8' });
}

/** The private key as WebCrypto takes it. */
export function toSigningKey(key: KeyObject): Promise<webcrypto.CryptoKey> {
  const der = key.export({ format: 'der', type: 'pkcs8' });
  const kind = key.asymmetricKeyType === 'ec' ? ecdsa(key) : rsa;
  return webcrypto.subtle.importKey('pkcs8', der, kind, true, ['sign']);
}

async function toPublicKey(key: KeyObject): Promise<webcrypto.CryptoKey> {
  const jwk = key.export({ format: 'jwk' });
  const open = jwk.kty === 'EC' ? { kty: 'EC', crv: jwk.crv, x: jwk.x, y: jwk.y } : { kty: 'RSA', n: jwk.n, e: jwk.e };
  const kind = key.asymmetricKeyType === 'ec' ? ecdsa(key) : rsa;
  return webcrypto.subtle.importKey('jwk', open as webcrypto.JsonWebKey, kind, true, ['verify']);
}

/** Positive, 127 bits at most, no leading zero octet. */
function randomSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

const toName = (name: DistinguishedName): x509.JsonName => name.map(([type, value]) => ({ [type]: [value] }));

/** Makes a key and a certificate over it. */
export async function issueCertificate(request: CertificateRequest): Promise<Credential> {
  const key = await generateKey(request.keyType);
  const publicKey = await toPublicKey(key);
  const issuerKey = request.issuer ? privateKeyOf(request.issuer) : key;
  const issuerCertificate = request.issuer && new x509.X509Certificate(request.issuer.certificate);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: randomSerial(),
    subject: toName(request.subject),
    issuer: issuerCertificate?.subjectName ?? toName(request.subject),
    notBefore: new Date(request.notBefore),
    notAfter: new Date(request.notAfter),
    publicKey,
    signingKey: await toSigningKey(issuerKey),
    signingAlgorithm: signingAlgorithm(issuerKey),
    extensions: [
      ...request.extensions,
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuerCertificate?.publicKey ?? publicKey),
    ],
  });
  return {
    certificate: new Uint8Array(certificate.rawData),
    privateKey: new Uint8Array(key.export({ format: 'der', type: 'pkcs8' })),
  };
}

/** Lower-case hex of the serial number's content octets. */
export function serialNumberOf(certificate: Uint8Array): string {
  return new x509.X509Certificate(certificate).serialNumber.toLowerCase();
}

/** DER of the issuer's and the subject's names as they stand in the certificate. */
export function namesOf(certificate: Uint8Array): { readonly issuer: Uint8Array; readonly subject: Uint8Array } {
  const parsed = new x509.X509Certificate(certificate);
  return {
    issuer: new Uint8Array(parsed.issuerName.toArrayBuffer()),
    subject: new Uint8Array(parsed.subjectName.toArrayBuffer()),
  };
}

/** One block of text armour (RFC 7468). */
export function toPem(label: 'CERTIFICATE' | 'PRIVATE KEY' | 'X509 CRL', der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

export const certificatePem = (credential: Credential): string => toPem('CERTIFICATE', credential.certificate);
export const privateKeyPem = (credential: Credential): string => toPem('PRIVATE KEY', credential.privateKey);
