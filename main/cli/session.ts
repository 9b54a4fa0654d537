/** Opens the desk of a profile: in this process, or the one that has the profile open. */
import { createDesk } from '../desk.ts';
import { createHeadlessHost } from '../host/headless-host.ts';
import { connectDesk, localBridge } from '../ipc/index.ts';
import { defaultProfileRoot, keyFolder, profilePaths } from '../platform/paths.ts';
import { version } from '../platform/version.ts';
import { accessTo, type DeskAccess } from './access.ts';
import { CommandError } from './exit-codes.ts';
import { inWords } from './words.ts';

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' ? code : 'internal';
}

/** The desk of a profile: the one that has it open answers over its socket, else it is opened here. */
export async function openDesk(profile: string | undefined): Promise<DeskAccess> {
  const root = profile ?? process.env.COUNTERSIGN_PROFILE ?? defaultProfileRoot();
  const paths = profilePaths(root);
  const running = await connectDesk(paths.socket);
  if (running) return accessTo(running, async () => running.close());
  try {
    const host = createHeadlessHost({ secretsDir: keyFolder() });
    const desk = await createDesk(host, { root: paths.root, version, background: false });
    return accessTo(localBridge(desk.onCall, desk.on), () => desk.close());
  } catch (error) {
    const code = codeOf(error);
    throw new CommandError(code, `The profile cannot be opened: ${inWords(code)}`, 'profile');
  }
}
