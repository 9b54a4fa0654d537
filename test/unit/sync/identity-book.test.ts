import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../main/platform/clock.ts';
import type { ProviderIdentity } from '../../../main/providers/provider.ts';
import { createIdentityBook } from '../../../main/sync/index.ts';
import type { Account } from '../../../preload/model.ts';

const account = (id: string): Account => ({
  id,
  provider: 'signing-today',
  baseUrl: 'https://st.test/api',
  userId: 'u',
  userName: 'Anna',
  label: 'Anna',
  state: 'signed-in',
});
const identity: ProviderIdentity = {
  id: 'i1',
  label: 'Card',
  tokenSerialNumber: '01',
  tokenManufacturerId: 'ACME',
  atr: undefined,
  reader: undefined,
  certificate: new Uint8Array([1, 2, 3]),
};

function memory(accounts = [account('a')]) {
  const settings = new Map<string, string>();
  return {
    accounts: async () => accounts,
    setting: async (key: string) => settings.get(key),
    saveSetting: async (key: string, value: string) => void settings.set(key, value),
  };
}

/** A clock whose delays pass when told. */
function handClock() {
  let now = 1000;
  const waiting: (() => void)[] = [];
  const clock: Clock = {
    now: () => now,
    monotonicMs: () => now,
    delay: (_ms, signal) =>
      new Promise((resolve, reject) => {
        waiting.push(resolve);
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      }),
  };
  const pass = (ms: number) => {
    now += ms;
    for (const resume of waiting.splice(0)) resume();
  };
  return { clock, pass };
}

describe('the identity book', () => {
  it('gives back every identity whole, bytes and gaps alike', async () => {
    const { clock } = handClock();
    const book = createIdentityBook({
      store: memory(),
      clock,
      session: async () => ({ identities: async () => [identity] }),
    });
    expect(await book()).toEqual([{ accountId: 'a', identity }]);
  });

  it('asks the provider again only after a minute', async () => {
    const { clock, pass } = handClock();
    let asked = 0;
    const session = async () => ({
      identities: async () => {
        asked++;
        return [identity];
      },
    });
    const book = createIdentityBook({ store: memory(), clock, session });
    await book();
    await book();
    expect(asked).toBe(1);
    pass(61_000);
    await book();
    expect(asked).toBe(2);
  });

  it('knows them after a restart with no network', async () => {
    const { clock } = handClock();
    const store = memory();
    await createIdentityBook({ store, clock, session: async () => ({ identities: async () => [identity] }) })();
    const offline = createIdentityBook({ store, clock, session: () => Promise.reject(new Error('offline')) });
    expect(await offline()).toEqual([{ accountId: 'a', identity }]);
  });

  it('does not wait for a provider that hangs', async () => {
    const { clock, pass } = handClock();
    const book = createIdentityBook({ store: memory(), clock, session: () => new Promise(() => undefined) });
    const listed = book();
    await new Promise((resolve) => setImmediate(resolve));
    pass(2000);
    expect(await listed).toEqual([]);
  });
});
