/** The PKI on disk: keys and certificates as PEM, the books as JSON, so that a sandbox killed and started again is the same one. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Credential, certificatePem, keyTypes, privateKeyPem, serialNumberOf } from './certificates.ts';
import type { Pki, Signer } from './pki.ts';

const authorities = ['root', 'issuing', 'timestamp', 'ocspResponder', 'otherRoot'] as const;

const books = z.object({
  now: z.number(),
  urls: z
    .object({
      ocsp: z.string(),
      crl: z.string(),
      caIssuers: z.string(),
      rootCrl: z.string().exactOptional(),
      rootIssuers: z.string().exactOptional(),
    })
    .optional(),
  signers: z.array(z.object({ name: z.string(), commonName: z.string(), keyType: z.enum(keyTypes) })),
  revocations: z.array(
    z.object({
      serialNumber: z.string(),
      at: z.number(),
      reason: z.enum(['unspecified', 'key-compromise', 'affiliation-changed', 'superseded', 'cessation']),
    }),
  ),
});

const fileOf = (name: string) => encodeURIComponent(name);

async function writeCredential(dir: string, name: string, credential: Credential): Promise<void> {
  await writeFile(join(dir, `${name}.crt.pem`), certificatePem(credential));
  await writeFile(join(dir, `${name}.key.pem`), privateKeyPem(credential), { mode: 0o600 });
}

async function readCredential(dir: string, name: string): Promise<Credential> {
  const certificate = new X509Certificate(await readFile(join(dir, `${name}.crt.pem`)));
  const key = createPrivateKey(await readFile(join(dir, `${name}.key.pem`)));
  return {
    certificate: new Uint8Array(certificate.raw),
    privateKey: new Uint8Array(key.export({ format: 'der', type: 'pkcs8' })),
  };
}

/** The books are put in place last: a folder without them was never finished. */
async function writeEverything(pki: Pki, dir: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  for (const name of authorities) await writeCredential(dir, name, pki[name]);
  for (const signer of pki.signers.values()) await writeCredential(dir, `signer-${fileOf(signer.name)}`, signer);
  const record: z.infer<typeof books> = {
    now: pki.now,
    ...(pki.urls ? { urls: pki.urls } : {}),
    signers: [...pki.signers.values()].map(({ name, commonName, keyType }) => ({ name, commonName, keyType })),
    revocations: [...pki.revocations].map(([serialNumber, revocation]) => ({ serialNumber, ...revocation })),
  };
  const temporary = join(dir, 'pki.json.part');
  await writeFile(temporary, `${JSON.stringify(record, null, 2)}\n`);
  await rename(temporary, join(dir, 'pki.json'));
}

/** Later entries into the books are written to `dir` one after another. */
function keepIn(pki: Pki, dir: string): void {
  let last = Promise.resolve();
  pki.changed = () => {
    last = last.then(() => writeEverything(pki, dir));
    return last;
  };
}

/** Writes the whole PKI into `dir` and keeps it there: what is issued or revoked from now on is saved at once. */
export async function savePki(pki: Pki, dir: string): Promise<void> {
  keepIn(pki, dir);
  await pki.changed();
}

/** The PKI that `savePki` left in `dir`, kept there further on; undefined where there is none. */
export async function loadPki(dir: string): Promise<Pki | undefined> {
  const text = await readFile(join(dir, 'pki.json'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const record = books.parse(JSON.parse(text));
  const [root, issuing, timestamp, ocspResponder, otherRoot] = await Promise.all([
    readCredential(dir, 'root'),
    readCredential(dir, 'issuing'),
    readCredential(dir, 'timestamp'),
    readCredential(dir, 'ocspResponder'),
    readCredential(dir, 'otherRoot'),
  ]);
  const signers = new Map<string, Signer>();
  for (const entry of record.signers) {
    const credential = await readCredential(dir, `signer-${fileOf(entry.name)}`);
    signers.set(entry.name, { ...entry, ...credential, serialNumber: serialNumberOf(credential.certificate) });
  }
  const revocations = new Map(
    record.revocations.map(({ serialNumber, at, reason }) => [serialNumber, { at, reason }] as const),
  );
  const authoritiesRead = { root, issuing, timestamp, ocspResponder, otherRoot };
  const { urls, now } = record;
  const pki: Pki = { ...authoritiesRead, signers, revocations, urls, now, changed: async () => {} };
  keepIn(pki, dir);
  return pki;
}
