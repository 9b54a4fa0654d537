/**
 * Where things lie: the profile (database, runs, log, socket) and, apart from it, the key file of a profile whose host has no
 * secret store. Folders by the XDG Base Directory Specification 0.8 on Linux, by the system's custom elsewhere.
 */
import { createHash, randomUUID } from 'node:crypto';
import { chmod, lstat, mkdir, readFile, realpath } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, posix, win32 } from 'node:path';
import { writeOnce } from './write-once.ts';

export type PathsErrorCode = 'not-private' | 'damaged-profile-id';

export class PathsError extends Error {
  readonly code: PathsErrorCode;
  constructor(code: PathsErrorCode) {
    super(`paths: ${code}`);
    this.name = 'PathsError';
    this.code = code;
  }
}

/** What of the system the places depend on; tests give their own. */
export interface System {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly temporary: string;
}

export function thisSystem(): System {
  return { platform: process.platform, env: process.env, home: homedir(), temporary: tmpdir() };
}

export interface ProfilePaths {
  readonly root: string;
  readonly database: string;
  /** Folder of the practice service, while there is one. */
  readonly practice: string;
  /** Says which kind of secret store holds the profile's key. */
  readonly keyHolder: string;
  /** Folder of the encrypted runs. */
  readonly runs: string;
  readonly logFile: string;
  /** Folder of what certificate authorities answered, which may be deleted at any time. */
  readonly answers: string;
  /** Folder of the socket, 0700; undefined on Windows, where a named pipe has none. */
  readonly socketFolder: string | undefined;
  /** Socket or named pipe of the desk that has the profile open. */
  readonly socket: string;
}

/** sun_path holds 104 bytes on macOS and 108 on Linux, the closing zero among them. */
const socketPathLimit = 103;

const pathOf = (system: System) => (system.platform === 'win32' ? win32 : posix);

/** XDG: "All paths set in these environment variables must be absolute. If [not] it should […] ignore the path." */
function xdg(system: System, name: string, fallback: string): string {
  const set = system.env[name];
  return set !== undefined && posix.isAbsolute(set) ? set : posix.join(system.home, fallback);
}

function applicationFolder(system: System, xdgName: string, xdgFallback: string): string {
  const { join } = pathOf(system);
  if (system.platform === 'win32') {
    return join(system.env.APPDATA ?? join(system.home, 'AppData', 'Roaming'), 'Countersign');
  }
  if (system.platform === 'darwin') return join(system.home, 'Library', 'Application Support', 'Countersign');
  return join(xdg(system, xdgName, xdgFallback), 'countersign');
}

/** The profile used where none is named. */
export function defaultProfileRoot(system: System = thisSystem()): string {
  const folder = applicationFolder(system, 'XDG_DATA_HOME', '.local/share');
  return system.platform === 'linux' ? folder : pathOf(system).join(folder, 'profile');
}

/** The places inside (and for the socket: of) the profile at `root`, an absolute path. Touches no disk. */
export function profilePaths(root: string, system: System = thisSystem()): ProfilePaths {
  const { join, resolve } = pathOf(system);
  const at = resolve(root);
  return {
    root: at,
    database: join(at, 'countersign.db'),
    keyHolder: join(at, 'key-holder'),
    runs: join(at, 'runs'),
    logFile: join(at, 'logs', 'countersign.log'),
    answers: join(at, 'answers'),
    practice: join(at, 'practice'),
    ...socketOf(at, system),
  };
}

function socketOf(root: string, system: System): Pick<ProfilePaths, 'socketFolder' | 'socket'> {
  const name = createHash('sha256').update(root).digest('hex').slice(0, 16);
  if (system.platform === 'win32') return { socketFolder: undefined, socket: `\\\\.\\pipe\\countersign-${name}` };
  const inside = posix.join(root, 'socket');
  const fits = Buffer.byteLength(posix.join(inside, 'desk')) <= socketPathLimit;
  const folder = fits ? inside : posix.join(xdgRuntime(system), `countersign-${name}`);
  return { socketFolder: folder, socket: posix.join(folder, 'desk') };
}

function xdgRuntime(system: System): string {
  const set = system.env.XDG_RUNTIME_DIR;
  return set !== undefined && posix.isAbsolute(set) ? set : system.temporary;
}

/** Folder of the profiles' key files, outside every profile, so that a copied profile does not carry its key. */
export function keyFolder(system: System = thisSystem()): string {
  return pathOf(system).join(applicationFolder(system, 'XDG_CONFIG_HOME', '.config'), 'keys');
}

/** Folder of answers from certificate authorities, which may be deleted at any time. */
export function answerCacheFolder(system: System = thisSystem()): string {
  return pathOf(system).join(applicationFolder(system, 'XDG_CACHE_HOME', '.cache'), 'answers');
}

/** The key file of a profile. */
export function keyFile(profileId: string, system: System = thisSystem()): string {
  return pathOf(system).join(keyFolder(system), `${profileId}.key`);
}

/**
 * Makes a folder that only this person can enter (0700).
 * @throws PathsError not-private where something else is there, or it belongs to someone else
 */
export async function makePrivateFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const found = await lstat(path);
  const owner = process.getuid?.();
  if (!found.isDirectory() || (owner !== undefined && found.uid !== owner)) throw new PathsError('not-private');
  if (owner !== undefined && (found.mode & 0o077) !== 0) await chmod(path, 0o700);
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * The profile's own id, made at the first call and moving with the folder; names its key in key files and secret stores.
 * @throws PathsError damaged-profile-id
 */
export async function profileId(root: string): Promise<string> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  // The root itself may be a link to another disk; what it leads to is made private.
  const at = await realpath(root);
  await makePrivateFolder(at);
  const file = join(at, 'profile-id');
  const read = () => readFile(file, 'utf8').catch(() => undefined);
  const known = await read();
  // Two first starts at once: one's id stays, and no half of it is read.
  if (known === undefined) await writeOnce(file, Buffer.from(`${randomUUID()}\n`));
  const id = (known ?? (await readFile(file, 'utf8'))).trim();
  if (!uuid.test(id)) throw new PathsError('damaged-profile-id');
  return id;
}
