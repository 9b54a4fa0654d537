/**
 * Random histories of a person, other signers, a bad network, restarts and crashes. Once the network is good again both sides
 * agree, and each change made here took effect exactly once or is kept and says why not.
 */
import { describe, expect, it } from 'vitest';
import { addNote, decline, fill, localId, openDesk, sign, type TestDesk } from './desk.ts';
import {
  addTransaction,
  effectOf,
  type Fault,
  faults,
  makeServer,
  type Network,
  type Server,
  signAt,
  twoSigners,
} from './simulated-provider.ts';

const HISTORIES = 50;
const STEPS = 30;
const remoteIds = ['1', '2', '3'];

/** Mulberry32: a small seeded generator. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function badNetwork(random: () => number, isGood: () => boolean): Network {
  return () => {
    if (isGood() || random() > 0.25) return undefined;
    // Signing in again takes the person, so it is asked for less often.
    const fault: Fault = faults[Math.floor(random() * faults.length)] ?? 'no-connection';
    return fault === 'sign-in-expired' && random() > 0.3 ? 'server-error' : fault;
  };
}

interface World {
  readonly desk: TestDesk;
  readonly server: Server;
  readonly pick: <T>(items: readonly T[]) => T;
  readonly next: () => string;
}

const isOpen = async ({ desk }: World, remoteId: string) =>
  (await desk.store.transaction(localId(remoteId)))?.documents[0]?.signatureRequests.some(
    ({ mine, state }) => mine && state === 'ready',
  ) ?? false;

/** What a person, another signer, the clock or the machine may do next. */
const actions: Record<string, (world: World, remoteId: string) => Promise<void>> = {
  async note({ desk, next, pick }, remoteId) {
    if (!(await desk.store.transaction(localId(remoteId)))) return;
    await addNote(desk, remoteId, `note-${next()}`, pick(['please', 'thank you']));
  },
  async sign(world, remoteId) {
    const { desk, next } = world;
    const document = await desk.store.document(localId(remoteId), 'document-1');
    if (document && (await isOpen(world, remoteId))) await sign(desk, remoteId, `job-${next()}`);
  },
  async decline(world, remoteId) {
    if (await isOpen(world, remoteId)) await decline(world.desk, remoteId, `decline-${world.next()}`);
  },
  async fill(world, remoteId) {
    if (await isOpen(world, remoteId))
      await fill(world.desk, remoteId, `fill-${world.next()}`, `value ${world.next()}`);
  },
  async other({ server }, remoteId) {
    const { remote } = server.transactions.get(remoteId) ?? {};
    const theirs = remote?.transaction.documents[0]?.signatureRequests.find(({ id }) => id === 'theirs');
    if (remote?.transaction.status === 'declined' || theirs?.state !== 'ready') return;
    signAt(server, remoteId, 'theirs', Buffer.from(`%PDF-1.7 theirs ${server.time}`));
  },
  async sync({ desk }) {
    await desk.sync.syncNow();
  },
  async deliver({ desk }) {
    await Promise.all([desk.sync.deliver(), desk.sync.deliver()]);
  },
  async crash({ desk, pick }) {
    const running = desk.sync.syncNow().catch(() => undefined);
    for (let i = pick([0, 3, 10, 30]); i > 0; i -= 1) await new Promise((resolve) => setImmediate(resolve));
    await desk.crash();
    await running;
  },
  async restart({ desk }) {
    await desk.restart();
  },
  async wait({ desk, pick }) {
    desk.clock.at += pick([1_000, 30_000, 3_600_000, -60_000]);
  },
  async signIn({ desk }) {
    await desk.store.setAccountState('account-1', 'signed-in');
  },
};
const names = ['note', 'note', 'sign', 'sign', 'fill', 'decline', 'other', 'sync', 'sync', 'deliver', 'deliver'].concat(
  ['crash', 'restart', 'wait', 'signIn'],
);

/** Until nothing is under way any more. */
async function settle(desk: TestDesk): Promise<void> {
  for (let round = 0; round < 10; round += 1) {
    desk.clock.at += 2 * 3_600_000;
    await desk.store.setAccountState('account-1', 'signed-in');
    const { waiting, errors } = await desk.sync.syncNow();
    if (waiting === 0 && errors.length === 0) return;
  }
}

/** How often each effect happened, against how often it was asked for by a row that says it is confirmed. */
async function compare({ desk, server }: World) {
  const rows = await desk.store.outbox({});
  const wanted = rows.filter(({ state }) => state === 'confirmed').map(({ change }) => effectOf(JSON.parse(change)));
  return { wanted: wanted.toSorted(), happened: server.effects.toSorted(), rows };
}

async function checkDocuments({ desk, server }: World): Promise<void> {
  for (const remoteId of remoteIds) {
    const { remote, notes } = server.transactions.get(remoteId) ?? {};
    const shown = await desk.store.transaction(localId(remoteId));
    expect({ ...remote?.transaction, id: localId(remoteId), accountId: 'account-1' }).toEqual(shown);
    await desk.sync.refreshNotes(localId(remoteId));
    const here = (await desk.store.notes(localId(remoteId))).filter(({ unsent }) => !unsent);
    expect(here.map(({ id }) => id).toSorted()).toEqual(notes?.map(({ id }) => id).toSorted());
    await desk.sync.fetchDocument(localId(remoteId), 'document-1');
    const document = await desk.store.document(localId(remoteId), 'document-1');
    const resourceId = remote?.transaction.documents[0]?.currentResourceId ?? '';
    if (!document) throw new Error('no document after fetching it');
    const bytes = await desk.store.readRevision(document.revision, 0, document.revision.sizeBytes);
    expect(Buffer.from(bytes).equals(server.resources.get(resourceId) ?? Buffer.alloc(0))).toBe(true);
  }
}

async function live(seed: number): Promise<{ met: Server['met']; ends: string[] }> {
  const random = seeded(seed);
  const server = makeServer();
  for (const remoteId of remoteIds) addTransaction(server, remoteId, twoSigners);
  let isGood = false;
  const desk = await openDesk(server, { network: badNetwork(random, () => isGood), random });
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  let count = 0;
  const world: World = { desk, server, pick, next: () => String(++count) };
  try {
    await desk.sync.syncNow();
    for (let step = 0; step < STEPS; step += 1) await actions[pick(names)]?.(world, pick(remoteIds));
    isGood = true;
    await settle(desk);
    const { wanted, happened, rows } = await compare(world);
    expect(happened, `seed ${seed}`).toEqual(wanted);
    expect(rows.filter(({ state }) => state !== 'confirmed' && state !== 'parked')).toEqual([]);
    await checkDocuments(world);
    return { met: server.met, ends: rows.map(({ kind, state }) => `${kind} ${state}`) };
  } finally {
    await desk.close();
  }
}

describe('random histories', () => {
  const met = new Map<Fault, number>();
  const ends = new Set<string>();

  it.each(Array.from({ length: HISTORIES }, (_, i) => i + 1))(
    'end with each change made exactly once (seed %d)',
    async (seed) => {
      const lived = await live(seed);
      for (const [fault, count] of lived.met) met.set(fault, (met.get(fault) ?? 0) + count);
      for (const end of lived.ends) ends.add(end);
    },
  );

  it('met every kind of fault, delivered every kind of change, and met conflicts', () => {
    expect(faults.filter((fault) => !met.has(fault))).toEqual([]);
    const delivered = ['signature', 'decline', 'fill', 'note-added'].map((kind) => `${kind} confirmed`);
    expect([...delivered, 'signature parked'].filter((end) => !ends.has(end))).toEqual([]);
  });
});
