/**
 * PKCS#11 modules that the system has registered with p11-kit: the module files of its folders (pkcs11.conf(5)). Read as p11-kit
 * reads them, but without loading it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, isAbsolute, join } from 'node:path';

export interface P11KitOptions {
  /** Folders of module files, the most important first. */
  readonly folders?: readonly string[];
  /** Where modules named without a folder lie. */
  readonly moduleFolders?: readonly string[];
  /** Answers with the file a path leads to, undefined where there is none. */
  readonly resolveFile: (path: string) => string | undefined;
}

/** A module file's fields; the first of several wins. */
export type ModuleFile = ReadonlyMap<string, string>;

const OUR_NAME = 'countersign';
const MODULE_FILE = /^[A-Za-z0-9][A-Za-z0-9._-]*\.module$/;
const MAX_FILE_CHARACTERS = 16_384;

const defaultFolders = () => [
  join(homedir(), '.config', 'pkcs11', 'modules'),
  '/etc/pkcs11/modules',
  '/usr/share/p11-kit/modules',
  '/usr/local/share/p11-kit/modules',
  '/opt/homebrew/share/p11-kit/modules',
];

const defaultModuleFolders = [
  '/usr/lib/x86_64-linux-gnu/pkcs11',
  '/usr/lib/aarch64-linux-gnu/pkcs11',
  '/usr/lib64/pkcs11',
  '/usr/lib/pkcs11',
  '/usr/local/lib/pkcs11',
  '/opt/homebrew/lib/pkcs11',
];

/** Fields of a module file: `name: value`, a line each, `#` first for comments. */
export function parseModuleFile(text: string): ModuleFile {
  const fields = new Map<string, string>();
  for (const line of text.slice(0, MAX_FILE_CHARACTERS).split(/\r?\n/)) {
    const match = /^\s*([A-Za-z0-9-]+)\s*:\s*(.*?)\s*$/.exec(line);
    const [, name, value] = match ?? [];
    if (name !== undefined && value !== undefined && value !== '' && !fields.has(name)) fields.set(name, value);
  }
  return fields;
}

const namesOf = (value: string | undefined) => value?.split(/[\s,]+/).filter((name) => name !== '');

/** What the file names for us; undefined where it is for others, far away, or holds trust anchors instead of keys. */
export function moduleOf(file: ModuleFile): string | undefined {
  const enabledIn = namesOf(file.get('enable-in'));
  if (enabledIn && !enabledIn.includes(OUR_NAME)) return undefined;
  if (namesOf(file.get('disable-in'))?.includes(OUR_NAME)) return undefined;
  if (file.has('remote') || file.get('trust-policy') === 'yes') return undefined;
  return file.get('module');
}

/** Absolute paths of the registered modules that exist, the most wanted (`priority`) first. */
export function p11KitModulePaths(options: P11KitOptions): string[] {
  const { folders = defaultFolders(), moduleFolders = defaultModuleFolders, resolveFile } = options;
  const files = new Map<string, ModuleFile>();
  for (const folder of folders) {
    for (const name of moduleFilesIn(folder)) {
      // A file of the same name in a more important folder has the say, field by field.
      files.set(name, new Map([...readModuleFile(join(folder, name)), ...(files.get(name) ?? [])]));
    }
  }
  return [...files.values()]
    .sort((a, b) => priorityOf(b) - priorityOf(a))
    .flatMap((file) => {
      const module = moduleOf(file);
      if (module === undefined) return [];
      const candidates = isAbsolute(module) ? [module] : moduleFolders.map((folder) => join(folder, module));
      return candidates.find((path) => resolveFile(path) !== undefined) ?? [];
    });
}

/** p11-kit's own module shows the tokens of all others once more. */
export function isP11KitProxy(path: string): boolean {
  return /^(p11-kit-proxy\.(so|dylib|dll)|libp11-kit(\.\d+)*\.(so|dylib)[.\d]*|libp11-kit-\d+\.dll)$/.test(
    basename(path),
  );
}

function priorityOf(file: ModuleFile): number {
  const priority = Number(file.get('priority') ?? 0);
  return Number.isFinite(priority) ? priority : 0;
}

function moduleFilesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => MODULE_FILE.test(name))
      .sort();
  } catch {
    return [];
  }
}

function readModuleFile(path: string): ModuleFile {
  try {
    return parseModuleFile(readFileSync(path, 'utf8'));
  } catch {
    return new Map();
  }
}
