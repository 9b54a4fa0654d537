/**
 * The provider's records of the person's signing identities, by account: the last ones read are kept in the store, so that a
 * card is matched on a train as well. A listing never waits long for the network.
 */
import { z } from 'zod';
import type { Clock } from '../platform/clock.ts';
import type { ProviderIdentity, ProviderSession } from '../providers/provider.ts';
import type { Store } from '../store/store.ts';

export interface AccountIdentity {
  readonly accountId: string;
  readonly identity: ProviderIdentity;
}

export interface IdentityBookParts {
  readonly store: Pick<Store, 'accounts' | 'setting' | 'saveSetting'>;
  readonly clock: Clock;
  readonly session: (accountId: string) => Promise<Pick<ProviderSession, 'identities'>>;
}

const WAIT_MS = 1_500;
const FRESH_MS = 60_000;

const base64 = z.codec(
  z.base64(),
  z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  {
    decode: (text) => new Uint8Array(Buffer.from(text, 'base64')),
    encode: (bytes) => Buffer.from(bytes).toString('base64'),
  },
);
const text = z.string().optional();
const kept = z.array(
  z.object({
    id: z.string(),
    label: z.string(),
    tokenSerialNumber: text,
    tokenManufacturerId: text,
    atr: text,
    reader: text,
    certificate: base64.optional(),
  }),
);
const keyOf = (accountId: string) => `identities:${accountId}`;

/** Answers all accounts' identities: fresh ones where the provider answers soon, else the last known. */
export function createIdentityBook({ store, clock, session }: IdentityBookParts): () => Promise<AccountIdentity[]> {
  const readAt = new Map<string, number>();
  const underWay = new Map<string, Promise<void>>();

  async function refresh(accountId: string): Promise<void> {
    const identities = await (await session(accountId)).identities();
    await store.saveSetting(keyOf(accountId), JSON.stringify(z.encode(kept, [...identities])));
    readAt.set(accountId, clock.now());
  }

  /** One read at a time per account; it goes on after the listing has stopped waiting for it. */
  function refreshOnce(accountId: string): Promise<void> {
    const running = underWay.get(accountId);
    if (running) return running;
    // What could not be read leaves the known ones as they are.
    const started = refresh(accountId)
      .catch(() => undefined)
      .finally(() => underWay.delete(accountId));
    underWay.set(accountId, started);
    return started;
  }

  async function known(accountId: string): Promise<ProviderIdentity[]> {
    const json = await store.setting(keyOf(accountId));
    if (json === undefined) return [];
    const parsed = z.safeDecode(kept, JSON.parse(json));
    return parsed.success ? parsed.data.map((each) => ({ ...noneOf, ...each })) : [];
  }

  return async () => {
    const accounts = await store.accounts();
    const stale = accounts.filter(({ id }) => clock.now() - (readAt.get(id) ?? Number.NEGATIVE_INFINITY) > FRESH_MS);
    const patience = new AbortController();
    const reads = Promise.all(stale.map(({ id }) => refreshOnce(id)));
    await Promise.race([reads, clock.delay(WAIT_MS, patience.signal).catch(() => undefined)]);
    patience.abort();
    const all = await Promise.all(
      accounts.map(async ({ id }) => (await known(id)).map((identity) => ({ accountId: id, identity }))),
    );
    return all.flat();
  };
}

/** JSON leaves out what is undefined; the port wants it said. */
const noneOf = {
  tokenSerialNumber: undefined,
  tokenManufacturerId: undefined,
  atr: undefined,
  reader: undefined,
  certificate: undefined,
};
