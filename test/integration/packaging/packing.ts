/** Packs the app as `electron-builder --dir` does for Linux, on a stand-in for Electron's binary, and reads what came out. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { extractFile, listPackage, statFile } from '@electron/asar';

export const project = fileURLToPath(new URL('../../..', import.meta.url));
export const refuseNetwork = fileURLToPath(new URL('./refuse-network.cjs', import.meta.url));

const run = promisify(execFile);

/** What @electron/fuses looks for in a binary: its mark, the wire's version and length, and the fuses, all off. */
const FUSE_MARK = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const FUSES = 9;

async function writeElectron(folder: string): Promise<void> {
  await mkdir(join(folder, 'resources'), { recursive: true });
  const binary = Buffer.concat([Buffer.from(FUSE_MARK), Buffer.from([1, FUSES]), Buffer.alloc(FUSES, '0')]);
  await writeFile(join(folder, 'electron'), binary, { mode: 0o755 });
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'version']) await writeFile(join(folder, name), '');
}

export interface Packed {
  /** The flipped binary. */
  readonly binary: string;
  readonly archive: string;
  /** Folder of what lies beside the archive. */
  readonly unpacked: string;
  /** Hosts and ports that any process of the run tried to reach. */
  readonly tries: string;
}

/** @param folder empty; everything is made in it and nothing in the project */
export async function packForLinux(folder: string): Promise<Packed> {
  await writeElectron(join(folder, 'electron'));
  const tries = join(folder, 'tries');
  await writeFile(tries, '');
  const args = [
    '--linux',
    '--dir',
    `--config.electronDist=${join(folder, 'electron')}`,
    `--config.directories.output=${join(folder, 'dist')}`,
  ];
  await run(process.execPath, [join(project, 'node_modules', 'electron-builder', 'cli.js'), ...args], {
    cwd: project,
    env: {
      ...process.env,
      NODE_OPTIONS: `--require ${refuseNetwork}`,
      NETWORK_TRIES: tries,
      npm_config_update_notifier: 'false',
    },
  });
  const out = join(folder, 'dist', process.arch === 'x64' ? 'linux-unpacked' : `linux-${process.arch}-unpacked`);
  const archive = join(out, 'resources', 'app.asar');
  return {
    binary: join(out, 'countersign'),
    archive,
    unpacked: `${archive}.unpacked`,
    tries: await readFile(tries, 'utf8'),
  };
}

export interface ArchivedFile {
  /** From the archive's root, with `/`. */
  readonly path: string;
  readonly isUnpacked: boolean;
}

export function filesIn(archive: string): ArchivedFile[] {
  return listPackage(archive, { isPack: false }).flatMap((listed) => {
    const path = listed.replaceAll('\\', '/').replace(/^\//, '');
    const entry = statFile(archive, path);
    return 'files' in entry ? [] : [{ path, isUnpacked: 'unpacked' in entry && entry.unpacked === true }];
  });
}

/** The package a file in node_modules belongs to, by its name. */
export function packageOf(path: string): string | undefined {
  return /(?:^|.*\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
}

const imported = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\(\s*)["']([^"'\n]+)["']/g;

/** Lines of comments go: an example in one imports nothing. */
const withoutComments = (code: string) => code.replace(/^[ \t]*(?:\*|\/\/|\/\*).*$/gm, '');

/** What the packed main and preload import that is neither Node's, nor Electron's, nor in the package: `importer: name`. */
export function missingImports(files: ReadonlyMap<string, string>, packages: ReadonlySet<string>): string[] {
  const builtin = new Set(builtinModules);
  return [...files].flatMap(([path, text]) =>
    [...withoutComments(text).matchAll(imported)].flatMap(([, name = '']) => {
      if (name.startsWith('node:') || builtin.has(name) || name === 'electron') return [];
      const there = name.startsWith('.')
        ? files.has(posix.join(dirname(path), name))
        : packages.has(/^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? '');
      return there ? [] : [`${path}: ${name}`];
    }),
  );
}

export function readText(archive: string, path: string): string {
  return extractFile(archive, path).toString('utf8');
}
