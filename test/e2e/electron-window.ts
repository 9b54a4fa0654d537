/** The real app in Electron, on a sandbox of its own, where Electron's binary is present (it is never fetched by a test). */
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, type Page } from '@playwright/test';
import { accessTo } from '../../main/cli/access.ts';
import { connectDesk } from '../../main/ipc/index.ts';
import { profilePaths } from '../../main/platform/paths.ts';
import { setAuthorities } from '../sandbox/demo/prepare-profile.ts';
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Electron's executable, or undefined where its package has not fetched it. */
export function electronExecutable(): string | undefined {
  const folder = join(root, 'node_modules', 'electron');
  const pathFile = join(folder, 'path.txt');
  const path = existsSync(pathFile) ? join(folder, 'dist', readFileSync(pathFile, 'utf8')) : undefined;
  return path !== undefined && existsSync(path) ? path : undefined;
}

export interface ElectronWindow
  extends Pick<Sandbox, 'baseUrl' | 'username' | 'password' | 'clientId' | 'clientSecret' | 'pin'> {
  readonly page: Page;
  stop(): Promise<void>;
}

/** Starts the built app on a fresh profile that knows the sandbox's authorities and module; nobody is signed in. */
export async function openInElectron(executablePath: string): Promise<ElectronWindow> {
  const dir = await mkdtemp(join(tmpdir(), 'countersign-electron-'));
  const sandbox = await startSandbox(join(dir, 'sandbox'));
  const profile = join(dir, 'profile');
  const app = await _electron.launch({
    executablePath,
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), root],
    env: { ...process.env, ...sandbox.token.env, COUNTERSIGN_PROFILE: profile, XDG_CONFIG_HOME: join(dir, 'config') },
  });
  const page = await app.firstWindow();
  const desk = await connectDesk(profilePaths(profile).socket);
  if (!desk) throw new Error('the app has no desk');
  await setAuthorities(
    accessTo(desk, async () => desk.close()),
    sandbox,
  );
  desk.close();
  const { baseUrl, username, password, clientId, clientSecret, pin } = sandbox;
  return {
    page,
    baseUrl,
    username,
    password,
    clientId,
    clientSecret,
    pin,
    async stop() {
      await app.close();
      await sandbox.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
