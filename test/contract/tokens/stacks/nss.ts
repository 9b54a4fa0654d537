/** NSS softokn over a database of its own. Debian: libnss3, libnss3-tools, openssl. */
import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { startChild } from '../../../../native/client.ts';
import { allSchemes, type TokenStack, tokenHostEntry } from '../token-stack.ts';
import { makeKeyFiles, runTool } from './key-files.ts';

const modulePaths = [
  '/usr/lib/x86_64-linux-gnu/libsoftokn3.so',
  '/usr/lib/aarch64-linux-gnu/libsoftokn3.so',
  '/usr/lib/x86_64-linux-gnu/nss/libsoftokn3.so',
  '/usr/lib/aarch64-linux-gnu/nss/libsoftokn3.so',
];

export async function findNss(): Promise<string | undefined> {
  for (const path of modulePaths) {
    const there = await access(path).then(
      () => true,
      () => false,
    );
    if (there) return path;
  }
  return undefined;
}

export async function createNssStack(): Promise<TokenStack> {
  const files = await makeKeyFiles();
  const modulePath = await findNss();
  if (modulePath === undefined) throw new Error('NSS softokn is missing: apt-get install libnss3 libnss3-tools');
  const pin = 'kluss-udens-738154';
  const database = files.at('nssdb');
  await mkdir(database);
  await writeFile(files.at('pin'), `${pin}\n`);
  await runTool(['certutil', '-N', '-d', `sql:${database}`, '-f', files.at('pin')]);
  for (const name of ['rsa', 'ec'] as const) {
    const p12 = files.at(`${name}.p12`);
    const from = ['-inkey', files.at(`${name}.key`), '-in', files.at(`${name}.pem`), '-name', files[name].name];
    await runTool(['openssl', 'pkcs12', '-export', ...from, '-out', p12, '-passout', 'pass:p12']);
    await runTool(['pk12util', '-i', p12, '-d', `sql:${database}`, '-k', files.at('pin'), '-W', 'p12']);
  }
  await runTool(['certutil', '-A', '-n', 'issuer', '-t', ',,', '-i', files.at('issuer.der'), '-d', `sql:${database}`]);
  const keyIds = await keyIdsOf(database, files.at('pin'));
  return {
    modulePath,
    parameters: `configdir='sql:${database}' certPrefix='' keyPrefix='' secmod='secmod.db' flags=`,
    token: { manufacturerId: 'Mozilla Foundation', serialNumber: '0000000000000000', label: 'NSS Certificate DB' },
    pin,
    wrongPin: 'kluss-udens-738155',
    soPin: '',
    pki: files.pki,
    keys: { rsa: keyIds('anna'), ec: keyIds('ben') },
    publicKeys: files.publicKeys,
    folder: files.folder,
    env: {},
    traits: {
      listed: 'before-login',
      carriesIssuer: true,
      afterWrongPin: {},
      tooShortPin: undefined,
      schemes: allSchemes,
      otherTokens: 1,
    },
    start:
      (env = {}) =>
      (args) =>
        startChild(tokenHostEntry, args, { ...process.env, ...env }),
    remove: () => rm(files.folder, { recursive: true, force: true }),
  };
}

/** CKA_ID as NSS sees it: the SHA-1 of the public key, which `certutil -K` prints. */
async function keyIdsOf(database: string, pinFile: string): Promise<(name: string) => string> {
  const listed = await runTool(['certutil', '-K', '-d', `sql:${database}`, '-f', pinFile]);
  return (name) => {
    const found = new RegExp(`([0-9a-f]{40})\\s+(?:.*:)?${name}\\s*$`, 'm').exec(listed)?.[1];
    if (found === undefined) throw new Error(`NSS lists no key ${name}`);
    return found;
  };
}
