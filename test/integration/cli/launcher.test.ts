/** The ways to the command line in a checkout: what they hand on, and what they must not. */
import { execFileSync, spawn } from 'node:child_process';
import { access, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { samplePdf } from '../signing/desk-bench.ts';

const script = (name: string) => fileURLToPath(new URL(`../../../scripts/${name}`, import.meta.url));
const PASSPHRASE = 'kluss-738154';

let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-launcher-'));
  const key = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', at('key.pem'), '-out', at('cert.pem')];
  execFileSync('openssl', [...key, '-days', '30', '-subj', '/CN=Anna'], { stdio: 'ignore' });
  const p12 = ['pkcs12', '-export', '-inkey', at('key.pem'), '-in', at('cert.pem'), '-out', at('anna.p12')];
  execFileSync('openssl', [...p12, '-passout', 'stdin'], { input: `${PASSPHRASE}\n` });
  await writeFile(at('letter.pdf'), await samplePdf('a letter'));
  await writeFile(at('secret'), `${PASSPHRASE}\n`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** @param secretAt the descriptor that the secret's file is open at */
async function run(program: string, args: readonly string[], secretAt: 0 | 3) {
  const secret = await open(at('secret'));
  const child = spawn(program, [...args], {
    stdio: [secretAt === 0 ? secret.fd : 'ignore', 'pipe', 'pipe', secret.fd],
  });
  let said = '';
  child.stderr?.on('data', (chunk) => (said += String(chunk)));
  const code = await new Promise((resolve) => child.once('close', resolve));
  await secret.close();
  return { code, said };
}
const sign = (out: string, fd: string) =>
  ['sign', at('letter.pdf'), '--out', at(out), '--p12', at('anna.p12'), ...fd.split(' ')] as const;

it('scripts/countersign hands on every descriptor', async () => {
  expect(await run(script('countersign'), sign('one.pdf', '--pin-fd 3'), 3)).toMatchObject({ code: 0 });
  await access(at('one.pdf'));
});

it('npx hands on the first three', async () => {
  const launcher = [script('countersign.mjs'), ...sign('two.pdf', '--pin-fd 0')];
  expect(await run(process.execPath, launcher, 0)).toMatchObject({ code: 0 });
  await access(at('two.pdf'));
});

it.each(['--pin-fd 3', '--pin-fd=3', '--password-fd 7'])(
  'npx refuses %s: what lies there is not the secret',
  async (fd) => {
    const { code, said } = await run(process.execPath, [script('countersign.mjs'), ...sign('three.pdf', fd)], 3);
    expect(code).toBe(2);
    expect(said).toContain('scripts/countersign');
    await expect(access(at('three.pdf'))).rejects.toMatchObject({ code: 'ENOENT' });
  },
);
