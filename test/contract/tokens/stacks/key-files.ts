/** The sandbox's two signers as files that the stacks' own tools read. */
import { execFile } from 'node:child_process';
import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPki, issueSigner, type Pki, privateKeyPem, type Signer, toPem } from '../../../sandbox/pki/index.ts';

export interface KeyFiles {
  readonly folder: string;
  readonly pki: Pki;
  readonly rsa: Signer;
  readonly ec: Signer;
  readonly publicKeys: Readonly<Record<'rsa' | 'ec', KeyObject>>;
  /** Path of a file made for both: `rsa.key` (PKCS#8 PEM), `rsa.key.der`, `rsa.pem`, `rsa.der`, `issuer.pem`, `issuer.der`. */
  at(name: string): string;
}

export async function makeKeyFiles(): Promise<KeyFiles> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-stack-'));
  const at = (name: string) => join(folder, name);
  const pki = await createPki({ now: Date.now() });
  const rsa = await issueSigner(pki, { name: 'anna', commonName: 'Anna Kalniņa', keyType: 'rsa-2048' });
  const ec = await issueSigner(pki, { name: 'ben', commonName: 'Ben Ozols', keyType: 'p-256' });
  for (const [name, signer] of [
    ['rsa', rsa],
    ['ec', ec],
  ] as const) {
    await writeFile(at(`${name}.key`), privateKeyPem(signer), { mode: 0o600 });
    await writeFile(at(`${name}.key.der`), signer.privateKey, { mode: 0o600 });
    await writeFile(at(`${name}.pem`), toPem('CERTIFICATE', signer.certificate));
    await writeFile(at(`${name}.der`), signer.certificate);
  }
  await writeFile(at('issuer.pem'), toPem('CERTIFICATE', pki.issuing.certificate));
  await writeFile(at('issuer.der'), pki.issuing.certificate);
  return { folder, pki, rsa, ec, publicKeys: { rsa: publicKeyOf(rsa), ec: publicKeyOf(ec) }, at };
}

export function publicKeyOf(signer: Signer): KeyObject {
  return createPublicKey(new X509Certificate(signer.certificate).publicKey.export({ format: 'pem', type: 'spki' }));
}

/** Runs a stack's own tool. Its command line may hold throw-away PINs: only what it said goes into the error. */
export function runTool(
  command: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly input?: string } = {},
): Promise<string> {
  const [program = '', ...args] = command;
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { env: { ...process.env, ...options.env } }, (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      reject(
        new Error(
          `${args.find((arg) => !arg.startsWith('-')) ?? program}: ${stderr.trim() || stdout.trim() || error.code}`,
        ),
      );
    });
    // A tool that reads nothing may end before it is written to.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.input ?? '');
  });
}
