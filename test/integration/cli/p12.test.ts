/** `countersign sign FILE --p12 FILE`: a PKCS#12 file in the place of a token, judged by `verify`. */
import { execFileSync } from 'node:child_process';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPki, issueSigner, type Pki, privateKeyPem, toPem } from '../../sandbox/pki/index.ts';
import { samplePdf } from '../signing/desk-bench.ts';
import { runCli } from './run-cli.ts';

const passphrase = 'kluss-Ūdens-738154';

describe('sign FILE --p12', () => {
  let folder: string;
  let pki: Pki;
  const at = (name: string) => join(folder, name);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-cli-p12-'));
    pki = await createPki({ now: Date.now() });
    const signer = await issueSigner(pki, { name: 'anna', commonName: 'Anna Kalniņa', keyType: 'rsa-2048' });
    await writeFile(at('root.pem'), toPem('CERTIFICATE', pki.root.certificate));
    await writeFile(at('issuer.pem'), toPem('CERTIFICATE', pki.issuing.certificate));
    await writeFile(at('anna.pem'), privateKeyPem(signer) + toPem('CERTIFICATE', signer.certificate));
    await writeFile(at('letter.pdf'), await samplePdf('a letter'));
    const args = ['pkcs12', '-export', '-legacy', '-in', at('anna.pem'), '-certfile', at('issuer.pem')];
    execFileSync('openssl', [...args, '-out', at('anna.p12'), '-passout', 'stdin'], { input: `${passphrase}\n` });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const sign = (secret: string, out: string, p12 = at('anna.p12')) =>
    runCli(['sign', at('letter.pdf'), '--out', out, '--p12', p12, '--pin-fd', '3'], {}, secret);

  it('signs with the key in the file, chain included', async () => {
    const signed = await sign(passphrase, at('signed.pdf'));
    expect(signed).toMatchObject({ code: 0 });
    const report = await runCli(['verify', at('signed.pdf'), '--trust', at('root.pem'), '--json'], {});
    expect(report).toMatchObject({ code: 0 });
    expect(JSON.parse(report.stdout).signatures).toMatchObject([
      { signerCommonName: 'Anna Kalniņa', integrity: 'intact', cms: 'valid', chain: 'trusted' },
    ]);
  });

  it('writes nothing for a wrong passphrase, and says so by its exit', async () => {
    const refused = await sign('kluss-Ūdens-738155', at('refused.pdf'));
    expect(refused.code).toBe(4);
    expect(refused.stderr).toMatch(/passphrase .* wrong/i);
    expect(refused.stdout + refused.stderr).not.toContain('738155');
    await expect(access(at('refused.pdf'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('says that a file is not there by its exit', async () => {
    expect((await sign(passphrase, at('none.pdf'), at('none.p12'))).code).toBe(5);
  });
});
