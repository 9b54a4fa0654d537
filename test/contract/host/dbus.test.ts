/** The D-Bus client against a real bus: a dbus-daemon of the test's own. Debian: dbus. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BusMessage, connectBus, socketPath } from '../../../main/host/dbus.ts';
import { startWatching } from '../../../main/host/logind.ts';

const daemon = '/usr/bin/dbus-daemon';
const lacking = existsSync(daemon) ? undefined : 'dbus-daemon';
if (lacking !== undefined && process.getuid?.() === 0) throw new Error(`${daemon} is missing: apt-get install dbus`);

describe.skipIf(lacking !== undefined)(`a real bus (${lacking ?? daemon})`, () => {
  let folder: string;
  let bus: ChildProcess;
  let address: string;
  const org = { destination: 'org.freedesktop.DBus', path: '/org/freedesktop/DBus', interface: 'org.freedesktop.DBus' };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-dbus-'));
    address = `unix:path=${join(folder, 'bus')}`;
    bus = spawn(daemon, ['--session', '--nofork', '--nopidfile', `--address=${address}`, '--print-address'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    if (bus.stdout) await once(bus.stdout, 'data');
  });
  afterAll(async () => {
    const exited = once(bus, 'exit');
    bus.kill('SIGKILL');
    await exited;
    await rm(folder, { recursive: true, force: true });
  });

  it('answers calls, errors and signals', async () => {
    const heard: BusMessage[] = [];
    const path = socketPath(address) ?? '';
    const one = await connectBus(path, (message) => heard.push(message));
    const rule = "type='signal',member='NameOwnerChanged'";
    await one.call({ ...org, member: 'AddMatch', args: [rule] });
    const names = await one.call({ ...org, member: 'ListNames' });
    expect(names).toEqual([expect.arrayContaining(['org.freedesktop.DBus'])]);
    await expect(one.call({ ...org, destination: 'no.such.Name', member: 'Hello' })).rejects.toMatchObject({
      code: 'org.freedesktop.DBus.Error.ServiceUnknown',
    });
    const two = await connectBus(path, () => undefined);
    await two.call({ ...org, member: 'RequestName', args: ['countersign.Test', 0] });
    const taken = expect.objectContaining({
      type: 'signal',
      member: 'NameOwnerChanged',
      body: ['countersign.Test', '', expect.stringMatching(/^:1\.\d+$/)],
    });
    await expect.poll(() => heard).toContainEqual(taken);
    two.close();
    one.close();
    await Promise.all([one.ended, two.ended]);
  });

  it('has no session manager on it, and none is claimed to be watched', async () => {
    const watch = startWatching(() => undefined, address);
    await watch.settled;
    expect(watch.isWatching()).toBe(false);
    watch.stop();
  });
});
