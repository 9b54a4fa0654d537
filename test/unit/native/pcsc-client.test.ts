import { describe, expect, it } from 'vitest';
import {
  type CardReader,
  createPcscWatch,
  type PcscEvent,
  type PcscState,
  pcscEvents,
} from '../../../native/pcsc-client.ts';
import type { ChildProcessPort } from '../../../native/token-port.ts';
import { manualClock } from './manual-clock.ts';

const reader = (name: string, change: Partial<CardReader> = {}): CardReader => ({
  name,
  cardPresent: false,
  atr: undefined,
  changes: 0,
  ...change,
});
const card = (atr: string | undefined, changes = 1) => ({ cardPresent: true, atr, changes });
const running = (...readers: CardReader[]): PcscState => ({ service: 'running', readers });

describe('events', () => {
  it.each<[string, PcscState, PcscState, string[]]>([
    ['nothing', running(reader('A')), running(reader('A')), []],
    ['the count of an empty reader', running(reader('A')), running(reader('A', { changes: 2 })), []],
    ['a reader that comes', running(), running(reader('A')), ['reader-added A']],
    [
      'a reader that comes with its card',
      running(),
      running(reader('A', card('3b'))),
      ['reader-added A', 'card-inserted A 3b'],
    ],
    ['a card that comes', running(reader('A')), running(reader('A', card('3b'))), ['card-inserted A 3b']],
    [
      'a card that does not answer',
      running(reader('A')),
      running(reader('A', card(undefined))),
      ['card-inserted A undefined'],
    ],
    ['a card that goes', running(reader('A', card('3b'))), running(reader('A')), ['card-removed A']],
    [
      'a reader that goes with its card',
      running(reader('A', card('3b'))),
      running(),
      ['card-removed A', 'reader-removed A'],
    ],
    [
      'another card',
      running(reader('A', card('3b'))),
      running(reader('A', card('3c'))),
      ['card-removed A', 'card-inserted A 3c'],
    ],
    [
      'the same card out and in',
      running(reader('A', card('3b', 1))),
      running(reader('A', card('3b', 3))),
      ['card-removed A', 'card-inserted A 3b'],
    ],
    [
      'a move to another reader',
      running(reader('A', card('3b')), reader('B')),
      running(reader('A'), reader('B', card('3b'))),
      ['card-removed A', 'card-inserted B 3b'],
    ],
    [
      'the service that goes',
      running(reader('A', card('3b'))),
      { service: 'pcsc-service-down', readers: [] },
      ['service pcsc-service-down', 'card-removed A', 'reader-removed A'],
    ],
  ])('of %s', (_, before, after, expected) => {
    const words = pcscEvents(before, after).map((event) =>
      event.kind === 'service'
        ? `service ${event.service}`
        : `${event.kind} ${event.reader}${event.kind === 'card-inserted' ? ` ${event.atr}` : ''}`,
    );
    expect(words).toEqual(expected);
  });
});

/** A process in the hand: messages and death at will. */
function fakeProcess() {
  let tell: (message: unknown) => void = () => undefined;
  let end: (exit: { code: number | null; signal: string | null }) => void = () => undefined;
  let dead = false;
  const die = () => {
    if (dead) return;
    dead = true;
    end({ code: 1, signal: null });
  };
  const port: ChildProcessPort = {
    pid: 1,
    send: () => undefined,
    onMessage(listener) {
      tell = listener;
    },
    onExit(listener) {
      end = listener;
    },
    kill: die,
  };
  return { port, say: (message: unknown) => tell(message), die, isDead: () => dead };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

function open(startFails = false) {
  const processes: ReturnType<typeof fakeProcess>[] = [];
  const time = manualClock();
  const pass = async (ms: number) => {
    await settle();
    time.pass(ms);
    await settle();
  };
  const watch = createPcscWatch({
    startProcess() {
      if (startFails) throw new Error('no process');
      const started = fakeProcess();
      processes.push(started);
      return started.port;
    },
    clock: time,
  });
  const events: PcscEvent[] = [];
  watch.on((event) => events.push(event));
  void watch.settled(0);
  return { watch, events, processes, pass, last: () => processes.at(-1) };
}

describe('the process', () => {
  it('is started again where it died, with what is known kept until it says otherwise', async () => {
    const { watch, events, processes, pass, last } = open();
    last()?.say(running(reader('A', card('3b'))));
    last()?.die();
    await pass(250);
    expect(processes).toHaveLength(2);
    last()?.say(running(reader('A', card('3b'))));
    expect(events.map(({ kind }) => kind)).toEqual(['service', 'reader-added', 'card-inserted']);
    await watch.close();
  });

  it('is said to have failed where it dies three times without a word', async () => {
    const { watch, processes, pass, last } = open();
    for (const pauseMs of [250, 500]) {
      last()?.die();
      await pass(pauseMs);
    }
    last()?.die();
    await pass(0);
    expect(watch.state()).toEqual({ service: 'pcsc-failed', readers: [] });
    await pass(1000);
    expect(processes).toHaveLength(4);
    last()?.say(running());
    expect(watch.state().service).toBe('running');
    await watch.close();
  });

  it('is killed and started again where it falls silent', async () => {
    const { watch, processes, pass } = open();
    processes[0]?.say(running());
    await pass(20_000);
    expect(processes[0]?.isDead()).toBe(true);
    await pass(250);
    expect(processes).toHaveLength(2);
    await watch.close();
  });

  it.each([
    ['text', 'running'],
    ['an unknown service', { service: 'fine', readers: [] }],
    ['an answer to reset that is none', running(reader('A', card('xx')))],
    ['too many readers', running(...Array.from({ length: 65 }, (_, index) => reader(`${index}`)))],
  ])('is killed where it says %s', async (_, message) => {
    const { watch, processes } = open();
    processes[0]?.say(message);
    expect(processes[0]?.isDead()).toBe(true);
    expect(watch.state().service).toBe('starting');
    await watch.close();
  });

  it('stays away where PC/SC cannot be asked at all', async () => {
    const { watch, processes, pass, last } = open();
    last()?.say({ service: 'pcsc-missing', readers: [] });
    expect(last()?.isDead()).toBe(true);
    await pass(60_000);
    expect(processes).toHaveLength(1);
    expect(await watch.settled(0)).toEqual({ service: 'pcsc-missing', readers: [] });
    await watch.close();
  });

  it('is said to have failed where the system starts none', async () => {
    const { watch, pass } = open(true);
    await pass(250);
    await pass(500);
    expect(watch.state().service).toBe('pcsc-failed');
    await watch.close();
  });
});

describe('the first state', () => {
  it('is waited for, but not for ever', async () => {
    const { watch, pass } = open();
    const settled = watch.settled(1000);
    await pass(1000);
    expect(await settled).toEqual({ service: 'starting', readers: [] });
    await watch.close();
  });
});
