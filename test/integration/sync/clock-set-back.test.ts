import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aRequest } from '../../unit/inbox/model-fixtures.ts';
import { sha256 } from '../store/open-profile.ts';
import { addNote, localId, openDesk, sign, type TestDesk } from './desk.ts';
import { addTransaction, type Fault, makeServer, type Server, signAt, twoSigners } from './simulated-provider.ts';

const DAY_MS = 24 * 60 * 60_000;

let server: Server;
let desk: TestDesk;
let fault: Fault | undefined;
beforeEach(async () => {
  fault = undefined;
  server = makeServer();
  for (const remoteId of ['1', '2', '3', '4', '5']) addTransaction(server, remoteId, twoSigners);
  desk = await openDesk(server, { network: () => fault });
  desk.clock.at = 400 * DAY_MS;
  server.time = 400 * DAY_MS;
  await desk.sync.syncNow();
});
afterEach(() => desk.close());

/** The machine’s clock is put right, or wrong: the server’s stays. */
const setBack = (days: number) => {
  desk.clock.at -= days * DAY_MS;
};
const listed = async () => (await desk.store.inbox({ view: 'all', offset: 0, limit: 50 })).items.map(({ id }) => id);
const rows = async () => (await desk.store.outbox({})).map(({ id, state }) => [id, state]);

describe.each([
  ['an hour', 1 / 24],
  ['a year', 365],
])('after the clock was set back by %s', (_name, days) => {
  it.each([
    ['in the same process', async () => undefined],
    ['over a restart', () => desk.restart()],
  ])('a pull brings what is new and loses nothing, %s', async (_how, meanwhile) => {
    const before = await listed();
    setBack(days);
    await meanwhile();
    expect(await desk.sync.syncNow()).toMatchObject({ errors: [] });
    expect(await listed()).toEqual(before);
    addTransaction(server, '6');
    const theirs = Buffer.from('%PDF-1.7 with their signature');
    signAt(server, '1', 'theirs', theirs);
    expect(await desk.sync.syncNow()).toMatchObject({ errors: [] });
    expect((await listed()).toSorted()).toEqual([...before, localId('6')].toSorted());
    await desk.sync.fetchDocument(localId('1'), 'document-1');
    expect((await desk.store.document(localId('1'), 'document-1'))?.revision.sha256).toBe(sha256(theirs));
    // Put right again, with what came meanwhile kept.
    setBack(-days);
    addTransaction(server, '7');
    await desk.sync.syncNow();
    expect(await listed()).toHaveLength(7);
  });

  it('what waits in the outbox goes out once, and no later than the longest wait', async () => {
    fault = 'no-connection';
    await sign(desk, '1', 'job-1');
    for (let tries = 0; tries < 12; tries++) {
      await desk.sync.deliver();
      desk.clock.at += 10 * 60_000;
    }
    setBack(days);
    fault = undefined;
    await desk.sync.syncNow();
    expect(await rows()).toEqual([['row-job-1', 'confirmed']]);
    expect(server.effects).toHaveLength(1);
    expect(await desk.sync.syncNow()).toMatchObject({ delivered: 0, waiting: 0 });
    expect(server.effects).toHaveLength(1);
  });

  it('a signature whose answer was lost is read back and not sent again', async () => {
    await sign(desk, '1', 'job-1');
    fault = 'lost-response';
    await desk.sync.deliver();
    setBack(days);
    fault = undefined;
    for (let rounds = 0; rounds < 3; rounds++) {
      await desk.sync.syncNow();
      desk.clock.at += 60_000;
    }
    expect(await rows()).toEqual([['row-job-1', 'confirmed']]);
    expect(server.effects).toHaveLength(1);
  });

  it('what was made later leaves later, though its time is earlier', async () => {
    await addNote(desk, '1', 'first', 'one');
    setBack(days);
    await addNote(desk, '1', 'second', 'two');
    await desk.sync.syncNow();
    expect(server.transactions.get('1')?.notes.map(({ text }) => text)).toEqual(['one', 'two']);
    expect(await rows()).toEqual([
      ['first', 'confirmed'],
      ['second', 'confirmed'],
    ]);
  });

  it('a server’s wish to be left alone ends', async () => {
    await addNote(desk, '1', 'first', 'one');
    fault = 'rate-limited';
    await desk.sync.deliver();
    setBack(days);
    fault = undefined;
    for (let rounds = 0; rounds < 3; rounds++) {
      await desk.sync.syncNow();
      desk.clock.at += 60 * 60_000;
    }
    expect(await rows()).toEqual([['first', 'confirmed']]);
  });

  it('what has expired at the service is expired, and what has not is not', async () => {
    const due = (days_: number) => ({ expiresAt: server.time + days_ * DAY_MS });
    addTransaction(server, 'open', { signatureRequests: [aRequest()] }, due(2));
    addTransaction(server, 'over', { signatureRequests: [aRequest()] }, { ...due(-2), status: 'expired' });
    setBack(days);
    await desk.sync.syncNow();
    const { items } = await desk.store.inbox({ view: 'all', offset: 0, limit: 50 });
    const statusOf = (remoteId: string) => items.find(({ id }) => id === localId(remoteId))?.status;
    expect(statusOf('open')).toBe('to-sign');
    expect(statusOf('over')).toBe('expired');
    const mine = await desk.store.inbox({ view: 'to-do', offset: 0, limit: 50 });
    expect(mine.items.map(({ id }) => id)).not.toContain(localId('over'));
  });

  it('the list of activity keeps what it has', async () => {
    await sign(desk, '1', 'job-1');
    await desk.sync.syncNow();
    const before = (await desk.store.activity({ limit: 50 })).length;
    expect(before).toBeGreaterThan(0);
    setBack(days);
    await desk.restart();
    await desk.sync.syncNow();
    expect((await desk.store.activity({ limit: 50 })).length).toBeGreaterThanOrEqual(before);
  });
});
