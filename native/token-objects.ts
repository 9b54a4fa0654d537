/**
 * What lies on a token: certificates with their private keys, matched by CKA_ID and then by public key, and the certificates
 * that have none. Private keys may be hidden before login; the same matching runs again after it.
 */
import { X509Certificate } from 'node:crypto';
import { CKA, CKK, CKO, type ObjectHandle, type SessionHandle, type TokenModule } from './pkcs11-module.ts';
import type { TokenKey } from './token-port.ts';

type KeyType = TokenKey['keyType'];

export interface KeyObject {
  readonly handle: ObjectHandle;
  readonly id: string;
  readonly keyType: KeyType;
  /** RSA modulus without leading zeros, or what CKA_EC_POINT holds (public keys only); hex. */
  readonly material: string | undefined;
}

export interface CertificateObject {
  readonly id: string;
  readonly label: string;
  readonly der: Uint8Array;
  readonly isCa: boolean;
  readonly keyType: KeyType;
  /** RSA modulus without leading zeros, or uncompressed EC point; hex. */
  readonly material: string | undefined;
}

const hex = (bytes: Uint8Array | undefined) => (bytes ? Buffer.from(bytes).toString('hex') : '');
const withoutZeros = (text: string) => text.replace(/^(00)+/, '');

/** Public key facts of a certificate; undefined where the DER is no certificate. */
export function readCertificate(der: Uint8Array): Pick<CertificateObject, 'isCa' | 'keyType' | 'material'> | undefined {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(der);
  } catch {
    return undefined;
  }
  try {
    const { kty, n, x, y } = certificate.publicKey.export({ format: 'jwk' });
    const decode = (text: unknown) => hex(Buffer.from(String(text ?? ''), 'base64url'));
    if (kty === 'RSA') return { isCa: certificate.ca, keyType: 'rsa', material: withoutZeros(decode(n)) };
    if (kty === 'EC') return { isCa: certificate.ca, keyType: 'ec', material: `04${decode(x)}${decode(y)}` };
  } catch {
    // A curve or algorithm this build does not know: listed, but not matched by public key.
  }
  return { isCa: certificate.ca, keyType: 'other', material: undefined };
}

/** CKA_EC_POINT is a DER OCTET STRING around the point (PKCS#11 v3.0, 2.3.3), bare in older modules: at most 3 bytes more. */
function isSameKey(key: Pick<KeyObject, 'keyType' | 'material'>, of: Pick<KeyObject, 'keyType' | 'material'>): boolean {
  if (key.keyType !== of.keyType || key.material === undefined || of.material === undefined) return false;
  const extra = key.material.length - of.material.length;
  return key.material.endsWith(of.material) && extra <= (key.keyType === 'ec' ? 6 : 0);
}

function readKeys(module: TokenModule, session: SessionHandle, objectClass: number): KeyObject[] {
  return module.findObjects(session, objectClass).map((handle) => {
    const type = module.numberAttribute(session, handle, CKA.KEY_TYPE);
    const keyType: KeyType = type === CKK.RSA ? 'rsa' : type === CKK.EC ? 'ec' : 'other';
    const attribute = keyType === 'rsa' ? CKA.MODULUS : CKA.EC_POINT;
    const isEcPrivate = keyType !== 'rsa' && objectClass === CKO.PRIVATE_KEY;
    const value = isEcPrivate ? '' : hex(module.attribute(session, handle, attribute));
    const material = keyType === 'rsa' ? withoutZeros(value) : value;
    return { handle, id: hex(module.attribute(session, handle, CKA.ID)), keyType, material: material || undefined };
  });
}

function readCertificates(module: TokenModule, session: SessionHandle): CertificateObject[] {
  return module.findObjects(session, CKO.CERTIFICATE).flatMap((handle) => {
    const der = module.attribute(session, handle, CKA.VALUE);
    const facts = der ? readCertificate(der) : undefined;
    if (!der || !facts) return [];
    const id = hex(module.attribute(session, handle, CKA.ID));
    const label = module.attribute(session, handle, CKA.LABEL)?.toString('utf8') ?? '';
    return [{ id, label, der: new Uint8Array(der), ...facts }];
  });
}

/** The private key of a certificate: same CKA_ID and type, and not another modulus; else by public key. */
export function matchPrivateKey(
  certificate: Pick<CertificateObject, 'id' | 'keyType' | 'material'>,
  privateKeys: readonly KeyObject[],
  publicKeys: readonly KeyObject[],
): KeyObject | undefined {
  const fits = (key: KeyObject) =>
    key.keyType === certificate.keyType && (key.material === undefined || isSameKey(key, certificate));
  const byId = privateKeys.find((key) => certificate.id !== '' && key.id === certificate.id && fits(key));
  if (byId || certificate.material === undefined) return byId;
  const same = (key: KeyObject) => isSameKey(key, certificate);
  const byOwnMaterial = privateKeys.find(same);
  if (byOwnMaterial) return byOwnMaterial;
  const publicIds = new Set(publicKeys.filter((key) => same(key) && key.id !== '').map((key) => key.id));
  return privateKeys.find((key) => publicIds.has(key.id) && fits(key));
}

/** Keys with their certificates, and the certificates of others (issuers). */
export function readTokenObjects(
  module: TokenModule,
  session: SessionHandle,
): { keys: TokenKey[]; otherCertificates: Uint8Array[] } {
  const certificates = readCertificates(module, session);
  const privateKeys = readKeys(module, session, CKO.PRIVATE_KEY);
  const publicKeys = readKeys(module, session, CKO.PUBLIC_KEY);
  const keys: TokenKey[] = [];
  const otherCertificates: Uint8Array[] = [];
  for (const certificate of certificates) {
    const match = matchPrivateKey(certificate, privateKeys, publicKeys);
    if (!match && certificate.isCa) {
      otherCertificates.push(certificate.der);
      continue;
    }
    const { label, der, keyType } = certificate;
    keys.push({
      keyId: match?.id ?? certificate.id,
      label,
      certificate: der,
      keyType,
      privateKeySeen: match !== undefined,
    });
  }
  return { keys, otherCertificates };
}

export interface SigningKeyObject {
  readonly handle: ObjectHandle;
  /** CKA_ALWAYS_AUTHENTICATE: each signature wants a login of its own. */
  readonly alwaysAuthenticate: boolean;
}

/** The private key a listing called `keyId`, looked for after login; undefined where there is none of that type. */
export function findSigningKey(
  module: TokenModule,
  session: SessionHandle,
  keyId: string,
  keyType: KeyType,
): SigningKeyObject | undefined {
  const privateKeys = readKeys(module, session, CKO.PRIVATE_KEY).filter((key) => key.keyType === keyType);
  const publicKeys = readKeys(module, session, CKO.PUBLIC_KEY);
  const certificates = readCertificates(module, session);
  const byCertificate = certificates
    .filter((certificate) => certificate.keyType === keyType)
    .map((certificate) => ({ id: certificate.id, key: matchPrivateKey(certificate, privateKeys, publicKeys) }))
    .find(({ id, key }) => key && (key.id === keyId || id === keyId))?.key;
  const found = byCertificate ?? privateKeys.find((key) => key.id === keyId);
  if (!found) return undefined;
  return { handle: found.handle, alwaysAuthenticate: isAlwaysAuthenticate(module, session, found.handle) };
}

/** True where any private key of the token asks for the PIN at each signature. */
export function anyAlwaysAuthenticates(module: TokenModule, session: SessionHandle): boolean {
  return module.findObjects(session, CKO.PRIVATE_KEY).some((handle) => isAlwaysAuthenticate(module, session, handle));
}

function isAlwaysAuthenticate(module: TokenModule, session: SessionHandle, handle: ObjectHandle): boolean {
  return module.numberAttribute(session, handle, CKA.ALWAYS_AUTHENTICATE) === 1;
}
