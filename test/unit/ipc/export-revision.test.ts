/** A saved copy is whole, or there is none: a disk that takes less than it is given makes no shorter document. */
import { mkdtemp, open, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Host } from '../../../main/host/host.ts';
import { exportRevision } from '../../../main/ipc/export-revision.ts';
import { createSavedCopies } from '../../../main/ipc/saved-copies.ts';
import type { Store } from '../../../main/store/store.ts';

const bytes = Uint8Array.from({ length: 700_000 }, (_, i) => i % 251);
const revision = { sha256: '00', sizeBytes: bytes.length, runs: [] };
const store = {
  readRevision: async (_revision: unknown, at: number, length: number) => bytes.slice(at, at + length),
} as unknown as Store;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-export-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

type Write = (bytes: Uint8Array) => Promise<{ bytesWritten: number }>;

/** Every file's `write` from here on takes so many bytes at a time, as write(2) may where the disk is nearly full. */
async function writesTake(take: (write: Write, given: Uint8Array) => ReturnType<Write>): Promise<void> {
  const file = await open(join(folder, 'probe'), 'w');
  const handle = Object.getPrototypeOf(file) as { write: Write };
  await file.close();
  await rm(join(folder, 'probe'));
  const write = handle.write;
  vi.spyOn(handle, 'write').mockImplementation(function (this: unknown, given) {
    return take((some) => write.call(this, some), given);
  });
}

const save = () =>
  exportRevision(
    { host: {} as Host, store, saved: createSavedCopies(() => 'saved-1') },
    revision,
    'a.pdf',
    join(folder, 'a.pdf'),
  );

describe('a saved copy', () => {
  it('is known by its id, not to be asked for by path; of very many the oldest is forgotten', async () => {
    await expect(save()).resolves.toMatchObject({ path: join(folder, 'a.pdf'), savedId: 'saved-1' });
    let made = 0;
    const saved = createSavedCopies(() => String(made++));
    for (let i = 0; i <= 200; i++) saved.add(`/${i}.pdf`);
    expect([saved.pathOf('0'), saved.pathOf('1'), saved.pathOf('200')]).toEqual([undefined, '/1.pdf', '/200.pdf']);
  });

  it('is whole where the system takes its bytes in parts', async () => {
    await writesTake((write, given) => write(given.subarray(0, 300_000)));
    await save();
    expect(Buffer.compare(await readFile(join(folder, 'a.pdf')), bytes)).toBe(0);
  });

  it('is not there where the last bytes find no room', async () => {
    let room = 600_000;
    await writesTake(async (write, given) => {
      if (room === 0) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
      const taken = await write(given.subarray(0, room));
      room -= taken.bytesWritten;
      return taken;
    });
    await expect(save()).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(await readdir(folder)).toEqual([]);
  });
});
