/** A token to test against: keys and certificates from the sandbox's PKI on a SoftHSM token in a folder of its own. */
import { execFile } from 'node:child_process';
import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startChild } from '../../../native/client.ts';
import type { ChildProcessPort, StartProcess, TokenHost, TokenResult } from '../../../native/token-port.ts';
import { newPinContext, sealPin } from '../../../preload/seal-pin.ts';
import { createPki, issueSigner, type Pki } from '../../sandbox/pki/index.ts';
import { createSoftHsmToken, type SoftHsmToken } from '../../sandbox/softhsm.ts';

export const tokenHostEntry = new URL('../../../native/token-host.ts', import.meta.url);

export interface TokenStack {
  readonly modulePath: string;
  readonly token: SoftHsmToken;
  readonly pin: string;
  readonly wrongPin: string;
  readonly soPin: string;
  readonly pki: Pki;
  /** By CKA_ID. */
  readonly publicKeys: Readonly<Record<'01' | '02', KeyObject>>;
  /** A temporary folder, removed with the stack. */
  readonly folder: string;
  /** Starts a token host; `env` on top of what the stack needs. */
  start(env?: Readonly<Record<string, string>>): StartProcess;
  remove(): Promise<void>;
}

/** CKA_ID 01 is RSA-2048, 02 is P-256; the issuing CA's certificate lies on the token too. */
export async function createSoftHsmStack(): Promise<TokenStack> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-tokens-'));
  const pki = await createPki({ now: Date.now() });
  const rsa = await issueSigner(pki, { name: 'anna', commonName: 'Anna Kalniņa', keyType: 'rsa-2048' });
  const ec = await issueSigner(pki, { name: 'ben', commonName: 'Ben Ozols', keyType: 'p-256' });
  const pin = 'kluss-Ūdens-738154';
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
    token,
    pin,
    wrongPin: 'kluss-Ūdens-738155',
    soPin,
    pki,
    publicKeys: { '01': publicKeyOf(rsa.certificate), '02': publicKeyOf(ec.certificate) },
    folder,
    start:
      (env = {}) =>
      (args) =>
        startChild(tokenHostEntry, args, { ...process.env, ...token.env, ...env }),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Builds fault-module.c beside the stack. */
export async function buildFaultModule(stack: TokenStack): Promise<string> {
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
