import { describe, expect, it } from 'vitest';
import { createLiveTokens } from '../../../main/tokens/index.ts';
import type { TokenListing } from '../../../main/tokens/tokens.ts';
import type { PcscEvent, PcscState, PcscWatch } from '../../../native/pcsc-client.ts';
import { type TokensChange, tokensChange } from '../../../preload/model.ts';
import { manualClock } from '../native/manual-clock.ts';
import { sampleToken } from './token-samples.ts';

const settle = () => new Promise((resolve) => setImmediate(resolve));
const card = { name: 'Reader A', cardPresent: true, atr: '3b00', changes: 1 };

function open(initial: PcscState = { service: 'running', readers: [] }) {
  let state = initial;
  let tell: (event: PcscEvent, state: PcscState) => void = () => undefined;
  let closed = 0;
  const pcsc: PcscWatch = {
    state: () => state,
    settled: async () => state,
    on(listener) {
      tell = listener;
      return () => {
        tell = () => undefined;
      };
    },
    close: async () => void closed++,
  };
  const time = manualClock();
  const listings = new Map<string, TokenListing>([['/cloud.so', { tokens: [], problems: [] }]]);
  const listed: string[] = [];
  const live = createLiveTokens({
    pcsc,
    clock: { ...time, now: () => 0 },
    userModules: () => [],
    modules: (atrs) => [...listings.keys()].map((path) => ({ path, source: 'user', vendor: atrs.join() })),
    async list(path) {
      listed.push(path);
      const listing = listings.get(path);
      if (!listing) throw new Error('gone');
      return listing;
    },
  });
  const changes: TokensChange[] = [];
  live.on((change) => changes.push(tokensChange.parse(change)));
  return {
    live,
    changes,
    listed,
    listings,
    closed: () => closed,
    become(next: PcscState, event: PcscEvent) {
      state = next;
      tell(event, next);
    },
    async pass(ms: number) {
      await settle();
      time.pass(ms);
      await settle();
    },
  };
}

describe('live tokens', () => {
  it('tell what PC/SC tells, as it crosses the bridge', () => {
    const { become, changes } = open();
    const state: PcscState = { service: 'running', readers: [card] };
    become(state, { kind: 'card-inserted', reader: 'Reader A', atr: '3b00' });
    become(state, { kind: 'card-inserted', reader: 'Reader A', atr: undefined });
    become(state, { kind: 'card-removed', reader: 'Reader A' });
    become({ service: 'pcsc-service-down', readers: [] }, { kind: 'service', service: 'pcsc-service-down' });
    expect(changes).toEqual([
      { cause: 'card-inserted', service: 'running', reader: 'Reader A', atr: '3b00' },
      { cause: 'card-inserted', service: 'running', reader: 'Reader A' },
      { cause: 'card-removed', service: 'running', reader: 'Reader A' },
      { cause: 'service', service: 'pcsc-service-down' },
    ]);
  });

  it('know the card of a slot, and order modules by the cards', async () => {
    const { live } = open({ service: 'running', readers: [card, { ...card, name: 'Reader B', atr: undefined }] });
    expect([live.atrOf('Reader A'), live.atrOf('Reader B'), live.atrOf('Slot 1')]).toEqual([
      '3b00',
      undefined,
      undefined,
    ]);
    expect((await live.surroundings()).modules).toEqual([{ path: '/cloud.so', source: 'user', vendor: '3b00' }]);
  });

  it('look at modules without readers only while somebody watches', async () => {
    const { live, listed, pass } = open();
    await pass(60_000);
    expect(listed).toEqual([]);
    live.keepWatching();
    for (let look = 0; look < 10; look++) await pass(5000);
    // The lease of half a minute, looked at every five seconds.
    expect(listed).toHaveLength(6);
    await live.close();
  });

  it('tell when such a module shows something else', async () => {
    const { live, listings, changes, pass } = open();
    live.keepWatching();
    await pass(5000);
    expect(changes).toEqual([]);
    listings.set('/cloud.so', { tokens: [sampleToken({ slotDescription: 'Cloud' })], problems: [] });
    await pass(5000);
    await pass(5000);
    expect(changes).toEqual([{ cause: 'tokens', service: 'running' }]);
    await live.close();
  });

  it('leave a module that fails alone for a while', async () => {
    const { live, listed, listings, pass } = open();
    listings.set('/cloud.so', { tokens: [], problems: [{ modulePath: '/cloud.so', code: 'module-crashed' }] });
    live.keepWatching();
    for (let look = 0; look < 5; look++) await pass(5000);
    expect(listed).toHaveLength(1);
    live.keepWatching();
    await pass(5000);
    expect(listed).toHaveLength(2);
    await live.close();
  });

  it('leave a module to PC/SC whose token sits in a reader', async () => {
    const { live, listings, changes, pass } = open({ service: 'running', readers: [card] });
    live.keepWatching();
    await pass(5000);
    listings.set('/cloud.so', { tokens: [sampleToken({ slotDescription: 'Reader A' })], problems: [] });
    await pass(5000);
    expect(changes).toEqual([]);
    await live.close();
  });

  it('end with the watch, in the middle of a look too', async () => {
    const { live, listed, closed, pass } = open();
    live.keepWatching();
    await live.close();
    live.keepWatching();
    await pass(30_000);
    expect(listed).toHaveLength(1);
    expect(closed()).toBe(1);
  });
});
