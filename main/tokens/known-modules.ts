/** Which PKCS#11 modules are installed here: the known ones of each vendor that exist, then those the user added. */
import { realpathSync, statSync } from 'node:fs';
import { posix, win32 } from 'node:path';
import { moduleTable } from './known-module-table.ts';

export interface KnownModuleOptions {
  readonly platform?: NodeJS.Platform;
  /** Absolute paths the user added; they come first and need not exist (the listing then says what is wrong). */
  readonly extraPaths?: readonly string[];
  /** Answers with the file a path leads to, undefined where there is none. */
  readonly resolveFile?: (path: string) => string | undefined;
}

type System = 'linux' | 'macos' | 'windows';

/** Where libraries named without a folder are looked for. */
const libraryFolders: Readonly<Record<System, readonly string[]>> = {
  linux: [
    '/usr/lib/x86_64-linux-gnu',
    '/usr/lib/x86_64-linux-gnu/pkcs11',
    '/usr/lib/aarch64-linux-gnu',
    '/usr/lib/aarch64-linux-gnu/pkcs11',
    '/usr/lib64',
    '/usr/lib64/pkcs11',
    '/usr/lib',
    '/usr/lib/pkcs11',
    '/usr/local/lib',
    '/usr/local/lib/pkcs11',
  ],
  macos: ['/usr/local/lib', '/usr/local/lib/pkcs11', '/opt/homebrew/lib', '/opt/homebrew/lib/pkcs11'],
  windows: ['C:\\Windows\\System32', 'C:\\Program Files', 'C:\\Program Files (x86)'],
};

/** Absolute paths, each file once, in the order in which they are to be asked. */
export function knownModulePaths(options: KnownModuleOptions = {}): string[] {
  const { platform = process.platform, extraPaths = [], resolveFile = resolveOnDisk } = options;
  const system: System = platform === 'win32' ? 'windows' : platform === 'darwin' ? 'macos' : 'linux';
  const seen = new Set<string>();
  const isNew = (file: string) => !seen.has(file) && Boolean(seen.add(file));
  const own = extraPaths.filter((path) => isNew(resolveFile(path) ?? path));
  const known = moduleTable.flatMap((files) => (files[system] ?? []).flatMap((name) => firstFile(name, system)));
  return [...own, ...known];

  function firstFile(name: string, where: System): string[] {
    const paths = where === 'windows' ? win32 : posix;
    const candidates = paths.isAbsolute(name)
      ? [name]
      : libraryFolders[where].map((folder) => paths.join(folder, name));
    for (const candidate of candidates) {
      const file = resolveFile(candidate);
      if (file !== undefined) return isNew(file) ? [candidate] : [];
    }
    return [];
  }
}

function resolveOnDisk(path: string): string | undefined {
  try {
    return statSync(path).isFile() ? realpathSync(path) : undefined;
  } catch {
    return undefined;
  }
}
