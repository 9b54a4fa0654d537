import { describe, expect, it } from 'vitest';
import type { PcscState } from '../../../native/pcsc-port.ts';
import { type PcscContext, watchPcsc } from '../../../native/pcsc-watch.ts';

const PRESENT = 0x20;
const CHANGED = 0x2;

type Look = ReturnType<PcscContext['listReaders']> | 'throws';

/** Runs the watch over contexts that answer with `looks` in turn; a wait fails where `waits` says so. Ends with the last look. */
async function run(script: readonly ({ context: 'refused' } | { looks: readonly Look[]; waitFails?: boolean })[]) {
  const ending = new AbortController();
  const states: PcscState[] = [];
  const asked: (readonly { name: string; state: number }[])[] = [];
  const pauses: number[] = [];
  let closed = 0;
  const steps = [...script];
  const openContext = (): PcscContext => {
    const step = steps.shift();
    if (!step || 'context' in step) throw new Error('refused');
    const looks = [...step.looks];
    return {
      listReaders() {
        const look = looks.shift() ?? 'throws';
        if (look === 'throws') throw new Error('service stopped');
        return look;
      },
      async waitForChange(readers) {
        asked.push(readers);
        if (step.waitFails) throw new Error('unknown reader');
      },
      close: () => void closed++,
    };
  };
  await watchPcsc(
    {
      openContext,
      report: (state) => void states.push(state),
      async delay(ms) {
        pauses.push(ms);
        if (steps.length === 0) ending.abort();
      },
    },
    ending.signal,
  );
  return { states, asked, pauses, closed };
}

const reader = (name: string, state: number, atr: string | null = null) => ({
  name,
  state,
  atr: atr === null ? null : Buffer.from(atr, 'hex'),
});

describe('the look at readers and cards', () => {
  it.each([
    ['an empty reader', reader('A', 0x12), { cardPresent: false, atr: undefined, changes: 0 }],
    ['a card', reader('A', PRESENT | CHANGED | (3 << 16), '3b00'), { cardPresent: true, atr: '3b00', changes: 3 }],
    ['a card that does not answer', reader('A', PRESENT | 0x200), { cardPresent: true, atr: undefined, changes: 0 }],
    ['an old answer in an empty reader', reader('A', 0x10, '3b00'), { cardPresent: false, atr: undefined, changes: 0 }],
    ['a high event count', reader('A', (0xffff0000 | PRESENT) >>> 0, '3b'), { cardPresent: true, changes: 0xffff }],
  ])('reports %s', async (_, seen, expected) => {
    const { states } = await run([{ looks: [[seen]] }]);
    expect(states[0]).toMatchObject({ service: 'running', readers: [{ name: 'A', ...expected }] });
  });

  it('waits on what it saw, with the changed flag cleared, and on new readers by how many there are', async () => {
    const { asked } = await run([{ looks: [[reader('A', PRESENT | CHANGED), reader('B', 0x12)]] }]);
    expect(asked).toEqual([
      [
        { name: 'A', state: PRESENT },
        { name: 'B', state: 0x10 },
        { name: '\\\\?PnP?\\Notification', state: 2 << 16 },
      ],
    ]);
  });
});

describe('the service', () => {
  it('is reported down where no context is to be had, and running again later', async () => {
    const { states, pauses } = await run([{ context: 'refused' }, { looks: [[]] }, { context: 'refused' }]);
    expect(states.map(({ service }) => service)).toEqual([
      'pcsc-service-down',
      'running',
      'pcsc-service-down',
      'pcsc-service-down',
    ]);
    expect(pauses).toEqual([1000, 1000, 1000]);
  });

  it('is not reported down where a reader vanished while it was waited on', async () => {
    const { states, closed } = await run([{ looks: [[reader('A', 0x12)]], waitFails: true }, { looks: [[]] }]);
    expect(states.slice(0, 2)).toMatchObject([
      { service: 'running', readers: [{ name: 'A' }] },
      { service: 'running', readers: [] },
    ]);
    expect(closed).toBe(2);
  });
});
