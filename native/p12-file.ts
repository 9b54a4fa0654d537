/**
 * What is in a PKCS#12 file (RFC 7292). node-forge reads it, old encryption (RC2, 3DES) included, which OpenSSL 3 refuses.
 */
import { pbkdf2Sync } from 'node:crypto';
import forge from 'node-forge';
import { TokenHostError } from './return-values.ts';

// RFC 8018 leaves a passphrase's bytes to the application, and all write UTF-8; node-forge takes them for Latin-1.
Object.assign(forge.pkcs5, {
  pbkdf2: (passphrase: string, salt: string, count: number, length: number, md: { algorithm: string } | null) =>
    pbkdf2Sync(passphrase, Buffer.from(salt, 'binary'), count, length, md?.algorithm ?? 'sha1').toString('binary'),
});

export interface P12Contents {
  /** PKCS#8, DER; whoever asked zeroes them. */
  readonly keys: readonly Buffer[];
  readonly certificates: readonly { readonly der: Buffer; readonly name: Buffer }[];
}

/** @throws TokenHostError pin-incorrect where the MAC over the content does not fit the passphrase, module-failed */
export function readP12(file: Buffer, passphrase: string): P12Contents {
  const bags = openFile(file, passphrase).safeContents.flatMap(({ safeBags }) => safeBags);
  const { certBag, pkcs8ShroudedKeyBag, keyBag } = forge.pki.oids;
  const ofType = (...types: (string | undefined)[]) => bags.filter(({ type }) => types.includes(type));
  return {
    keys: ofType(pkcs8ShroudedKeyBag, keyBag).map(keyOf),
    certificates: ofType(certBag).map((bag) => ({ der: certificateOf(bag), name: nameOf(bag) })),
  };
}

function openFile(file: Buffer, passphrase: string): forge.pkcs12.Pkcs12Pfx {
  let asn1: forge.asn1.Asn1;
  try {
    asn1 = forge.asn1.fromDer(file.toString('binary'));
  } catch (cause) {
    throw new TokenHostError('module-failed', { cause });
  }
  try {
    return forge.pkcs12.pkcs12FromAsn1(asn1, false, passphrase);
  } catch (error) {
    // The library tells its errors apart by their text alone.
    const isPassphrase = error instanceof Error && /MAC could not be verified|decrypt|password/i.test(error.message);
    throw new TokenHostError(isPassphrase ? 'pin-incorrect' : 'module-failed');
  }
}

const toBuffer = (asn1: forge.asn1.Asn1) => Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'binary');
const nameOf = (bag: forge.pkcs12.Bag) => Buffer.from(String(bag.attributes?.friendlyName?.[0] ?? ''), 'utf8');
const certificateOf = ({ cert, asn1 }: forge.pkcs12.Bag) => toBuffer(cert ? forge.pki.certificateToAsn1(cert) : asn1);
const keyOf = ({ key, asn1 }: forge.pkcs12.Bag) =>
  toBuffer(key ? forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(key)) : asn1);
