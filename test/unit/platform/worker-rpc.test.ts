import { afterEach, describe, expect, it } from 'vitest';
import { startWorker, type WorkerClient, type WorkerOptions } from '../../../main/platform/worker-rpc.ts';

interface Mortal {
  echo(): Promise<string>;
  die(): Promise<never>;
  silence(): Promise<never>;
}
const url = new URL('./dying-worker.mjs', import.meta.url);
const started: WorkerClient<Mortal>[] = [];
afterEach(() => Promise.all(started.splice(0).map((client) => client.close())));

function start(options: WorkerOptions, data = 'here') {
  const client = startWorker<Mortal>(url, data, options);
  started.push(client);
  return client.remote;
}

describe('a worker that dies', () => {
  it('fails what is under way and is started again for the next call', async () => {
    const deaths: unknown[] = [];
    const remote = start({ restart: true, onDeath: (cause) => deaths.push(cause) });
    expect(await remote.echo()).toBe('here');
    const silent = remote.silence();
    const dying = remote.die();
    await expect(silent).rejects.toMatchObject({ code: 'worker-gone' });
    await expect(dying).rejects.toMatchObject({ code: 'worker-gone' });
    expect(await remote.echo()).toBe('here');
    expect(deaths).toHaveLength(1);
  });

  it('stays dead where it keeps something between calls', async () => {
    const remote = start({});
    await expect(remote.die()).rejects.toMatchObject({ code: 'worker-gone' });
    await expect(remote.echo()).rejects.toMatchObject({ code: 'worker-gone' });
  });

  it('stays dead after three deaths without an answer', async () => {
    let deaths = 0;
    const remote = start({ restart: true, onDeath: () => deaths++ }, 'stillborn');
    for (let calls = 0; calls < 6; calls++) await expect(remote.echo()).rejects.toMatchObject({ code: 'worker-gone' });
    expect(deaths).toBe(3);
  });

  it('is not started again once it is closed', async () => {
    const client = startWorker<Mortal>(url, 'here', { restart: true });
    const silent = client.remote.silence();
    silent.catch(() => undefined);
    await client.close();
    await expect(silent).rejects.toMatchObject({ code: 'worker-gone' });
    await expect(client.remote.echo()).rejects.toMatchObject({ code: 'worker-gone' });
  });
});

describe('a worker that is started later', () => {
  it('is there for the first call all the same', async () => {
    expect(await start({ laterMs: 60_000 }).echo()).toBe('here');
  });

  it('is started by itself when its time has come, and not before', async () => {
    let deaths = 0;
    start({ laterMs: 60_000, onDeath: () => deaths++ }, 'stillborn');
    start({ laterMs: 1, onDeath: () => (deaths += 10) }, 'stillborn');
    await expect.poll(() => deaths, { timeout: 10_000 }).toBe(10);
  });

  it('is not started once it is closed', async () => {
    let deaths = 0;
    const client = startWorker<Mortal>(url, 'stillborn', { restart: true, laterMs: 1, onDeath: () => deaths++ });
    await client.close();
    await expect(client.remote.echo()).rejects.toMatchObject({ code: 'worker-gone' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(deaths).toBe(0);
  });
});
