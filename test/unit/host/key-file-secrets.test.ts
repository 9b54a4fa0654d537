import { chmod, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKeyFileSecrets } from '../../../main/host/key-file-secrets.ts';

let dir: string;
let keys: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'countersign-keys-'));
  keys = join(dir, 'keys');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const secret = new Uint8Array([1, 2, 3]);
const permissions = async (path: string) => (await stat(path)).mode & 0o777;

describe('secrets in key files', () => {
  it('come back as they were first written: a second start never replaces the first one’s key', async () => {
    const secrets = createKeyFileSecrets(keys);
    expect(await secrets.read('data-key')).toBeUndefined();
    await secrets.write('data-key', secret);
    await secrets.write('data-key', new Uint8Array([9]));
    expect(await createKeyFileSecrets(keys).read('data-key')).toEqual(secret);
    expect(await readdir(keys)).toEqual(['data-key.key']);
  });

  it('are their owner’s alone', async () => {
    await createKeyFileSecrets(keys).write('data-key', secret);
    expect(await permissions(keys)).toBe(0o700);
    expect(await permissions(join(keys, 'data-key.key'))).toBe(0o600);
  });

  it.each([
    ['the file', 0o640, (path: string) => join(path, 'data-key.key')],
    ['the folder', 0o755, (path: string) => path],
  ])('are not read where others can open %s', async (_name, mode, path) => {
    const secrets = createKeyFileSecrets(keys);
    await secrets.write('data-key', secret);
    await chmod(path(keys), mode);
    await expect(secrets.read('data-key')).rejects.toMatchObject({ code: 'secret-unreadable' });
  });

  it('are not read through a link, nor from a folder', async () => {
    await mkdir(keys, { mode: 0o700 });
    await writeFile(join(dir, 'elsewhere'), secret, { mode: 0o600 });
    await symlink(join(dir, 'elsewhere'), join(keys, 'linked.key'));
    await mkdir(join(keys, 'folder.key'));
    const secrets = createKeyFileSecrets(keys);
    await expect(secrets.read('linked')).rejects.toMatchObject({ code: 'secret-unreadable' });
    await expect(secrets.read('folder')).rejects.toMatchObject({ code: 'secret-unreadable' });
  });

  it('are not written into a folder that others can open', async () => {
    await mkdir(keys);
    await chmod(keys, 0o777);
    await expect(createKeyFileSecrets(keys).write('a', secret)).rejects.toMatchObject({ code: 'secret-unreadable' });
    expect(await readdir(keys)).toEqual([]);
  });

  it.each(['', '../x', 'a/b', '.hidden', 'A', 'x'.repeat(101)])('have no name %j', async (name) => {
    await expect(createKeyFileSecrets(keys).read(name)).rejects.toThrow(RangeError);
  });
});
