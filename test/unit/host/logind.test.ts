/** Lock, sleep and absence as logind tells them, over a bus of our own; and what a bus sends that makes no sense. */
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { encodeCall, socketPath } from '../../../main/host/dbus.ts';
import { MessageReader, splitSignature } from '../../../main/host/dbus-reader.ts';
import { startWatching } from '../../../main/host/logind.ts';
import { type FakeBus, message, startFakeBus } from './fake-bus.ts';

const OWN = '/org/freedesktop/login1/session/_32';
const OTHER = '/org/freedesktop/login1/session/c1';
const SESSION = 'org.freedesktop.login1.Session';
const PROPERTIES = 'org.freedesktop.DBus.Properties';

describe('the system watched through logind', () => {
  const running: { stop(): unknown }[] = [];
  afterEach(() => Promise.all(running.splice(0).map((each) => each.stop())));

  async function watch(session = OWN, welcome?: string) {
    const bus: FakeBus = await startFakeBus(session, welcome);
    const heard: string[] = [];
    const watching = startWatching((event) => heard.push(event), bus.address);
    running.push(watching, bus);
    await watching.settled;
    const hears = (...events: string[]) => expect.poll(() => heard).toEqual(events);
    return { bus, heard, watching, hears };
  }

  it('tells of sleep and of waking', async () => {
    const { bus, watching, hears } = await watch();
    expect(watching.isWatching()).toBe(true);
    const manager = ['/org/freedesktop/login1', 'org.freedesktop.login1.Manager', 'PrepareForSleep'] as const;
    bus.signal(...manager, ['b', true]);
    bus.signal(...manager, ['b', false]);
    await hears('suspend', 'resume');
  });

  it('tells of a locked screen and of absence in its own session alone', async () => {
    const { bus, hears } = await watch();
    const changed = (path: string, name: string, flag: boolean) =>
      bus.signal(
        path,
        PROPERTIES,
        'PropertiesChanged',
        ['s', SESSION],
        [
          'a{sb}',
          [
            ['Other', true],
            [name, flag],
          ],
        ],
      );
    bus.signal(OTHER, SESSION, 'Lock');
    changed(OTHER, 'LockedHint', true);
    changed(OWN, 'LockedHint', false);
    changed(OWN, 'LockedHint', true);
    changed(OWN, 'IdleHint', true);
    bus.signal(OWN, SESSION, 'Unlock');
    bus.signal(OWN, SESSION, 'Lock');
    await hears('unlock-screen', 'lock-screen', 'idle', 'unlock-screen', 'lock-screen');
  });

  it('hears every session where the process belongs to none', async () => {
    const { bus, hears } = await watch('org.freedesktop.login1.NoSessionForPID');
    bus.signal(OTHER, SESSION, 'Lock');
    await hears('lock-screen');
  });

  it.each([
    ['there is no session manager', 'org.freedesktop.DBus.Error.ServiceUnknown', undefined],
    ['the bus lets nobody in', OWN, 'REJECTED EXTERNAL\r\n'],
  ])('does not claim to watch where %s', async (_, session, welcome) => {
    const { watching, heard } = await watch(session, welcome);
    expect(watching.isWatching()).toBe(false);
    expect(heard).toEqual([]);
  });

  it.each(['unix:path=/nowhere/bus', 'tcp:host=localhost', ''])('does not claim to watch at %s', async (address) => {
    const watching = startWatching(() => undefined, address || 'nonsense');
    running.push(watching);
    await watching.settled;
    expect(watching.isWatching()).toBe(false);
  });

  it('says that it hears nothing any more when the bus goes, or speaks no sense', async () => {
    const gone = await watch();
    await gone.bus.stop();
    await gone.hears('lost');
    expect(gone.watching.isWatching()).toBe(false);
    const odd = await watch();
    odd.bus.raw(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await odd.hears('lost');
  });

  it('is silent once it is stopped', async () => {
    const { bus, watching, heard } = await watch();
    watching.stop();
    bus.signal(OWN, SESSION, 'Lock');
    await bus.stop();
    expect(heard).toEqual([]);
  });
});

describe('messages of the bus', () => {
  const lock = message(4, { path: OWN, interface: SESSION, member: 'Lock' });
  const call = encodeCall(3, { destination: 'a.b', path: '/x', interface: 'a.b.C', member: 'D', args: ['é', 7] });

  it('come whole in whatever pieces', () => {
    const heard: unknown[] = [];
    const reader = new MessageReader((one) => heard.push(one));
    for (const byte of Buffer.concat([lock, call, lock])) expect(reader.push(Buffer.from([byte]))).toBe(true);
    const expected = { type: 'signal', path: OWN, interface: SESSION, member: 'Lock', body: [] };
    const made = { type: 'call', path: '/x', interface: 'a.b.C', member: 'D', body: ['é', 7] };
    expect(heard).toEqual([expected, made, expected]);
  });

  it('end the reading where they are damaged, and never throw', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(lock, call),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        (whole, edits) => {
          const bytes = Buffer.from(whole);
          for (const [at, value] of edits) bytes[at % bytes.length] = value;
          const reader = new MessageReader(() => undefined);
          reader.push(bytes);
          reader.push(Buffer.alloc(64, 0xff));
        },
      ),
      { seed: 7, numRuns: 2000 },
    );
  });

  it('are not waited for where they claim to be huge', () => {
    const huge = Buffer.from(lock);
    huge.writeUInt32LE(0x7fffffff, 4);
    expect(new MessageReader(() => undefined).push(huge)).toBe(false);
  });

  it.each([
    ['ssa{sv}as', ['s', 's', 'a{sv}', 'as']],
    ['(ii)aai', ['(ii)', 'aai']],
  ])('have signatures of whole types: %s', (signature, parts) => {
    expect(splitSignature(signature)).toEqual(parts);
  });

  it.each([
    ['unix:path=/run/bus', '/run/bus'],
    ['unix:abstract=x;unix:path=/run/a%20b,guid=7', '/run/a b'],
    ['tcp:host=x', undefined],
  ])('go to the socket of %s', (address, path) => {
    expect(socketPath(address)).toBe(path);
  });
});
