/** A token to test against: keys and certificates from the sandbox's PKI on a SoftHSM token in a folder of its own. */
import { execFile } from 'node:child_process';
import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startChild } from '../../../native/client.ts';
import type {
  ChildProcessPort,
  SignatureScheme,
  StartProcess,
  TokenHost,
  TokenPinState,
  TokenRef,
  TokenResult,
} from '../../../native/token-port.ts';
import { newPinContext, sealPin } from '../../../preload/seal-pin.ts';
import { createPki, issueSigner, type Pki } from '../../sandbox/pki/index.ts';
import { createSoftHsmToken } from '../../sandbox/softhsm.ts';

export const tokenHostEntry = new URL('../../../native/token-host.ts', import.meta.url);

export type KeyName = 'rsa' | 'ec';

export const allSchemes: readonly SignatureScheme[] = [
  'rsa-pkcs1-sha256',
  'rsa-pkcs1-sha384',
  'rsa-pkcs1-sha512',
  'rsa-pss-sha256',
  'rsa-pss-sha384',
  'rsa-pss-sha512',
  'ecdsa-sha256',
  'ecdsa-sha384',
];

/** Where stacks differ, each in its right. */
export interface StackTraits {
  /** When the keys show. */
  readonly listed: 'before-login' | 'after-login';
  /** Both keys unless told. */
  readonly holds?: readonly KeyName[];
  readonly carriesIssuer: boolean;
  /** Flags that one wrong PIN raises. */
  readonly afterWrongPin: Partial<TokenPinState>;
  /** Undefined where the token states no least length. */
  readonly tooShortPin: string | undefined;
  /** The others are answered mechanism-unsupported. */
  readonly schemes: readonly SignatureScheme[];
  /** Slots the module shows beside the token. */
  readonly otherTokens: number;
  /** Wrong PINs until the token locks; undefined where it never does. */
  readonly locksAfter?: number;
}

export interface TokenStack {
  readonly modulePath: string;
  /** For C_Initialize. */
  readonly parameters?: string;
  readonly token: TokenRef & { readonly label: string };
  readonly pin: string;
  readonly wrongPin: string;
  readonly soPin: string;
  readonly pki: Pki;
  /** CKA_ID of the RSA-2048 and the P-256 key. */
  readonly keys: Readonly<Record<KeyName, string>>;
  readonly publicKeys: Readonly<Record<KeyName, KeyObject>>;
  readonly traits: StackTraits;
  /** A temporary folder, removed with the stack. */
  readonly folder: string;
  /** What the module needs in its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Starts a token host; `env` on top of what the stack needs. */
  start(env?: Readonly<Record<string, string>>): StartProcess;
  remove(): Promise<void>;
}

/** CKA_ID 01 is RSA-2048, 02 is P-256; the issuing CA's certificate lies on the token too. */
export async function createSoftHsmStack(pin = 'kluss-Ūdens-738154'): Promise<TokenStack> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-tokens-'));
  const pki = await createPki({ now: Date.now() });
  const rsa = await issueSigner(pki, { name: 'anna', commonName: 'Anna Kalniņa', keyType: 'rsa-2048' });
  const ec = await issueSigner(pki, { name: 'ben', commonName: 'Ben Ozols', keyType: 'p-256' });
  const soPin = '87654321';
  const token = await createSoftHsmToken(folder, {
    label: 'desk',
    pin,
    soPin,
    signers: [
      { label: 'anna', id: '01', certificate: rsa.certificate, privateKey: rsa.privateKey },
      { label: 'ben', id: '02', certificate: ec.certificate, privateKey: ec.privateKey },
    ],
    chain: [pki.issuing.certificate],
  });
  const publicKeyOf = (certificate: Uint8Array) =>
    createPublicKey(new X509Certificate(certificate).publicKey.export({ format: 'pem', type: 'spki' }));
  return {
    modulePath: token.modulePath,
    token: { ...token, label: token.tokenLabel },
    pin,
    wrongPin: 'kluss-Ūdens-738155',
    soPin,
    pki,
    keys: { rsa: '01', ec: '02' },
    publicKeys: { rsa: publicKeyOf(rsa.certificate), ec: publicKeyOf(ec.certificate) },
    traits: {
      listed: 'before-login',
      carriesIssuer: true,
      afterWrongPin: { countLow: true },
      tooShortPin: 'abc',
      schemes: allSchemes,
      otherTokens: 0,
    },
    folder,
    env: token.env,
    start:
      (env = {}) =>
      (args) =>
        startChild(tokenHostEntry, args, { ...process.env, ...token.env, ...env }),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Builds fault-module.c beside the stack. */
export async function buildFaultModule(stack: Pick<TokenStack, 'folder'>): Promise<string> {
  const output = join(stack.folder, 'fault-module.so');
  const source = new URL('fault-module.c', import.meta.url).pathname;
  const includes = new URL('../../../node_modules/pkcs11js/includes', import.meta.url).pathname;
  await promisify(execFile)('cc', ['-shared', '-fPIC', '-O1', '-I', includes, '-o', output, source, '-ldl']);
  return output;
}

export function unwrap<T>(result: TokenResult<T>): T {
  if (!result.ok) throw new Error(`${result.code} ${result.ckr ?? ''}`);
  return result.value;
}

const utf8 = (text: string) => new Uint8Array(new TextEncoder().encode(text));

export function seal(session: { sessionId: string; publicKey: Uint8Array }, pin: string) {
  return sealPin(session.publicKey, session.sessionId, utf8(pin));
}

/** Old and new PIN of a change, sealed as the caller of changePin and unblock seals them. */
export async function sealPair(session: { sessionId: string; publicKey: Uint8Array }, old: string, fresh: string) {
  const { publicKey, sessionId } = session;
  return [await seal(session, old), await sealPin(publicKey, newPinContext(sessionId), utf8(fresh))] as const;
}

/** A new session with the PIN sent: the session's id and what the login answered. */
export async function logIn(host: TokenHost, stack: TokenStack, pin = stack.pin) {
  const session = unwrap(await host.openSession(stack.token));
  const login = await host.login(session.sessionId, await seal(session, pin));
  return { sessionId: session.sessionId, login };
}

/** A StartProcess that keeps every process it started and every message in both directions. */
export function spyOn(start: StartProcess) {
  const processes: ChildProcessPort[] = [];
  const messages: unknown[] = [];
  const startSpied: StartProcess = (args) => {
    const child = start(args);
    processes.push(child);
    messages.push([...args]);
    child.onMessage((message) => messages.push(message));
    return {
      ...child,
      send(message) {
        messages.push(message);
        child.send(message);
      },
    };
  };
  return { start: startSpied, processes, messages };
}
