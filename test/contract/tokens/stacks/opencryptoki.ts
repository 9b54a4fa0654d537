/** openCryptoki's software token, its daemon in a namespace of its own. Debian: opencryptoki, opensc; root. */
import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import type { SignatureScheme } from '../../../../native/token-port.ts';
import type { TokenStack } from '../token-stack.ts';
import { makeKeyFiles, runTool } from './key-files.ts';
import { startInNamespace, startTokenHostInside } from './namespace.ts';

const modulePath = '/usr/lib/x86_64-linux-gnu/pkcs11/libopencryptoki.so';
const SLOT = '3';
const FACTORY_SO_PIN = '87654321';

export async function createOpenCryptokiStack(): Promise<TokenStack> {
  await access(modulePath).catch(() => {
    throw new Error('openCryptoki is missing: apt-get install opencryptoki opensc');
  });
  const files = await makeKeyFiles();
  const { at } = files;
  for (const folder of ['etc', 'lib/swtok/TOK_OBJ', 'run/lock/opencryptoki/swtok', 'shm']) {
    await mkdir(at(folder), { recursive: true });
  }
  await writeFile(
    at('etc/opencryptoki.conf'),
    `version opencryptoki-3.1\nslot ${SLOT}\n{\nstdll = libpkcs11_sw.so\n}\n`,
  );
  await runTool(['chgrp', '-R', 'pkcs11', at('lib'), at('run')]);
  await runTool(['chmod', '-R', 'ug+rwX,o-rwx', at('lib'), at('run')]);
  const script = [
    `mount --bind '${at('etc')}' /etc/opencryptoki`,
    `mount --bind '${at('lib')}' /var/lib/opencryptoki`,
    `mount --bind '${at('shm')}' /dev/shm`,
    `mount --bind '${at('run')}' /run`,
    'exec pkcsslotd -f',
  ];
  const namespace = await startInNamespace(['-m', '-i'], script.join('\n'), at('run/pkcsslotd.socket'));
  const inside = (command: readonly string[], input = '') => runTool([...namespace.enter, ...command], { input });
  const pin = '7381540';
  const soPin = '55512340';
  await inside(['pkcsconf', '-I', '-c', SLOT, '-S', FACTORY_SO_PIN], 'desk\n');
  await inside(['pkcsconf', '-P', '-c', SLOT, '-S', FACTORY_SO_PIN, '-n', soPin]);
  await inside(['pkcsconf', '-u', '-c', SLOT, '-S', soPin, '-n', '99998888']);
  await inside(['pkcsconf', '-p', '-c', SLOT, '-U', '99998888', '-n', pin]);
  const tool = ['pkcs11-tool', '--module', modulePath, '--token-label', 'desk', '--login', '--pin', pin];
  for (const [name, id] of [
    ['rsa', '01'],
    ['ec', '02'],
  ] as const) {
    const about = ['--id', id, '--label', files[name].name];
    await inside([...tool, '--write-object', at(`${name}.key.der`), '--type', 'privkey', ...about, '--usage-sign']);
    await inside([...tool, '--write-object', at(`${name}.der`), '--type', 'cert', ...about]);
  }
  await inside([...tool, '--write-object', at('issuer.der'), '--type', 'cert', '--id', '0f', '--label', 'issuer']);
  return {
    modulePath,
    token: { manufacturerId: 'IBM Corp.', serialNumber: '123', label: 'desk' },
    pin,
    wrongPin: '7381541',
    soPin,
    pki: files.pki,
    keys: { rsa: '01', ec: '02' },
    publicKeys: files.publicKeys,
    folder: files.folder,
    env: {},
    traits: {
      listed: 'before-login',
      carriesIssuer: true,
      afterWrongPin: { countLow: true },
      tooShortPin: '12',
      schemes,
      otherTokens: 0,
      locksAfter: 3,
    },
    start:
      (env = {}) =>
      (args) =>
        startTokenHostInside(namespace, args, { ...process.env, ...env }),
    async remove() {
      await namespace.stop();
      await rm(files.folder, { recursive: true, force: true });
    },
  };
}

const schemes: readonly SignatureScheme[] = [
  'rsa-pkcs1-sha256',
  'rsa-pkcs1-sha384',
  'rsa-pkcs1-sha512',
  'rsa-pss-sha256',
  'rsa-pss-sha384',
  'rsa-pss-sha512',
];
