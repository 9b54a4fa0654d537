/**
 * SoftHSM tokens with given keys and certificates, each folder a token store of its own. Made with the tools SoftHSM and OpenSC
 * bring, so that nothing of the app's own PKCS#11 code has a hand in what it is tested against.
 */
import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { toPem } from './pki/index.ts';

export type SoftHsmErrorCode = 'not-installed' | 'tool-failed' | 'label-taken' | 'bad-id';

export class SoftHsmError extends Error {
  readonly code: SoftHsmErrorCode;
  constructor(code: SoftHsmErrorCode, detail: string, cause?: unknown) {
    super(`softhsm: ${code} (${detail})`, { cause });
    this.name = 'SoftHsmError';
    this.code = code;
  }
}

export interface SoftHsmSigner {
  /** CKA_LABEL of key and certificate. */
  readonly label: string;
  /** CKA_ID, hex. */
  readonly id: string;
  /** X.509, DER. */
  readonly certificate: Uint8Array;
  /** PKCS#8, DER. */
  readonly privateKey: Uint8Array;
}

export interface SoftHsmTokenRequest {
  /** CKA_LABEL of the token, unique within the folder. */
  readonly label: string;
  readonly pin: string;
  readonly soPin: string;
  readonly signers: readonly SoftHsmSigner[];
  /** Issuers' certificates the token carries without keys, DER. */
  readonly chain?: readonly Uint8Array[];
}

export interface SoftHsmToken {
  readonly modulePath: string;
  /** What a process that loads the module needs in its environment. */
  readonly env: { readonly SOFTHSM2_CONF: string };
  /** CK_TOKEN_INFO, trailing blanks cut. */
  readonly serialNumber: string;
  readonly manufacturerId: string;
  readonly model: string;
  readonly tokenLabel: string;
}

const modulePaths = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib64/softhsm/libsofthsm2.so',
  '/usr/lib64/pkcs11/libsofthsm2.so',
  '/usr/local/lib/softhsm/libsofthsm2.so',
  '/opt/homebrew/lib/softhsm/libsofthsm2.so',
];

/** Path of the installed module, or undefined. */
export async function findSoftHsmModule(): Promise<string | undefined> {
  for (const path of modulePaths) {
    const found = await access(path).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  return undefined;
}

type Environment = SoftHsmToken['env'];

function runTool(program: string, args: readonly string[], env: Environment): Promise<string> {
  return new Promise((resolveOutput, reject) => {
    execFile(program, [...args], { env: { ...process.env, ...env } }, (error, stdout, stderr) => {
      if (!error) return resolveOutput(stdout);
      if (error.code === 'ENOENT') {
        return reject(new SoftHsmError('not-installed', `${program}: apt-get install softhsm2 opensc`, error));
      }
      // The command line holds the PIN: only what the tool said goes on.
      const said = (stderr.trim() || stdout.trim()).split('\n').at(-1) ?? '';
      reject(new SoftHsmError('tool-failed', `${program}: ${said}`));
    });
  });
}

/** CK_TOKEN_INFO of the token with that label as `softhsm2-util --show-slots` prints it. */
async function findToken(
  label: string,
  env: Environment,
): Promise<Omit<SoftHsmToken, 'modulePath' | 'env'> | undefined> {
  const slots = (await runTool('softhsm2-util', ['--show-slots'], env)).split(/^Slot \d+/m);
  const field = (slot: string, name: string) => slot.match(new RegExp(`^ +${name}: +(.*?) *$`, 'm'))?.[1] ?? '';
  for (const slot of slots) {
    const info = slot.split(/^ +Token info:/m)[1];
    if (info === undefined || field(info, 'Label') !== label) continue;
    return {
      serialNumber: field(info, 'Serial number'),
      manufacturerId: field(info, 'Manufacturer ID'),
      model: field(info, 'Model'),
      tokenLabel: label,
    };
  }
  return undefined;
}

async function prepareStore(dir: string): Promise<Environment> {
  const tokens = join(dir, 'tokens');
  await mkdir(tokens, { recursive: true, mode: 0o700 });
  const conf = join(dir, 'softhsm2.conf');
  const lines = [`directories.tokendir = ${tokens}`, 'objectstore.backend = file', 'log.level = ERROR', ''];
  await writeFile(conf, lines.join('\n'));
  return { SOFTHSM2_CONF: conf };
}

async function fillToken(
  request: SoftHsmTokenRequest,
  modulePath: string,
  env: Environment,
  workDir: string,
): Promise<void> {
  const { label, pin, soPin } = request;
  await runTool('softhsm2-util', ['--init-token', '--free', '--label', label, '--so-pin', soPin, '--pin', pin], env);
  const login = ['--module', modulePath, '--token-label', label, '--login', '--pin', pin];
  const certificateFile = join(workDir, 'certificate.der');
  const write = async (certificate: Uint8Array, more: readonly string[]) => {
    await writeFile(certificateFile, certificate);
    await runTool('pkcs11-tool', [...login, '--write-object', certificateFile, '--type', 'cert', ...more], env);
  };
  for (const signer of request.signers) {
    const keyFile = join(workDir, 'key.pem');
    await writeFile(keyFile, toPem('PRIVATE KEY', signer.privateKey), { mode: 0o600 });
    const names = ['--label', signer.label, '--id', signer.id];
    await runTool('softhsm2-util', ['--import', keyFile, '--token', label, '--pin', pin, ...names], env);
    await write(signer.certificate, names);
  }
  for (const [index, certificate] of (request.chain ?? []).entries()) {
    await write(certificate, ['--label', `issuer ${index + 1}`]);
  }
}

const recordPath = (dir: string, label: string) => join(dir, `${encodeURIComponent(label)}.ready`);

async function isReady(dir: string, label: string): Promise<boolean> {
  return readFile(recordPath(dir, label)).then(
    () => true,
    () => false,
  );
}

/**
 * The finished token of that label in `dir`, or undefined: also where its making was interrupted.
 * @throws SoftHsmError not-installed
 */
export async function openSoftHsmToken(dir: string, label: string): Promise<SoftHsmToken | undefined> {
  const modulePath = await findSoftHsmModule();
  if (modulePath === undefined) throw new SoftHsmError('not-installed', 'apt-get install softhsm2 opensc');
  const store = resolve(dir);
  if (!(await isReady(store, label))) return undefined;
  const env = await prepareStore(store);
  const info = await findToken(label, env);
  return info && { modulePath, env, ...info };
}

/**
 * Makes a token in the store under `dir` (made where missing; several tokens may share it) with the given keys and certificates.
 * What an interrupted call left under this label is deleted first.
 * @throws SoftHsmError not-installed, label-taken, bad-id, tool-failed
 */
export async function createSoftHsmToken(dir: string, request: SoftHsmTokenRequest): Promise<SoftHsmToken> {
  const modulePath = await findSoftHsmModule();
  if (modulePath === undefined) throw new SoftHsmError('not-installed', 'apt-get install softhsm2 opensc');
  for (const { id } of request.signers) {
    if (!/^([0-9a-f]{2})+$/i.test(id)) throw new SoftHsmError('bad-id', id);
  }
  const { label } = request;
  const store = resolve(dir);
  const env = await prepareStore(store);
  if (await isReady(store, label)) throw new SoftHsmError('label-taken', label);
  if (await findToken(label, env)) await runTool('softhsm2-util', ['--delete-token', '--token', label], env);
  const workDir = await mkdtemp(join(store, 'making-'));
  try {
    await fillToken(request, modulePath, env, workDir);
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
  const info = await findToken(label, env);
  if (!info) throw new SoftHsmError('tool-failed', 'the token that was made is not there');
  const record = recordPath(store, label);
  await writeFile(`${record}.part`, `${info.serialNumber}\n`);
  await rename(`${record}.part`, record);
  return { modulePath, env, ...info };
}
