/** A desk on a sandbox of its own, in a temporary folder: what the end-to-end specs open their window on. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accessTo } from '../../main/cli/access.ts';
import { createDesk, type Desk } from '../../main/desk.ts';
import { createHeadlessHost } from '../../main/host/headless-host.ts';
import type { Host } from '../../main/host/host.ts';
import { localBridge } from '../../main/ipc/index.ts';
import type { StartProcess } from '../../native/token-port.ts';
import { setAuthorities } from './demo/prepare-profile.ts';
import { type Sandbox, startSandbox } from './sandbox.ts';

export interface DemoDesk {
  readonly desk: Desk;
  readonly onCall: Desk['onCall'];
  readonly on: Desk['on'];
  readonly sandbox: Sandbox;
  readonly baseUrl: string;
  readonly username: string;
  readonly password: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly pin: string;
  stop(): Promise<void>;
}

/** A card in place of the sandbox's SoftHSM token. */
export interface OtherCard {
  readonly modulePath: string;
  /** Starts a token host where the card is. */
  readonly start: StartProcess;
  /** PEM file of the root that its certificates hang from. */
  readonly rootPemPath: string;
}

/** The profile knows the sandbox's authorities and module; no account is signed in yet. The token host inherits this process's environment. */
export async function startDemoDesk(card?: OtherCard): Promise<DemoDesk> {
  const dir = await mkdtemp(join(tmpdir(), 'countersign-desk-'));
  const sandbox = await startSandbox(join(dir, 'sandbox'));
  Object.assign(process.env, sandbox.token.env);
  const plain = createHeadlessHost({ secretsDir: join(dir, 'keys') });
  const host: Host = card
    ? {
        ...plain,
        startProcess: (entry, args) => (entry === 'token-host' ? card.start(args) : plain.startProcess(entry, args)),
      }
    : plain;
  const desk = await createDesk(host, { root: join(dir, 'profile'), version: 'test', background: true });
  const access = accessTo(localBridge(desk.onCall, desk.on), async () => undefined);
  await setAuthorities(access, sandbox);
  if (card) {
    const trustAnchors = [sandbox.rootPemPath, card.rootPemPath];
    await access.call('settings.change', { pkcs11Modules: [card.modulePath], trustAnchors });
  }
  const { baseUrl, username, password, clientId, clientSecret, pin } = sandbox;
  return {
    desk,
    onCall: desk.onCall,
    on: desk.on,
    sandbox,
    baseUrl,
    username,
    password,
    clientId,
    clientSecret,
    pin,
    async stop() {
      await desk.close();
      await sandbox.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
