import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Rooms } from '../../../main/ipc/rooms.ts';
import { settingHandlers } from '../../../main/ipc/setting-handlers.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ca-file-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The handlers where the host's dialog gives `path`, and the changes they make. */
function desk(path: string | undefined) {
  const changes: unknown[] = [];
  const rooms = {
    host: { choosePath: async () => path },
    settings: {
      get: () => ({}),
      change: async (wanted: unknown) => {
        changes.push(wanted);
        return wanted;
      },
    },
    emit: () => undefined,
  };
  return { changes, choose: settingHandlers(rooms as unknown as Rooms)['settings.chooseCaFile'] };
}

async function fileOf(text: string): Promise<string> {
  const path = join(folder, 'ca.pem');
  await writeFile(path, text);
  return path;
}

const [first = '', second = ''] = rootCertificates;

describe('the file of certificates', () => {
  it('is the one the host’s dialog gives', async () => {
    const path = await fileOf(`the network’s own\n${first}\n${second}\n`);
    const { choose, changes } = desk(path);
    expect(await choose({})).toEqual({ caFile: path });
    expect(changes).toEqual([{ caFile: path }]);
  });

  it('stays as it is where nothing is chosen', async () => {
    const { choose, changes } = desk(undefined);
    expect(await choose({})).toEqual({});
    expect(changes).toEqual([]);
  });

  it.each([
    ['empty', ''],
    ['a key', '-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n'],
    ['one broken among good ones', `${first}\n-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n`],
    ['larger than any bundle', `${first}\n${'#'.repeat(1024 * 1024)}`],
  ])('is refused where it is %s', async (_what, text) => {
    const { choose, changes } = desk(await fileOf(text));
    await expect(choose({})).rejects.toMatchObject({ code: 'no-certificates' });
    expect(changes).toEqual([]);
  });

  it('is refused where it cannot be read', async () => {
    await expect(desk(folder).choose({})).rejects.toMatchObject({ code: 'no-certificates' });
    await expect(desk(join(folder, 'none.pem')).choose({})).rejects.toMatchObject({ code: 'no-certificates' });
  });
});
