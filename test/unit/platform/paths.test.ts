import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  defaultProfileRoot,
  keyFile,
  makePrivateFolder,
  profileId,
  profilePaths,
  type System,
} from '../../../main/platform/paths.ts';

const linux: System = { platform: 'linux', env: {}, home: '/home/ada', temporary: '/tmp' };
const mac: System = { platform: 'darwin', env: {}, home: '/Users/ada', temporary: '/tmp' };
const windows: System = {
  platform: 'win32',
  env: { APPDATA: 'C:\\Users\\ada\\AppData\\Roaming' },
  home: 'C:\\Users\\ada',
  temporary: 'C:\\Temp',
};

describe('the default profile and its key', () => {
  it.each([
    ['Linux', linux, '/home/ada/.local/share/countersign', '/home/ada/.config/countersign/keys/p.key'],
    [
      'Linux with XDG folders',
      { ...linux, env: { XDG_DATA_HOME: '/data', XDG_CONFIG_HOME: '/config' } },
      '/data/countersign',
      '/config/countersign/keys/p.key',
    ],
    [
      'Linux with relative XDG folders, which are ignored',
      { ...linux, env: { XDG_DATA_HOME: 'data', XDG_CONFIG_HOME: '' } },
      '/home/ada/.local/share/countersign',
      '/home/ada/.config/countersign/keys/p.key',
    ],
    [
      'macOS',
      mac,
      '/Users/ada/Library/Application Support/Countersign/profile',
      '/Users/ada/Library/Application Support/Countersign/keys/p.key',
    ],
    [
      'Windows',
      windows,
      'C:\\Users\\ada\\AppData\\Roaming\\Countersign\\profile',
      'C:\\Users\\ada\\AppData\\Roaming\\Countersign\\keys\\p.key',
    ],
  ])('%s', (_name, system, root, key) => {
    expect(defaultProfileRoot(system)).toBe(root);
    expect(keyFile('p', system)).toBe(key);
    expect(key.startsWith(`${root}${system.platform === 'win32' ? '\\' : '/'}`)).toBe(false);
  });
});

describe('the places of a profile', () => {
  it('lie inside its root', () => {
    expect(profilePaths('/home/ada/p', linux)).toEqual({
      root: '/home/ada/p',
      practice: '/home/ada/p/practice',
      database: '/home/ada/p/countersign.db',
      keyHolder: '/home/ada/p/key-holder',
      runs: '/home/ada/p/runs',
      logFile: '/home/ada/p/logs/countersign.log',
      answers: '/home/ada/p/answers',
      socketFolder: '/home/ada/p/socket',
      socket: '/home/ada/p/socket/desk',
    });
  });

  it('but a socket whose path would be too long goes to the runtime folder, one per profile', () => {
    const deep = `/home/ada/${'deep/'.repeat(30)}`;
    const runtime = { ...linux, env: { XDG_RUNTIME_DIR: '/run/user/1000' } };
    const one = profilePaths(`${deep}one`, runtime);
    const two = profilePaths(`${deep}two`, runtime);
    expect(one.socket).toMatch(/^\/run\/user\/1000\/countersign-[0-9a-f]{16}\/desk$/);
    expect(one.socket).not.toBe(two.socket);
    expect(profilePaths(`${deep}one`, linux).socket).toMatch(/^\/tmp\/countersign-/);
    for (let length = 60; length < 120; length++) {
      const { socket } = profilePaths(`/${'é'.repeat(length / 2)}`, linux);
      expect(Buffer.byteLength(socket)).toBeLessThanOrEqual(103);
    }
  });

  it('are a named pipe and no socket folder on Windows', () => {
    const { socket, socketFolder, database } = profilePaths('C:\\p', windows);
    expect(socket).toMatch(/^\\\\\.\\pipe\\countersign-[0-9a-f]{16}$/);
    expect(socketFolder).toBeUndefined();
    expect(database).toBe('C:\\p\\countersign.db');
  });
});

describe('on disk', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-paths-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it.skipIf(process.platform === 'win32')('a private folder is 0700, also where it was wider', async () => {
    const made = join(folder, 'a', 'b');
    await makePrivateFolder(made);
    expect((await stat(made)).mode & 0o777).toBe(0o700);
    await chmod(made, 0o755);
    await makePrivateFolder(made);
    expect((await stat(made)).mode & 0o777).toBe(0o700);
  });

  it.skipIf(process.platform === 'win32')('a planted link or file is not taken for a private folder', async () => {
    await mkdir(join(folder, 'target'));
    await symlink(join(folder, 'target'), join(folder, 'link'));
    await expect(makePrivateFolder(join(folder, 'link'))).rejects.toMatchObject({ code: 'not-private' });
  });

  it('an id is whole as soon as there is a file of it, and many first starts at once have the same', async () => {
    for (let round = 0; round < 20; round++) {
      const root = join(folder, `round-${round}`);
      let going = true;
      const seen = new Set<string>();
      const look = async () => {
        for (; going; await setImmediate()) {
          if (existsSync(join(root, 'profile-id'))) seen.add(readFileSync(join(root, 'profile-id'), 'utf8').trim());
        }
      };
      const looking = look();
      const ids = await Promise.all(Array.from({ length: 4 }, () => profileId(root)));
      going = false;
      await looking;
      expect(new Set([...ids, ...seen]).size).toBe(1);
    }
  });

  it('a profile keeps its id, and two profiles have two', async () => {
    const [first, again] = await Promise.all([profileId(join(folder, 'one')), profileId(join(folder, 'one'))]);
    expect(again).toBe(first);
    expect(await profileId(join(folder, 'one'))).toBe(first);
    expect(await profileId(join(folder, 'two'))).not.toBe(first);
  });

  it('a damaged id is reported, not replaced', async () => {
    await writeFile(join(folder, 'profile-id'), '../../etc');
    await expect(profileId(folder)).rejects.toMatchObject({ code: 'damaged-profile-id' });
  });
});
