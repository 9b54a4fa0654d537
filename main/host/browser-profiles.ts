/**
 * The temporary profile folders of the browsers that show the window. A browser and its driver that are both killed leave theirs
 * behind: the next start clears it away.
 */
import { lstat, mkdir, mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const PREFIX = 'countersign-browser-profile-';
/** A folder without a browser's lock may be one that is just being made. */
const UNLOCKED_AGE_MS = 10 * 60_000;

/** Nothing typed into a form is offered to be kept, a password least of all. */
const preferences = {
  credentials_enable_service: false,
  profile: { password_manager_enabled: false },
  autofill: { profile_enabled: false, credit_card_enabled: false },
  translate: { enabled: false },
};

/** A fresh profile folder in `parent`, for its owner alone. */
export async function makeBrowserProfile(parent: string): Promise<string> {
  const profile = await mkdtemp(join(parent, PREFIX));
  await mkdir(join(profile, 'Default'), { mode: 0o700 });
  await writeFile(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences));
  return profile;
}

/** The browser that has the profile: Chromium's lock is a link to `<machine>-<pid>`. Undefined where it has none. */
export async function browserPid(profile: string): Promise<number | undefined> {
  const target = await readlink(join(profile, 'SingletonLock')).catch(() => '');
  const pid = Number(/-(\d+)$/.exec(target)?.[1]);
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: unknown }).code === 'EPERM';
  }
}

/** Removes our own folders in `parent` whose browser is gone. */
export async function clearLeftProfiles(parent: string, now = Date.now()): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  for (const name of names.filter((one) => one.startsWith(PREFIX))) {
    const folder = join(parent, name);
    const facts = await lstat(folder).catch(() => undefined);
    if (!facts?.isDirectory() || facts.uid !== process.getuid?.()) continue;
    const pid = await browserPid(folder);
    const isLeft = pid === undefined ? now - facts.mtimeMs > UNLOCKED_AGE_MS : !lives(pid);
    if (isLeft) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}
