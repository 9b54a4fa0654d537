/** A PKCS#12 file with an RSA key, as OpenSSL writes it. */
import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { startChild } from '../../../../native/client.ts';
import { allSchemes, type TokenStack, tokenHostEntry } from '../token-stack.ts';
import { makeKeyFiles, runTool } from './key-files.ts';

export async function createP12Stack(): Promise<TokenStack> {
  const files = await makeKeyFiles();
  const { at } = files;
  const pin = 'kluss-Ūdens-738154';
  const from = ['-inkey', at('rsa.key'), '-in', at('rsa.pem'), '-certfile', at('issuer.pem'), '-name', files.rsa.name];
  const command = ['openssl', 'pkcs12', '-export', ...from, '-out', at('anna.p12'), '-passout', 'stdin'];
  await runTool(command, { input: `${pin}\n` });
  const serialNumber = createHash('sha256')
    .update(await readFile(at('anna.p12')))
    .digest('hex')
    .slice(0, 16);
  const spki = files.publicKeys.rsa.export({ format: 'der', type: 'spki' });
  return {
    modulePath: at('anna.p12'),
    token: { manufacturerId: 'PKCS#12', serialNumber, label: 'anna.p12' },
    pin,
    wrongPin: 'kluss-Ūdens-738155',
    soPin: '',
    pki: files.pki,
    keys: { rsa: createHash('sha256').update(spki).digest('hex').slice(0, 16), ec: 'none' },
    publicKeys: files.publicKeys,
    folder: files.folder,
    env: {},
    traits: {
      listed: 'after-login',
      holds: ['rsa'],
      carriesIssuer: true,
      afterWrongPin: {},
      tooShortPin: undefined,
      schemes: allSchemes.filter((scheme) => scheme.startsWith('rsa')),
      otherTokens: 0,
    },
    start:
      (env = {}) =>
      (args) =>
        startChild(tokenHostEntry, args, { ...process.env, ...env }),
    remove: () => rm(files.folder, { recursive: true, force: true }),
  };
}
