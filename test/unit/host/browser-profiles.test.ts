import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, symlink, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { browserPid, clearLeftProfiles, makeBrowserProfile } from '../../../main/host/browser-profiles.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-profiles-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** No process has this number: the largest a Linux kernel gives is 4194304. */
const NOBODY = 4_999_999;
const lockOf = (profile: string, pid: number) => symlink(`desk.example-${pid}`, join(profile, 'SingletonLock'));

it('offers to keep nothing that is typed', async () => {
  const preferences = await readFile(join(await makeBrowserProfile(folder), 'Default', 'Preferences'), 'utf8');
  expect(JSON.parse(preferences)).toMatchObject({ credentials_enable_service: false });
});

it('clears away what a dead browser left, and nothing else', async () => {
  const now = Date.now();
  const [dead, alive, fresh, old, foreign] = [
    await makeBrowserProfile(folder),
    await makeBrowserProfile(folder),
    await makeBrowserProfile(folder),
    await makeBrowserProfile(folder),
    await mkdtemp(join(folder, 'another-')),
  ];
  await lockOf(dead, NOBODY);
  await lockOf(alive, process.pid);
  await lockOf(foreign, NOBODY);
  await utimes(old, new Date(now - 3_600_000), new Date(now - 3_600_000));
  expect(await browserPid(alive)).toBe(process.pid);
  await clearLeftProfiles(folder, now);
  expect([dead, alive, fresh, old, foreign].map((path) => existsSync(path))).toEqual([false, true, true, false, true]);
});

it('follows no link that lies where a profile should', async () => {
  const target = await mkdtemp(join(folder, 'kept-'));
  await symlink(target, join(folder, 'countersign-browser-profile-link'));
  await clearLeftProfiles(folder);
  expect(existsSync(target)).toBe(true);
});
