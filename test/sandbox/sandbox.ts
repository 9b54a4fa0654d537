/**
 * The whole sandbox on free loopback ports: Signing Today with the demo's inbox, a PKI, a timestamp authority, OCSP and CRL
 * endpoints, a SoftHSM token with the demo user's keys. Kept in a folder, so that one that was killed goes on as it was.
 */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Clock, systemClock } from '../../main/platform/clock.ts';
import { type DemoManifest, demoManifest, seedDemoInbox } from './demo-inbox.ts';
import {
  certificatePem,
  issueSigner,
  loadPki,
  type Pki,
  savePki,
  startRevocationServer,
  startServedPki,
  startTimestampAuthority,
} from './pki/index.ts';
import { makeSamples } from './samples/index.ts';
import { createSigningTodayState, type SigningTodayServer, startSigningToday } from './signing-today/index.ts';
import { createSoftHsmToken, openSoftHsmToken, type SoftHsmToken } from './softhsm.ts';

export interface Sandbox {
  readonly signingToday: SigningTodayServer;
  /** As an account gives it; stays the same over stop and start. */
  readonly baseUrl: string;
  readonly timestampUrl: string;
  readonly pki: Pki;
  /** OCSP and CRL endpoints lie below it. */
  readonly revocationUrl: string;
  readonly username: string;
  readonly password: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly token: SoftHsmToken;
  readonly pin: string;
  /** PEM file of the root that signers and authorities hang from. */
  readonly rootPemPath: string;
  /** PEM files of the demo user's own certificates. */
  readonly signerPemPaths: readonly string[];
  readonly manifest: DemoManifest;
  /** Takes Signing Today off the network; its state stays. */
  stopSigningToday(): Promise<void>;
  startSigningToday(): Promise<void>;
  stop(): Promise<void>;
}

const ports = z.object({ signingToday: z.number(), timestamp: z.number(), revocation: z.number() }).partial();
type Ports = z.infer<typeof ports>;
const people = {
  me: { username: 'marta', password: 'sandbox-password', name: 'Marta', surname: 'Kalnina' },
  pin: '123456',
  soPin: '12345678',
  tokenLabel: 'Demo card',
} as const;

async function readPorts(dir: string): Promise<Ports> {
  const text = await readFile(join(dir, 'ports.json'), 'utf8').catch(() => undefined);
  return text === undefined ? {} : ports.parse(JSON.parse(text));
}

/** Written beside and put in place, so that a kill leaves the old one or the new one. */
async function writeDurably(path: string, text: string): Promise<void> {
  await writeFile(`${path}.part`, text, { flush: true });
  await rename(`${path}.part`, path);
}

async function issueDemoSigners(pki: Pki): Promise<void> {
  const name = `${people.me.name} ${people.me.surname}`;
  await issueSigner(pki, { name: 'me-rsa', commonName: name, keyType: 'rsa-2048', email: 'marta@demo.test' });
  await issueSigner(pki, { name: 'me-ec', commonName: name, keyType: 'p-256', email: 'marta@demo.test' });
  await issueSigner(pki, { name: 'other', commonName: 'Janis Berzins', keyType: 'rsa-2048' });
}

async function openToken(dir: string, pki: Pki): Promise<SoftHsmToken> {
  const kept = await openSoftHsmToken(dir, people.tokenLabel);
  if (kept) return kept;
  const signers = ['me-rsa', 'me-ec'].map((name, i) => {
    const signer = pki.signers.get(name);
    if (!signer) throw new Error(`the sandbox has no signer ${name}`);
    return { label: name, id: `0${i + 1}`, certificate: signer.certificate, privateKey: signer.privateKey };
  });
  const { pin, soPin, tokenLabel: label } = people;
  return createSoftHsmToken(dir, { label, pin, soPin, signers, chain: [pki.issuing.certificate] });
}

/** Starts it in `dir`, made where missing. The demo's inbox is seeded once. */
export async function startSandbox(dir: string, clock: Clock = systemClock): Promise<Sandbox> {
  const pkiDir = join(dir, 'pki');
  await mkdir(pkiDir, { recursive: true });
  let used = await readPorts(dir);
  /** A port is written down before anything (a certificate, an account) can name it. */
  const listen = async <T extends { readonly url: string }>(
    name: keyof Ports,
    start: (at: { port?: number }) => Promise<T>,
  ): Promise<T> => {
    const kept = used[name];
    const server = await start(kept === undefined ? {} : { port: kept });
    used = { ...used, [name]: Number(new URL(server.url).port) };
    await writeDurably(join(dir, 'ports.json'), JSON.stringify(used));
    return server;
  };
  const kept = await loadPki(pkiDir).catch(() => undefined);
  let made: Pki | undefined;
  const revocation = await listen('revocation', async (at) => {
    if (kept) return startRevocationServer(kept, { clock, ...at });
    const served = await startServedPki(clock.now(), { clock, ...at });
    made = served.pki;
    return served.server;
  });
  const pki = kept ?? made;
  if (!pki) throw new Error('the sandbox has no PKI');
  if (made) {
    await issueDemoSigners(pki);
    await savePki(pki, pkiDir);
  }
  const timestamp = await listen('timestamp', (at) => startTimestampAuthority(pki, { clock, ...at }));
  const token = await openToken(join(dir, 'token'), pki);
  const rootPemPath = join(dir, 'root.pem');
  await writeDurably(rootPemPath, certificatePem(pki.root));

  const stateDir = join(dir, 'signing-today');
  const manifestPath = join(dir, 'manifest.json');
  let manifest = await readFile(manifestPath, 'utf8').then(
    (text) => demoManifest.parse(JSON.parse(text)),
    () => undefined,
  );
  // Without a manifest the seeding did not get to its end: it begins anew.
  if (!manifest) await rm(stateDir, { recursive: true, force: true });
  const state = createSigningTodayState({ clock, dir: stateDir });
  if (!manifest) {
    manifest = await seedDemoInbox(state, { pki, samples: await makeSamples(pki), me: people.me, token, clock });
    await writeDurably(manifestPath, JSON.stringify(manifest));
  }
  let signingToday = await listen('signingToday', (at) => startSigningToday(state, at));
  const { port } = signingToday;

  return {
    get signingToday() {
      return signingToday;
    },
    baseUrl: signingToday.url,
    timestampUrl: timestamp.url,
    pki,
    revocationUrl: revocation.url,
    username: `${people.me.username}@demo`,
    password: people.me.password,
    clientId: state.clientId,
    clientSecret: state.clientSecret,
    token,
    pin: people.pin,
    rootPemPath,
    signerPemPaths: [join(pkiDir, 'signer-me-rsa.crt.pem')],
    manifest,
    stopSigningToday: () => signingToday.stop(),
    async startSigningToday() {
      signingToday = await startSigningToday(state, { port });
    },
    async stop() {
      await signingToday.stop();
      await timestamp.stop();
      await revocation.stop();
    },
  };
}
