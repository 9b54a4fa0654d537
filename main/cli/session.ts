/** Opens the desk of a profile: in this process, or the one that has the profile open. */
import { createDesk } from '../desk.ts';
import { createHeadlessHost } from '../host/headless-host.ts';
import { connectDesk, localBridge } from '../ipc/index.ts';
import { systemClock } from '../platform/clock.ts';
import { errorCode } from '../platform/error-code.ts';
import { defaultProfileRoot, keyFolder, profilePaths } from '../platform/paths.ts';
import { profileWords } from '../platform/profile-words.ts';
import { version } from '../platform/version.ts';
import { accessTo, type DeskAccess } from './access.ts';
import { CommandError } from './exit-codes.ts';
import { inWords } from './words.ts';

const LOCKED_TRIES = 100;
const LOCKED_WAIT_MS = 100;

async function openHere(root: string): Promise<DeskAccess> {
  const host = createHeadlessHost({ secretsDir: keyFolder() });
  const desk = await createDesk(host, { root, version, background: false });
  return accessTo(localBridge(desk.onCall, desk.on), () => desk.close());
}

/**
 * The desk of a profile: the one that has it open answers over its socket, else it is opened here. Between the two, while
 * another process opens or closes it, this one waits.
 */
export async function openDesk(profile: string | undefined): Promise<DeskAccess> {
  const paths = profilePaths(profile ?? process.env.COUNTERSIGN_PROFILE ?? defaultProfileRoot());
  for (let tries = 1; ; tries++) {
    const running = await connectDesk(paths.socket);
    if (running) return accessTo(running, async () => running.close());
    try {
      return await openHere(paths.root);
    } catch (error) {
      const code = errorCode(error);
      if (code !== 'profile-locked' || tries === LOCKED_TRIES) {
        throw new CommandError(code, `The profile cannot be opened. ${profileWords(code) ?? inWords(code)}`, 'profile');
      }
      await systemClock.delay(LOCKED_WAIT_MS);
    }
  }
}
