import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadDataKey } from '../../../main/store/index.ts';

function memorySecrets() {
  const kept = new Map<string, Uint8Array>();
  return {
    kept,
    read: async (name: string) => kept.get(name),
    write: async (name: string, secret: Uint8Array) => void kept.set(name, secret),
  };
}

describe('the data key of a profile', () => {
  it('is made once, with 32 bytes, and is another one for another profile', async () => {
    const secrets = memorySecrets();
    const key = await loadDataKey(secrets, 'p1');
    expect(key).toHaveLength(32);
    expect(await loadDataKey(secrets, 'p1')).toEqual(key);
    expect(await loadDataKey(secrets, 'p2')).not.toEqual(key);
    expect(secrets.kept.size).toBe(2);
  });

  it('is not made anew over a kept one that is none', async () => {
    const secrets = memorySecrets();
    await secrets.write('data-key-p1', new Uint8Array(5));
    await expect(loadDataKey(secrets, 'p1')).rejects.toMatchObject({ code: 'wrong-key' });
    expect(secrets.kept.get('data-key-p1')).toHaveLength(5);
  });

  it('is refused where the secret store does not keep what it was given', async () => {
    const forgetful = { read: async () => undefined, write: async () => undefined };
    await expect(loadDataKey(forgetful, 'p1')).rejects.toMatchObject({ code: 'wrong-key' });
  });

  it('says who holds it, also to a host that does not', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'countersign-key-'));
    try {
      const holder = join(folder, 'key-holder');
      const system = { ...memorySecrets(), kind: 'system' as const };
      const key = await loadDataKey(system, 'p1', true, holder);
      expect((await readFile(holder, 'utf8')).trim()).toBe('system');
      const keyFiles = { ...memorySecrets(), kind: 'key-file' as const };
      await expect(loadDataKey(keyFiles, 'p1', false, holder)).rejects.toMatchObject({ code: 'secret-elsewhere' });
      expect(keyFiles.kept.size).toBe(0);
      expect(await loadDataKey(system, 'p1', false, holder)).toEqual(key);
      const emptied = { ...memorySecrets(), kind: 'system' as const };
      await expect(loadDataKey(emptied, 'p1', false, holder)).rejects.toMatchObject({ code: 'wrong-key' });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
