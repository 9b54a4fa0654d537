import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectDesk, type DeskListener, listenForDesks } from '../../../main/ipc/desk-socket.ts';
import type { Dispatch } from '../../../main/ipc/router.ts';

let folder: string;
let listener: DeskListener | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'desk-socket-'));
});
afterEach(async () => {
  await listener?.close();
  listener = undefined;
  await rm(folder, { recursive: true, force: true });
});

async function until<T>(attempt: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const got = await attempt();
    if (got !== undefined) return got;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const echo: Dispatch = async (sender, name, input) => ({ ok: true, value: { from: sender.origin, name, input } });

describe('the profile’s socket', () => {
  it('carries calls, bytes and answers, several at once', async () => {
    const path = join(folder, 'desk');
    listener = await listenForDesks(path, echo);
    const desk = await connectDesk(path);
    const replies = await Promise.all([
      desk?.call('jobs.list', {}),
      desk?.call('documents.open', { transactionId: 'a', documentId: 'b' }),
    ]);
    expect(replies).toMatchObject([
      { ok: true, value: { from: 'local', name: 'jobs.list' } },
      { ok: true, value: { name: 'documents.open', input: { transactionId: 'a', documentId: 'b' } } },
    ]);
    desk?.close();
  });

  it('tells events to whoever listens', async () => {
    const path = join(folder, 'desk');
    listener = await listenForDesks(path, echo);
    const desk = await connectDesk(path);
    const told = new Promise((resolve) => desk?.on('sync.changed', resolve));
    await desk?.call('jobs.list', {});
    listener.emit('sync.changed', { online: false, waiting: 3 });
    expect(await told).toEqual({ online: false, waiting: 3 });
    desk?.close();
  });

  it('answers desk-closed when the desk goes away', async () => {
    const path = join(folder, 'desk');
    listener = await listenForDesks(path, () => new Promise(() => undefined));
    const desk = await connectDesk(path);
    const pending = desk?.call('jobs.list', {});
    await new Promise((resolve) => setImmediate(resolve));
    await listener.close();
    expect(await pending).toMatchObject({ ok: false, error: { code: 'desk-closed' } });
    expect(await desk?.call('jobs.list', {})).toMatchObject({ ok: false, error: { code: 'desk-closed' } });
  });

  it('lets a call that is under way end before it closes', async () => {
    const path = join(folder, 'desk');
    let answer: (reply: { ok: true; value: unknown }) => void = () => undefined;
    const asked = new Promise<void>((resolveAsked) => {
      const slow: Dispatch = () =>
        new Promise((resolve) => {
          answer = resolve;
          resolveAsked();
        });
      void listenForDesks(path, slow).then((made) => {
        listener = made;
      });
    });
    const desk = await until(() => connectDesk(path));
    const pending = desk.call('jobs.list', {});
    await asked;
    const closing = listener?.close(60_000);
    expect(await connectDesk(path)).toBeUndefined();
    answer({ ok: true, value: [] });
    expect(await pending).toEqual({ ok: true, value: [] });
    desk.close();
    await closing;
    listener = undefined;
  });

  it('takes over a socket file that nobody listens on', async () => {
    const path = join(folder, 'desk');
    const dead = createServer().listen(path);
    await new Promise((resolve) => dead.once('listening', resolve));
    // A killed desk leaves its socket file behind: put one there again after closing.
    await new Promise((resolve) => dead.close(resolve));
    await writeFile(path, '');
    listener = await listenForDesks(path, echo);
    const desk = await connectDesk(path);
    expect(await desk?.call('jobs.list', {})).toMatchObject({ ok: true });
    desk?.close();
  });

  it('does not take a living desk’s socket', async () => {
    const path = join(folder, 'desk');
    listener = await listenForDesks(path, echo);
    await expect(listenForDesks(path, echo)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('cuts off a peer that talks nonsense, and lives on', async () => {
    const path = join(folder, 'desk');
    listener = await listenForDesks(path, echo);
    for (const nonsense of ['hello\n', '{"id":"x"}\n', '[]\n', '{"id":1,"call":2}\n', '{"$bytes":5}\n']) {
      const peer = createConnection(path);
      peer.write(nonsense);
      await new Promise((resolve) => peer.once('close', resolve));
    }
    const desk = await connectDesk(path);
    expect(await desk?.call('jobs.list', {})).toMatchObject({ ok: true });
    desk?.close();
  });

  it('tells nothing to a socket in a folder that others can enter', async () => {
    const path = join(folder, 'desk');
    listener = await listenForDesks(path, echo);
    await chmod(folder, 0o755);
    expect(await connectDesk(path)).toBeUndefined();
  });

  it('is not upset by a desk that talks nonsense', async () => {
    const path = join(folder, 'desk');
    const server = createServer((socket) => void socket.resume().end('{"nonsense\n')).listen(path);
    await new Promise((resolve) => server.once('listening', resolve));
    const desk = await connectDesk(path);
    expect(await desk?.call('jobs.list', {})).toMatchObject({ ok: false, error: { code: 'desk-closed' } });
    await new Promise((resolve) => server.close(resolve));
  });

  it('finds no desk where there is none', async () => {
    expect(await connectDesk(join(folder, 'nothing'))).toBeUndefined();
  });
});
