/** The certificate that a server is shown which asks who is there (RFC 8446, 4.4.2), and its key: PEM, or a PKCS#12 file (RFC 7292). */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { errorCode } from './error-code.ts';

interface PemFile {
  /** The certificate, what it was issued with, and its private key. */
  readonly pem: string;
  /** Opens the key, where it is encrypted. */
  readonly passphrase?: string;
}
interface PkcsFile {
  readonly pkcs12: Uint8Array;
  readonly passphrase: string;
}
export type ClientCertificate = PemFile | PkcsFile;

/** As Node's TLS takes it. */
export function asTlsKey(client: ClientCertificate) {
  if ('pkcs12' in client) return { pfx: Buffer.from(client.pkcs12), passphrase: client.passphrase };
  const { pem, passphrase } = client;
  return { cert: pem, key: pem, ...(passphrase === undefined ? {} : { passphrase }) };
}

export type ClientCertificateProblem = 'passphrase-incorrect' | 'key-file-unreadable';

/** Why TLS cannot use it; undefined where it can. */
async function problemOf(client: ClientCertificate): Promise<ClientCertificateProblem | undefined> {
  const { createSecureContext } = await import('node:tls');
  try {
    createSecureContext(asTlsKey(client));
    return undefined;
  } catch (error) {
    const about = error instanceof Error ? error.message : '';
    return /mac verify failure|bad decrypt/i.test(about) ? 'passphrase-incorrect' : 'key-file-unreadable';
  }
}

/** A file in an encryption that OpenSSL 3 refuses (RC2, 3DES), as PEM: the key, its certificate, then the others. Undefined where there is none. */
async function asPem({ pkcs12, passphrase }: PkcsFile): Promise<PemFile | undefined> {
  const { readP12 } = await import('../../native/p12-file.ts');
  const { keys, certificates } = readP12(Buffer.from(pkcs12), passphrase);
  const read = certificates.map(({ der }) => new X509Certificate(der));
  try {
    for (const der of keys) {
      const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
      const own = read.find((certificate) => certificate.checkPrivateKey(key));
      if (!own) continue;
      const others = read.filter((certificate) => certificate !== own);
      return { pem: [key.export({ format: 'pem', type: 'pkcs8' }), own, ...others].join('\n') };
    }
    return undefined;
  } finally {
    for (const der of keys) der.fill(0);
  }
}

/** What was given as TLS can use it, or why it cannot. */
export async function toClientCertificate(
  given: ClientCertificate,
): Promise<{ readonly client: ClientCertificate } | { readonly problem: ClientCertificateProblem }> {
  const problem = await problemOf(given);
  if (problem === undefined) return { client: given };
  if (problem !== 'key-file-unreadable' || !('pkcs12' in given)) return { problem };
  try {
    const client = await asPem(given);
    return client && (await problemOf(client)) === undefined ? { client } : { problem };
  } catch (error) {
    return { problem: errorCode(error) === 'pin-incorrect' ? 'passphrase-incorrect' : problem };
  }
}
