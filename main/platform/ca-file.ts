/** A file of certificates that TLS is to trust besides the system's. */
import { X509Certificate } from 'node:crypto';
import { open } from 'node:fs/promises';

/** The system's own bundles have a quarter of this. */
const MOST_BYTES = 1024 * 1024;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

function isCertificate(pem: string): boolean {
  try {
    new X509Certificate(pem);
    return true;
  } catch {
    return false;
  }
}

/** How many certificates are in the file (PEM, RFC 7468 clause 5); 0 where one is broken, or the file too large or unreadable. */
export async function countCertificates(path: string): Promise<number> {
  const file = await open(path).catch(() => undefined);
  if (!file) return 0;
  try {
    const { size } = await file.stat();
    if (size > MOST_BYTES) return 0;
    const found = (await file.readFile('latin1')).match(CERTIFICATE) ?? [];
    return found.every(isCertificate) ? found.length : 0;
  } catch {
    return 0;
  } finally {
    await file.close();
  }
}
