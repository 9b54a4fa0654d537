/**
 * Which PKCS#11 modules are installed here: those the user added, those of the vendors whose cards are in the readers, the other
 * known ones that exist, and those registered with p11-kit. What PC/SC says orders them and hides none.
 */
import { realpathSync, statSync } from 'node:fs';
import { posix, win32 } from 'node:path';
import { vendorsForCards } from './cards.ts';
import { type ModuleFiles, moduleTable } from './known-module-table.ts';
import { isP11KitProxy, p11KitModulePaths } from './p11-kit.ts';

export interface KnownModuleOptions {
  readonly platform?: NodeJS.Platform;
  /** Absolute paths the user added; they come first and need not exist (the listing then says what is wrong). */
  readonly extraPaths?: readonly string[];
  /** Answers to reset of the cards in the readers, hex: their vendors' modules are asked first. */
  readonly atrs?: readonly string[];
  /** Answers with the file a path leads to, undefined where there is none. */
  readonly resolveFile?: (path: string) => string | undefined;
  /** Modules registered with p11-kit; read from its folders where not given, but on Windows, where it has none. */
  readonly registeredPaths?: readonly string[];
}

export interface FoundModule {
  /** Absolute. */
  readonly path: string;
  readonly source: 'user' | 'vendor' | 'p11-kit';
  /** Vendor of known-module-table.ts. */
  readonly vendor: string | undefined;
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

function systemOf(platform: NodeJS.Platform): System {
  return platform === 'win32' ? 'windows' : platform === 'darwin' ? 'macos' : 'linux';
}

/** Each file once, in the order in which they are to be asked. */
export function findModules(options: KnownModuleOptions = {}): FoundModule[] {
  const { platform = process.platform, extraPaths = [], atrs = [], resolveFile = resolveOnDisk } = options;
  const system = systemOf(platform);
  const registered = options.registeredPaths ?? (system === 'windows' ? [] : p11KitModulePaths({ resolveFile }));
  const all: FoundModule[] = [
    ...extraPaths.map((path) => ({ path, source: 'user', vendor: vendorOf(path, system) }) as const),
    ...byCards(atrs).flatMap((files) => installedFiles(files, system, resolveFile)),
    ...registered.map((path) => ({ path, source: 'p11-kit', vendor: vendorOf(path, system) }) as const),
  ];
  const seen = new Set<string>();
  return all.filter(({ path }) => {
    const file = resolveFile(path) ?? path;
    if (registered.length > 0 && (isP11KitProxy(path) || isP11KitProxy(file))) return false;
    return !seen.has(file) && Boolean(seen.add(file));
  });
}

/** Absolute paths, each file once, in the order in which they are to be asked. */
export function knownModulePaths(options: KnownModuleOptions = {}): string[] {
  return findModules(options).map(({ path }) => path);
}

/** The table, the vendors of the cards at hand first. */
function byCards(atrs: readonly string[]): readonly ModuleFiles[] {
  const wanted = vendorsForCards(atrs);
  const rank = ({ vendor }: ModuleFiles) => {
    const place = wanted.indexOf(vendor);
    return place < 0 ? wanted.length : place;
  };
  return [...moduleTable].sort((a, b) => rank(a) - rank(b));
}

/** A vendor's file is known by its name, wherever it lies. */
function vendorOf(path: string, system: System): string | undefined {
  const { basename } = system === 'windows' ? win32 : posix;
  const name = basename(path);
  return moduleTable.find((files) => files[system]?.some((known) => basename(known) === name))?.vendor;
}

function installedFiles(
  files: ModuleFiles,
  system: System,
  resolveFile: (path: string) => string | undefined,
): FoundModule[] {
  const paths = system === 'windows' ? win32 : posix;
  return (files[system] ?? []).flatMap((name) => {
    const candidates = paths.isAbsolute(name)
      ? [name]
      : libraryFolders[system].map((folder) => paths.join(folder, name));
    const path = candidates.find((candidate) => resolveFile(candidate) !== undefined);
    return path === undefined ? [] : [{ path, source: 'vendor', vendor: files.vendor } as const];
  });
}

function resolveOnDisk(path: string): string | undefined {
  try {
    return statSync(path).isFile() ? realpathSync(path) : undefined;
  } catch {
    return undefined;
  }
}
