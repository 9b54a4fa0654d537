/** The window in an installed Chromium, for machines where Electron's binary is not to be had. */
import { parseArgs } from 'node:util';
import { createChromiumHost } from './host/chromium-host.ts';
import { missingParts } from './platform/missing-parts.ts';
import { defaultProfileRoot, keyFolder } from './platform/paths.ts';
import { raiseRunning, showWindow } from './show-window.ts';

const { values } = parseArgs({ options: { profile: { type: 'string' } } });
const root = values.profile ?? process.env.COUNTERSIGN_PROFILE ?? defaultProfileRoot();

try {
  if (!(await raiseRunning(root))) {
    const host = createChromiumHost({ secretsDir: keyFolder() });
    await showWindow(host, { root, missing: missingParts() });
  }
} catch (error) {
  const code = (error as { code?: unknown }).code;
  process.stderr.write(`Countersign cannot open its window: ${typeof code === 'string' ? code : String(error)}\n`);
  process.exitCode = 1;
}
