import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findChromium } from '../../../main/host/find-chromium.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'countersign-browser-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function program(name: string, mode = 0o755): Promise<string> {
  const path = join(dir, name);
  await writeFile(path, '');
  await chmod(path, mode);
  return path;
}

describe('the installed browser', () => {
  it('is found along the path, Chromium before its kin', async () => {
    await program('google-chrome');
    const chromium = await program('chromium');
    expect(findChromium({ PATH: ['/nowhere', dir].join(delimiter) }, 'linux')).toBe(chromium);
  });

  it('is the named one and no other', async () => {
    await program('chromium');
    const chosen = await program('my-browser');
    expect(findChromium({ PATH: dir, COUNTERSIGN_CHROMIUM: chosen }, 'linux')).toBe(chosen);
    expect(() => findChromium({ PATH: dir, COUNTERSIGN_CHROMIUM: join(dir, 'gone') }, 'linux')).toThrow(
      expect.objectContaining({ code: 'no-browser' }),
    );
  });

  it.each(['linux', 'darwin', 'win32'] as const)('is missing on a bare %s', (platform) => {
    const bare = { PATH: '', PROGRAMFILES: join(dir, 'none') };
    expect(() => findChromium(bare, platform)).toThrow(expect.objectContaining({ code: 'no-browser' }));
  });
});
