/**
 * `npm start -- --demo`: the window on the sandbox. Its arguments are the command that opens the window; the profile is set up
 * through the profile's socket once the window's desk has it open.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accessTo, type DeskAccess } from '../../../main/cli/access.ts';
import { connectDesk } from '../../../main/ipc/index.ts';
import { profilePaths } from '../../../main/platform/paths.ts';
import { startSandbox } from '../sandbox.ts';
import { prepareProfile } from './prepare-profile.ts';

const POLL_MS = 100;
const TRIES = 300;

async function waitForDesk(profile: string): Promise<DeskAccess> {
  for (let i = 0; i < TRIES; i++) {
    const desk = await connectDesk(profilePaths(profile).socket);
    if (desk) return accessTo(desk, async () => desk.close());
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error('the window did not open its profile');
}

const [program, ...args] = process.argv.slice(2);
if (!program) throw new Error('usage: demo-window COMMAND…, the command that opens the window');
const dir = await mkdtemp(join(tmpdir(), 'countersign-window-'));
try {
  const sandbox = await startSandbox(join(dir, 'sandbox'));
  const profile = join(dir, 'profile');
  const env = {
    ...process.env,
    ...sandbox.token.env,
    COUNTERSIGN_PROFILE: profile,
    XDG_CONFIG_HOME: join(dir, 'config'),
  };
  const window = spawn(program, args, { stdio: 'inherit', env });
  // Ctrl+C reaches the window as well; what is left to do here is to put everything away.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void window.kill('SIGTERM'));
  const ended = new Promise<number>((resolve) => window.once('exit', (code) => resolve(code ?? 1)));
  const ready = waitForDesk(profile).then(async (desk) => {
    await prepareProfile(desk, sandbox);
    await desk.close();
    console.log(`The sandbox’s token has the PIN ${sandbox.pin}. Close the window to end the demo.`);
  });
  const left = new AbortController();
  ready.catch((error: unknown) => left.signal.aborted || console.error(String(error)));
  process.exitCode = await ended;
  left.abort();
  await sandbox.stop();
} finally {
  await rm(dir, { recursive: true, force: true });
}
