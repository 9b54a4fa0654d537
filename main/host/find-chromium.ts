/** Finds an installed Chromium or one of its kin, where each system keeps them. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { HostError } from './host.ts';

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'microsoft-edge-stable',
  'microsoft-edge',
];

const macApps = ['Chromium', 'Google Chrome', 'Microsoft Edge'];

const windowsPaths = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
  'Chromium\\Application\\chrome.exe',
];

type Environment = Readonly<Record<string, string | undefined>>;

function candidates(environment: Environment, platform: NodeJS.Platform): string[] {
  if (platform === 'darwin') return macApps.map((app) => `/Applications/${app}.app/Contents/MacOS/${app}`);
  if (platform === 'win32') {
    const roots = [environment.PROGRAMFILES, environment['PROGRAMFILES(X86)'], environment.LOCALAPPDATA];
    return roots.flatMap((root) => (root ? windowsPaths.map((path) => `${root}\\${path}`) : []));
  }
  const folders = (environment.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return names.flatMap((name) => folders.map((folder) => join(folder, name)));
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Path of the browser's program; COUNTERSIGN_CHROMIUM, where set, is the only candidate.
 * @throws HostError no-browser
 */
export function findChromium(environment: Environment = process.env, platform: NodeJS.Platform = process.platform) {
  const chosen = environment.COUNTERSIGN_CHROMIUM;
  const found = (chosen ? [chosen] : candidates(environment, platform)).find(isProgram);
  if (!found) throw new HostError('no-browser');
  return found;
}
