/** A desk on a sandbox of its own, in a temporary folder: what the end-to-end specs open their window on. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accessTo } from '../../main/cli/access.ts';
import { createDesk, type Desk } from '../../main/desk.ts';
import { createHeadlessHost } from '../../main/host/headless-host.ts';
import { localBridge } from '../../main/ipc/index.ts';
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

/** The profile knows the sandbox's authorities and module; no account is signed in yet. The token host inherits this process's environment. */
export async function startDemoDesk(): Promise<DemoDesk> {
  const dir = await mkdtemp(join(tmpdir(), 'countersign-desk-'));
  const sandbox = await startSandbox(join(dir, 'sandbox'));
  Object.assign(process.env, sandbox.token.env);
  const host = createHeadlessHost({ secretsDir: join(dir, 'keys') });
  const desk = await createDesk(host, { root: join(dir, 'profile'), version: 'test', background: true });
  await setAuthorities(
    accessTo(localBridge(desk.onCall, desk.on), async () => undefined),
    sandbox,
  );
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
