import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

vi.mock('electron', () => import('./fake-electron.mjs'));
const { app, clickTray } = await import('./fake-electron.mjs');
const { createCameraLease } = await import('../../../main/host/camera-lease.ts');
const { createElectronHost } = await import('../../../main/host/electron-host.ts');

type Told = { readonly what: string } & Record<string, unknown>;

let folder: string;
const told: Told[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'electron-tray-'));
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => {
    if (String(line).startsWith('{')) told.push(JSON.parse(String(line)));
    return true;
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

const all = (what: string) => told.filter((each) => each.what === what);

describe('the icon in the tray', () => {
  it('is one, shows what waits, and its menu ends the app', async () => {
    app.requestSingleInstanceLock();
    await app.whenReady();
    const host = createElectronHost({
      sealedDir: join(folder, 'sealed'),
      secretsDir: join(folder, 'keys'),
      preloadPath: '/nowhere/preload.cjs',
      camera: createCameraLease(),
    });
    expect(all('tray')).toEqual([]);
    for (const count of [0, 7, 7, 120]) host.showWaiting?.(count);
    expect(all('tray')).toHaveLength(1);
    expect(all('badge').map(({ count }) => count)).toEqual([0, 7, 7, 120]);
    expect(all('tray-tip').map(({ text }) => text)).toEqual([
      'Countersign',
      'Countersign: 7 da fare',
      'Countersign: 7 da fare',
      'Countersign: 120 da fare',
    ]);
    const [none, seven, again, many] = all('tray-image').map(({ png }) => png);
    expect(again).toBe(seven);
    expect(new Set([none, seven, many]).size).toBe(3);
    expect(all('tray-menu')).toEqual([{ what: 'tray-menu', labels: ['Mostra Countersign', 'Esci'] }]);
    clickTray('Esci');
    expect(all('quit')).toHaveLength(1);
  });
});
