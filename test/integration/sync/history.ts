/**
 * A random history of what a person, other signers, the sender, the network and the machine do, over the simulated provider; at
 * its end the two sides are compared. Seeded: the same seed lives the same history.
 */
import assert from 'node:assert/strict';
import { ProviderError, type ProviderSession } from '../../../main/providers/provider.ts';
import { StoreError } from '../../../main/store/index.ts';
import { readPullState } from '../../../main/sync/pull-state.ts';
import { sha256 } from '../store/open-profile.ts';
import { localId, openDesk, sign, type TestDesk } from './desk.ts';
import {
  addTransaction,
  arrivals,
  changeNoteAt,
  deleteAt,
  effectOf,
  type Fault,
  faults,
  makeServer,
  type Network,
  notifyAt,
  purgeAt,
  type Server,
  signAt,
  twoSigners,
} from './simulated-provider.ts';

const STEPS = 30;

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
  return (call) => {
    if (isGood() || random() > 0.25) return undefined;
    const fault: Fault = faults[Math.floor(random() * faults.length)] ?? 'no-connection';
    // Signing in again takes the person, so it is asked for less often.
    if (fault === 'sign-in-expired' && random() > 0.3) return 'server-error';
    // The service takes an edit or a deletion without asking what the note said before: late, it undoes what came between.
    const undoes = call === 'send note-edited' || call === 'send note-deleted';
    return fault === 'late' && undoes ? 'lost-request' : fault;
  };
}

interface World {
  readonly desk: TestDesk;
  readonly server: Server;
  readonly pick: <T>(items: readonly T[]) => T;
  readonly next: () => string;
  /** The files signed here, by their rows. */
  readonly signed: Map<string, { readonly remoteId: string; readonly sha256: string }>;
  purged: boolean;
}

const remoteIds = ['1', '2', '3', '4'];

/** What the desk or the provider may well refuse at that moment. */
async function ifItCan(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    const isRefusal = error instanceof ProviderError || (error as Error).name === 'ChangeError';
    if (!isRefusal && !(error instanceof StoreError && error.code === 'not-found')) throw error;
  }
}

async function signHere({ desk, next, signed }: World, remoteId: string): Promise<void> {
  const transaction = await desk.store.transaction(localId(remoteId));
  const requests = transaction?.documents[0]?.signatureRequests ?? [];
  const isOpen = transaction?.status === 'to-sign' && requests.some(({ mine, state }) => mine && state === 'ready');
  if (!isOpen || !(await desk.store.document(localId(remoteId), 'document-1'))) return;
  const jobId = `job-${next()}`;
  const whole = await sign(desk, remoteId, jobId);
  signed.set(`row-${jobId}`, { remoteId, sha256: sha256(whole) });
}

async function myNote({ desk, pick }: World, remoteId: string): Promise<string | undefined> {
  const notes = (await desk.store.notes(localId(remoteId))).filter(({ mine }) => mine);
  return notes.length === 0 ? undefined : pick(notes).id;
}

type Action = (world: World, remoteId: string) => Promise<void>;

const mine: Record<string, Action> = {
  note: ({ desk, pick }, remoteId) => ifItCan(desk.changes.addNote(localId(remoteId), pick(['please', 'thank you']))),
  async editNote(world, remoteId) {
    const noteId = await myNote(world, remoteId);
    if (noteId) await ifItCan(world.desk.changes.editNote(localId(remoteId), noteId, `edit ${world.next()}`));
  },
  async deleteNote(world, remoteId) {
    const noteId = await myNote(world, remoteId);
    if (noteId) await ifItCan(world.desk.changes.deleteNote(localId(remoteId), noteId));
  },
  sign: signHere,
  async decline({ desk }, remoteId) {
    await ifItCan(desk.changes.decline(localId(remoteId), 'No'));
  },
  async fill({ desk, next }, remoteId) {
    const values = [{ documentId: 'document-1', formId: 'form-1', value: `value ${next()}` }];
    await ifItCan(desk.changes.fill(localId(remoteId), values));
  },
  clear: ({ desk }, remoteId) => ifItCan(desk.changes.clearNotifications(localId(remoteId))),
  publish: ({ desk }, remoteId) => ifItCan(desk.changes.publish(localId(remoteId))),
  async revoke({ desk, server, pick }) {
    const waiting = (await desk.store.outbox({})).map(({ change }) => JSON.parse(change).remoteId as string);
    const device = pick([...server.devices, undefined]);
    if (device && !waiting.includes(device)) await desk.changes.revokeDevice('account-1', device, device);
  },
  async settle({ desk, pick }) {
    const conflict = pick([...(await desk.conflicts.list({ settled: true })), undefined]);
    if (!conflict) return;
    await ifItCan(desk.conflicts.settle(conflict.id, pick(conflict.choices), 'What you should know'));
  },
  async signAnew(world, remoteId) {
    const { desk } = world;
    const conflict = (await desk.conflicts.list({})).find(({ choices }) => choices.includes('sign-new-version'));
    const [place] = conflict ? await desk.conflicts.settle(conflict.id, 'sign-new-version') : [];
    const at = place?.transactionId ?? localId(remoteId);
    await ifItCan(desk.sync.fetchDocument(at, 'document-1'));
    await signHere(world, at.slice('account-1:'.length));
  },
  async sync({ desk }) {
    await desk.sync.syncNow();
  },
  async deliver({ desk }) {
    await Promise.all([desk.sync.deliver(), desk.sync.deliver()]);
  },
  async pause({ desk, pick }) {
    await (pick([true, false, false]) ? desk.sync.pause() : desk.sync.resume());
  },
  async signIn({ desk }) {
    await desk.store.setAccountState('account-1', 'signed-in');
  },
};

const isThere = ({ server }: World, remoteId: string) => {
  const found = server.transactions.get(remoteId);
  return found !== undefined && !found.remote.deleted;
};

const elsewhere: Record<string, Action> = {
  async otherSigns({ server }, remoteId) {
    const { remote } = server.transactions.get(remoteId) ?? {};
    const theirs = remote?.transaction.documents[0]?.signatureRequests.find(({ id }) => id === 'theirs');
    if (remote?.deleted !== false || remote.transaction.status !== 'to-sign' || theirs?.state !== 'ready') return;
    signAt(server, remoteId, 'theirs', Buffer.from(`%PDF-1.7 theirs ${server.time}`));
  },
  async otherMachine(world, remoteId) {
    if (!isThere(world, remoteId)) return;
    // A change of a note whose outcome nobody here knows yet is not told from another one once the note is changed elsewhere: the
    // service keeps no keys, and takes an edit without asking what the note said before (README).
    const rows = await world.desk.store.outbox({ unconfirmed: true });
    if (rows.some(({ transactionId, kind }) => transactionId === localId(remoteId) && kind.startsWith('note-'))) return;
    const known = new Set((await world.desk.store.notes(localId(remoteId))).map(({ id }) => id));
    const notes = world.server.transactions.get(remoteId)?.notes.filter(({ id }) => known.has(id)) ?? [];
    const text = world.pick([`elsewhere ${world.next()}`, undefined]);
    if (notes.length > 0) changeNoteAt(world.server, remoteId, world.pick(notes).id, text);
  },
  async notified(world, remoteId) {
    if (isThere(world, remoteId)) notifyAt(world.server, remoteId);
  },
  async arrives({ server, next }) {
    if (server.transactions.size < 7) addTransaction(server, `new-${next()}`, twoSigners);
  },
  async withdrawn(world, remoteId) {
    if (!isThere(world, remoteId) || world.pick([true, false, false])) return;
    if (world.pick([true, false])) deleteAt(world.server, remoteId);
    else {
      purgeAt(world.server, remoteId);
      world.purged = true;
    }
  },
};

const machine: Record<string, Action> = {
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
};

const actions: Readonly<Record<string, Action>> = { ...mine, ...elsewhere, ...machine };
const often = ['note', 'sign', 'sign', 'sync', 'sync', 'deliver', 'deliver', 'editNote', 'fill', 'settle'];
const names = [...Object.keys(actions), ...often];

/** Until nothing is under way any more, and once more for what the service did beyond what it was asked (it clears all of a transaction's notifications). */
async function settle({ desk, server }: World): Promise<void> {
  await desk.sync.resume();
  for (let round = 0, wasQuiet = false; round < 12; round += 1) {
    desk.clock.at += 2 * 3_600_000;
    await arrivals(server);
    await desk.store.setAccountState('account-1', 'signed-in');
    const { waiting, errors } = await desk.sync.syncNow();
    const isQuiet = waiting === 0 && errors.length === 0;
    if (isQuiet && wasQuiet) return;
    wasQuiet = isQuiet;
  }
  assert.fail(`not quiet: ${JSON.stringify(await desk.store.outbox({ unconfirmed: true }))}`);
}

/** What was deleted without a trace is found by the slow comparison. */
async function compareSlowly({ desk }: World): Promise<void> {
  const at = async () => readPullState(await desk.store.syncState('account-1')).reconciledAt;
  const before = await at();
  desk.clock.at += 13 * 3_600_000;
  desk.sync.start();
  while ((await at()) === before) await new Promise((resolve) => setImmediate(resolve));
  await desk.restart();
}

const count = (items: readonly string[]) =>
  new Map([...Map.groupBy(items, (item) => item)].map(([item, all]) => [item, all.length]));

/** Kinds that may find their work done already, by another machine or by an earlier change of mine. */
const doneAlready = new Set(['note-deleted', 'notification-cleared']);

/** Each change the desk counts as made took effect once at the server, and nothing took effect that it does not know of. */
async function checkEffects({ desk, server }: World): Promise<string[]> {
  const rows = await desk.store.outbox({});
  const open = rows.filter(({ state }) => !['confirmed', 'parked', 'settled'].includes(state));
  assert.deepEqual(open, [], 'every row has ended');
  const confirmed = rows.filter(({ state }) => state === 'confirmed');
  const effects = count(server.effects);
  const wanted = count(confirmed.map(({ change }) => effectOf(JSON.parse(change))));
  const isGone = (effect: string) => {
    const found = server.transactions.get(effect.split(' ')[1] ?? '');
    return !effect.startsWith('device') && (!found || found.remote.deleted);
  };
  for (const { kind, change } of confirmed) {
    const effect = effectOf(JSON.parse(change));
    const happened = effects.get(effect) ?? 0;
    const asked = wanted.get(effect) ?? 0;
    // With its transaction an equal change may have gone whose outcome nobody could read back: it is parked, and says so.
    const isFine = doneAlready.has(kind) ? happened <= asked : isGone(effect) ? happened >= asked : happened === asked;
    assert.ok(isFine, `${effect}: asked for ${asked} times, happened ${happened} times`);
  }
  for (const [effect, happened] of effects) {
    // With its transaction, what the desk knew of it is gone.
    if (isGone(effect)) continue;
    assert.ok(happened <= (wanted.get(effect) ?? 0), `${effect} happened, and the desk does not know`);
  }
  return rows.map(({ kind, state }) => `${kind} ${state}`);
}

/** Every file signed here is at the server, or kept here as a copy, or was given up by the person. */
async function checkFiles({ desk, server, signed }: World): Promise<void> {
  const rows = new Map((await desk.store.outbox({})).map((row) => [row.id, row]));
  const delivered = new Set([...server.resources.values()].map(sha256));
  for (const [rowId, { remoteId, sha256: hash }] of signed) {
    const row = rows.get(rowId);
    if (row?.state === 'confirmed') assert.ok(delivered.has(hash), `${rowId} is not at the server`);
    else if (row?.revision) {
      const bytes = await desk.store.readRevision(row.revision, 0, row.revision.sizeBytes);
      assert.equal(sha256(bytes), hash, `the copy of ${rowId}`);
    } else if (row) assert.equal(row.settled, 'discard', `the copy of ${rowId} is gone`);
    else {
      const found = server.transactions.get(remoteId);
      assert.ok(!found || found.remote.deleted, `${rowId} is gone, its transaction is not`);
    }
  }
}

async function checkTransactions({ desk, server }: World): Promise<void> {
  const there = [...server.transactions].filter(([, { remote }]) => !remote.deleted);
  const rows = await desk.store.outbox({});
  const held = new Set(rows.filter((r) => r.state === 'parked' || r.revision).map((r) => r.transactionId));
  const here = (await desk.store.inbox({ view: 'all', offset: 0, limit: 100 })).items.map(({ id }) => id);
  const known = new Set(there.map(([remoteId]) => localId(remoteId)));
  assert.deepEqual(
    here.filter((id) => !known.has(id) && !held.has(id)),
    [],
    'nothing is here that is not there',
  );
  for (const [remoteId, { remote, notes }] of there) {
    const id = localId(remoteId);
    assert.deepEqual(await desk.store.transaction(id), { ...remote.transaction, id, accountId: 'account-1' });
    await desk.sync.refreshNotes(id);
    const shown = (await desk.store.notes(id)).filter(({ unsent }) => !unsent).map((n) => [n.id, n.text]);
    assert.deepEqual(shown.toSorted(), notes.map((n) => [n.id, n.text]).toSorted());
    await desk.sync.fetchDocument(id, 'document-1');
    const document = await desk.store.document(id, 'document-1');
    assert.ok(document, 'a document after fetching it');
    const bytes = await desk.store.readRevision(document.revision, 0, document.revision.sizeBytes);
    const resourceId = remote.transaction.documents[0]?.currentResourceId ?? '';
    assert.ok(Buffer.from(bytes).equals(server.resources.get(resourceId) ?? Buffer.alloc(0)), `bytes of ${remoteId}`);
  }
  const cleared = (await desk.store.notifications()).map((each) => each.id).toSorted();
  assert.deepEqual(cleared, server.notifications.map((each) => each.id).toSorted());
}

export interface Lived {
  readonly met: Server['met'];
  /** Kind and final state of each change. */
  readonly ends: readonly string[];
}

export interface HistoryOptions {
  readonly steps?: number;
  /** A planted bug: stands between sync and the provider. */
  readonly mutant?: (session: ProviderSession) => ProviderSession;
}

/** @throws AssertionError where the two sides do not agree at the end, with the seed and how to live it again */
export async function liveHistory(seed: number, { steps = STEPS, mutant }: HistoryOptions = {}): Promise<Lived> {
  const random = seeded(seed);
  const server = makeServer();
  for (const remoteId of remoteIds) addTransaction(server, remoteId, twoSigners);
  addTransaction(server, 'draft', twoSigners, { status: 'draft' });
  for (const device of ['phone', 'tablet']) server.devices.add(device);
  let isGood = false;
  const network = badNetwork(random, () => isGood);
  const desk = await openDesk(server, { network, random, quick: true, ...(mutant ? { wrap: mutant } : {}) });
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  let counted = 0;
  const world: World = { desk, server, pick, next: () => String(++counted), signed: new Map(), purged: false };
  const history: string[] = [];
  try {
    await desk.sync.syncNow();
    for (let step = 0; step < steps; step += 1) {
      const name = pick(names);
      const remoteId = pick([...remoteIds, ...server.transactions.keys()]);
      history.push(`${name} ${remoteId}`);
      await actions[name]?.(world, remoteId);
    }
    isGood = true;
    await settle(world);
    if (world.purged) await compareSlowly(world);
    const ends = await checkEffects(world);
    await checkFiles(world);
    await checkTransactions(world);
    return { met: server.met, ends };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new assert.AssertionError({
      message: `history ${seed}: ${why}\n  ${history.join(', ')}\n  again: npm run soak -- histories 1 ${seed}`,
      ...(error instanceof Error ? { stackStartFn: liveHistory } : {}),
    });
  } finally {
    await desk.close();
  }
}
