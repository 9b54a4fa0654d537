/**
 * tpm2-pkcs11 over a TPM in software (swtpm), with a resource manager on a bus of its own. Any user. Debian: swtpm,
 * libtpm2-pkcs11-1, libtpm2-pkcs11-tools, tpm2-tools, libtss2-tcti-swtpm0, tpm2-abrmd, libtss2-tcti-tabrmd0, dbus.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTokenHost, startChild } from '../../../../native/client.ts';
import type { StartProcess } from '../../../../native/token-port.ts';
import { allSchemes, type TokenStack, tokenHostEntry } from '../token-stack.ts';
import { makeKeyFiles, runTool } from './key-files.ts';

const modulePaths = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].flatMap((arch) => [
  `/usr/lib/${arch}/pkcs11/libtpm2_pkcs11.so`,
  `/usr/lib/${arch}/libtpm2_pkcs11.so.1`,
]);
const tools = [
  '/usr/bin/swtpm',
  '/usr/bin/dbus-daemon',
  '/usr/sbin/tpm2-abrmd',
  '/usr/bin/tpm2_ptool',
  '/usr/bin/tpm2_dictionarylockout',
];
const packages =
  'swtpm libtpm2-pkcs11-1 libtpm2-pkcs11-tools tpm2-tools libtss2-tcti-swtpm0 tpm2-abrmd libtss2-tcti-tabrmd0 dbus';

/** What this machine lacks for the stack; as root nothing may be lacking. */
export function lacksTpm(): string | undefined {
  const missing = [...tools, ...(modulePaths.some((path) => existsSync(path)) ? [] : modulePaths.slice(0, 1))].find(
    (path) => !existsSync(path),
  );
  if (missing !== undefined && process.getuid?.() === 0)
    throw new Error(`${missing} is missing: apt-get install ${packages}`);
  return missing;
}

/** Looks for what was started, 50 ms apart. */
const COMES_WITHIN = 200;

async function until(what: string, isThere: () => Promise<boolean> | boolean): Promise<void> {
  for (let left = COMES_WITHIN; left > 0; left--) {
    if (await isThere()) return;
    await sleep(50);
  }
  throw new Error(`${what} does not come up`);
}

/** Two ports that follow one another: the TPM's commands and its control. */
async function freePair(): Promise<number> {
  const listen = (port: number) =>
    new Promise<{ port: number; close(): Promise<void> } | undefined>((resolve) => {
      const server = createServer();
      server.once('error', () => resolve(undefined));
      server.listen(port, '127.0.0.1', () => {
        const address = server.address();
        const close = () => new Promise<void>((done) => server.close(() => done()));
        resolve({ port: typeof address === 'object' && address ? address.port : 0, close });
      });
    });
  for (;;) {
    const first = await listen(0);
    const second = first && (await listen(first.port + 1));
    await Promise.all([first?.close(), second?.close()]);
    if (first && second) return first.port;
  }
}

export interface TpmStack extends TokenStack {
  /** After so many wrong PINs the TPM locks; it forgets them by itself after an hour. */
  lockAfter(tries: number): Promise<void>;
}

export async function createTpmStack(): Promise<TpmStack> {
  lacksTpm();
  const modulePath = modulePaths.find((path) => existsSync(path)) ?? '';
  const files = await makeKeyFiles();
  const { at } = files;
  const running: ChildProcess[] = [];
  const start = (program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    running.push(spawn(program, args, { env: { ...process.env, ...env }, stdio: 'ignore' }));
  };
  const remove = async () => {
    const ended = running.toReversed().map(async (child) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await exited;
    });
    await Promise.all(ended);
    await rm(files.folder, { recursive: true, force: true });
  };
  try {
    const env = await startTpm(at, start);
    const pin = 'kluss-738154';
    const soPin = '87654321';
    const ptool = (...args: string[]) => runTool(['tpm2_ptool', ...args], { env });
    await ptool('init');
    await ptool('addtoken', '--pid=1', '--label=desk', `--sopin=${soPin}`, `--userpin=${pin}`);
    for (const [name, algorithm, id] of [
      ['rsa', 'rsa', '01'],
      ['ec', 'ecc', '02'],
    ] as const) {
      const label = `--key-label=${files[name].name}`;
      await ptool(
        'import',
        '--label=desk',
        `--userpin=${pin}`,
        `--algorithm=${algorithm}`,
        `--privkey=${at(`${name}.key`)}`,
        label,
        `--id=${id}`,
      );
      await ptool('addcert', '--label=desk', label, at(`${name}.pem`));
    }
    const lockAfter = async (tries: number) => {
      const parameters = ['-s', '-n', String(tries), '-t', '3600', '-l', '3600'];
      await runTool(['tpm2_dictionarylockout', ...parameters], { env });
      await runTool(['tpm2_dictionarylockout', '-c'], { env });
    };
    await lockAfter(1000);
    const startHost: TokenStack['start'] =
      (more = {}) =>
      (args) =>
        startChild(tokenHostEntry, args, { ...process.env, ...env, ...more });
    return {
      modulePath,
      token: await firstToken(modulePath, startHost()),
      pin,
      wrongPin: 'kluss-738155',
      soPin,
      pki: files.pki,
      // The tool takes an identifier's characters for its bytes.
      keys: { rsa: '3031', ec: '3032' },
      publicKeys: files.publicKeys,
      folder: files.folder,
      env,
      traits: {
        listed: 'before-login',
        carriesIssuer: false,
        afterWrongPin: {},
        tooShortPin: undefined,
        schemes: allSchemes,
        otherTokens: 0,
        locksAfter: 3,
      },
      start: startHost,
      lockAfter,
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** The TPM, the bus, the resource manager on it; the environment of whoever uses them. */
async function startTpm(
  at: (name: string) => string,
  start: (program: string, args: readonly string[], env?: Readonly<Record<string, string>>) => void,
): Promise<Readonly<Record<string, string>>> {
  await mkdir(at('tpm'));
  await mkdir(at('store'));
  const port = await freePair();
  const listen = (on: number) => `type=tcp,port=${on},bindaddr=127.0.0.1`;
  const flags = ['--flags', 'not-need-init,startup-clear'];
  start('swtpm', [
    'socket',
    '--tpm2',
    '--tpmstate',
    `dir=${at('tpm')}`,
    '--server',
    listen(port),
    '--ctrl',
    listen(port + 1),
    ...flags,
  ]);
  const bus = `unix:path=${at('bus')}`;
  start('dbus-daemon', ['--session', '--nofork', '--nopidfile', `--address=${bus}`]);
  await until('the bus', () => existsSync(at('bus')));
  const env = {
    DBUS_SESSION_BUS_ADDRESS: bus,
    TPM2_PKCS11_STORE: at('store'),
    TPM2TOOLS_TCTI: 'tabrmd:bus_type=session',
    TPM2_PKCS11_TCTI: 'tabrmd:bus_type=session',
    TSS2_LOG: 'all+NONE',
    TPM2_PKCS11_LOG_LEVEL: '0',
  };
  const root = process.getuid?.() === 0 ? ['--allow-root'] : [];
  start('tpm2-abrmd', ['--session', ...root, `--tcti=swtpm:host=127.0.0.1,port=${port}`, '--max-transients=20'], env);
  const answers = () =>
    runTool(['tpm2_getcap', 'properties-fixed'], { env }).then(
      () => true,
      () => false,
    );
  await until('the TPM', answers);
  return env;
}

async function firstToken(modulePath: string, start: StartProcess): Promise<TokenStack['token']> {
  const host = createTokenHost(modulePath, start);
  try {
    const listed = await host.list();
    const found = listed.ok ? listed.value.find(({ label }) => label === 'desk') : undefined;
    if (!found) throw new Error(`the TPM shows no token: ${listed.ok ? 'none' : listed.code}`);
    return { manufacturerId: found.manufacturerId, serialNumber: found.serialNumber, label: found.label };
  } finally {
    await host.close();
  }
}
