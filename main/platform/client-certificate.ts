/** The certificate that a server is shown which asks who is there (RFC 8446, 4.4.2), and its key: PEM, or a PKCS#12 file (RFC 7292). */

export type ClientCertificate =
  | {
      /** The certificate, what it was issued with, and its private key. */
      readonly pem: string;
      /** Opens the key, where it is encrypted. */
      readonly passphrase?: string;
    }
  | { readonly pkcs12: Uint8Array; readonly passphrase: string };

/** As Node's TLS takes it. */
export function asTlsKey(client: ClientCertificate) {
  if ('pkcs12' in client) return { pfx: Buffer.from(client.pkcs12), passphrase: client.passphrase };
  const { pem, passphrase } = client;
  return { cert: pem, key: pem, ...(passphrase === undefined ? {} : { passphrase }) };
}

/** Why TLS could not use it; undefined where it can. */
export async function clientCertificateProblem(
  client: ClientCertificate,
): Promise<'passphrase-incorrect' | 'key-file-unreadable' | undefined> {
  const { createSecureContext } = await import('node:tls');
  try {
    createSecureContext(asTlsKey(client));
    return undefined;
  } catch (error) {
    const about = error instanceof Error ? error.message : '';
    return /mac verify failure|bad decrypt/i.test(about) ? 'passphrase-incorrect' : 'key-file-unreadable';
  }
}
