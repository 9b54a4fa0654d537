/** The window in an installed Chromium, for machines where Electron's binary is not to be had. */
import { parseArgs } from 'node:util';
import { createChromiumHost } from './host/chromium-host.ts';
import { readLaunch } from './platform/launch-request.ts';
import { missingParts } from './platform/missing-parts.ts';
import { defaultProfileRoot, keyFolder } from './platform/paths.ts';
import { profileWords } from './platform/profile-words.ts';
import { raiseRunning, showWindow } from './show-window.ts';

const noBrowser =
  'No Chromium or Chrome is installed. Install one (Debian: apt-get install chromium), then start again.';

const { values, positionals } = parseArgs({ options: { profile: { type: 'string' } }, allowPositionals: true });
const request = readLaunch(positionals, process.cwd());
const root = values.profile ?? process.env.COUNTERSIGN_PROFILE ?? defaultProfileRoot();

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());

try {
  if (!(await raiseRunning(root, request))) {
    const host = createChromiumHost({ secretsDir: keyFolder() });
    await showWindow(host, { root, missing: missingParts(), until: interrupted.signal, request });
  }
} catch (error) {
  const { code } = error as { code?: unknown };
  const words = code === 'no-browser' ? noBrowser : typeof code === 'string' ? (profileWords(code) ?? code) : error;
  process.stderr.write(`Countersign cannot open its window. ${words}\n`);
  process.exitCode = 1;
}
