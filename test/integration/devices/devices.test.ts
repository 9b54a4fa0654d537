/** Devices and sign-ins over the real store, the real client and a served Signing Today; time moves only by waiting. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDevices, type Devices } from '../../../main/devices/index.ts';
import type { HttpPort } from '../../../main/platform/http.ts';
import { HttpError } from '../../../main/platform/http.ts';
import { createHttp } from '../../../main/platform/undici-http.ts';
import { createProviders, formatCredentials } from '../../../main/providers/index.ts';
import { createSignIns, type SignIns } from '../../../main/providers/sign-ins.ts';
import type { Store } from '../../../main/store/index.ts';
import { createSync, type Sync } from '../../../main/sync/index.ts';
import type { Account, PairingView } from '../../../preload/model.ts';
import {
  createSigningTodayState,
  type SigningTodayServer,
  type SigningTodayState,
  type User,
} from '../../sandbox/signing-today/index.ts';
import { startWatched } from '../../sandbox/signing-today/openapi/index.ts';
import { makeProfile, type Profile } from '../store/open-profile.ts';
import { type VirtualClock, virtualClock } from '../sync/desk.ts';

const password = 'correct horse';
const minute = 60_000;

let profile: Profile;
let clock: VirtualClock;
let state: SigningTodayState;
let server: SigningTodayServer;
let wire: HttpPort;
let online: boolean;
let store: Store;
let devices: Devices;
let signIns: SignIns;
let sync: Sync;
let marta: Account;
let janis: User;
let news: { pairingId: string; state: PairingView }[];
let hear: (view: PairingView) => void;
let committed: number;

function openRooms(): void {
  const http: HttpPort = {
    request: (request) => (online ? wire.request(request) : Promise.reject(new HttpError('offline', false))),
    stream: (request) => (online ? wire.stream(request) : Promise.reject(new HttpError('offline', false))),
    close: async () => undefined,
  };
  const providers = createProviders({ http, clock });
  const session = providers.sessions(store);
  let ids = 0;
  devices = createDevices({
    store,
    session,
    clock,
    newId: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`,
    computerName: 'desk-1',
    pairingChanged: (pairingId, view) => {
      news.push({ pairingId, state: view });
      hear(view);
    },
    devicesChanged: () => undefined,
    committed: () => {
      committed += 1;
    },
  });
  signIns = createSignIns({ store, session, provider: providers.provider });
  sync = createSync({ store, clock, session, prefetchLimitBytes: () => 0, random: () => 0.5 });
}

async function addAccount(user: User): Promise<Account> {
  const providers = createProviders({ http: wire, clock });
  const username = `${user.username}@demo`;
  const client = { clientId: 'countersign', clientSecret: 'sandbox' };
  const signedIn = await providers
    .provider('signing-today')
    ?.signIn({ baseUrl: server.url, username, password, ...client });
  if (!signedIn) throw new Error('no provider');
  const account: Account = {
    id: `account-${user.username}`,
    provider: 'signing-today',
    baseUrl: server.url,
    userId: signedIn.userId,
    userName: signedIn.userName,
    label: user.username,
    state: 'signed-in',
  };
  await store.putAccount(account, formatCredentials({ ...signedIn.credentials, username }));
  return account;
}

beforeEach(async () => {
  profile = makeProfile();
  clock = virtualClock();
  state = createSigningTodayState({ clock, accessTokenSeconds: 24 * 3600 });
  const user = state.addUser({ username: 'marta', password, name: 'Marta', surname: 'Kalnina' });
  janis = state.addUser({ username: 'janis', password, name: 'Janis', surname: 'Berzins' });
  ({ server } = await startWatched(state));
  wire = createHttp();
  online = true;
  news = [];
  hear = () => undefined;
  committed = 0;
  store = await profile.open();
  marta = await addAccount(user);
  openRooms();
});
afterEach(async () => {
  await devices.stop();
  await sync.stop();
  await store.close();
  profile.remove();
  await wire.close();
  await server.stop();
});

/** The first view of a pairing that `fits`, from now on. */
function next(fits: (view: PairingView) => boolean): Promise<PairingView> {
  return new Promise((resolve) => {
    hear = (view) => void (fits(view) && resolve(view));
  });
}
const isKind = (kind: PairingView['kind']) => (view: PairingView) => view.kind === kind;

async function shownText(): Promise<string> {
  const shown = next(isKind('shown'));
  await devices.startPairing(marta.id);
  const view = await shown;
  return view.kind === 'shown' ? view.text : '';
}

/** What a phone does with the code. */
async function phoneTakes(text: string, deviceId = 'phone-1', name = 'Marta’s phone'): Promise<number> {
  const { challenge } = JSON.parse(text) as { challenge: string };
  const response = await fetch(`${server.url}/device/authorization`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ challenge, deviceId, name }),
  });
  await response.arrayBuffer();
  return response.status;
}

describe('pairing a phone', () => {
  it('shows a code for ten minutes and the phone the moment it is there', async () => {
    const before = clock.at;
    const text = await shownText();
    expect(news.at(-1)?.state).toMatchObject({ kind: 'shown', expiresAt: expect.any(Number) });
    expect(JSON.parse(text)).toMatchObject({ userId: marta.userId, baseURL: `${server.url}/challenge` });
    const paired = next(isKind('paired'));
    expect(await phoneTakes(text)).toBe(200);
    expect(await paired).toMatchObject({
      kind: 'paired',
      device: { deviceId: 'phone-1', name: 'Marta’s phone', thisComputer: false },
    });
    expect(clock.at - before).toBeLessThan(minute);
    expect((await devices.list(marta.id)).devices).toMatchObject([{ deviceId: 'phone-1' }]);
  });

  it('expires by itself, and is renewed on request: the code before is void then', async () => {
    const first = await shownText();
    await next(isKind('expired'));
    expect(await phoneTakes(first)).toBe(401);
    const second = await shownText();
    const third = await shownText();
    expect(new Set([first, second, third]).size).toBe(3);
    expect(await phoneTakes(second)).toBe(401);
    const paired = next(isKind('paired'));
    expect(await phoneTakes(third)).toBe(200);
    await paired;
  });

  it('goes on through a network that comes and goes', async () => {
    const text = await shownText();
    const troubled = next((view) => view.kind === 'shown' && view.code === 'offline');
    online = false;
    await troubled;
    const paired = next(isKind('paired'));
    expect(await phoneTakes(text)).toBe(200);
    online = true;
    await paired;
  });

  it('ends when it is stopped, and says why it cannot begin', async () => {
    await shownText();
    const stopped = next(isKind('stopped'));
    devices.stopPairing(news.at(-1)?.pairingId ?? '');
    await stopped;
    online = false;
    const failed = next(isKind('failed'));
    await devices.startPairing(marta.id);
    expect(await failed).toEqual({ kind: 'failed', code: 'offline' });
    await expect(devices.startPairing('nobody')).rejects.toMatchObject({ code: 'not-found' });
  });
});

/** A challenge as another session of `user` has it. */
async function challengeOf(user: User): Promise<string> {
  const body = new URLSearchParams({ grant_type: 'password', username: `${user.username}@demo`, password });
  const authorization = `Basic ${Buffer.from('countersign:sandbox').toString('base64')}`;
  const token = (await (
    await fetch(`${server.url}/oauth/token`, { method: 'POST', headers: { authorization }, body })
  ).json()) as {
    access_token: string;
  };
  const response = await fetch(`${server.url}/device/authorization`, {
    headers: { authorization: `Bearer ${token.access_token}` },
  });
  return response.text();
}
const martasUser = () => state.user(marta.userId);

describe('pairing this computer', () => {
  it('says whose code it is before anything is sent, then registers under one id for good, with a push token', async () => {
    const text = await challengeOf(martasUser());
    const sent = server.requests.length;
    expect(await devices.readChallenge(text)).toEqual({
      accountId: marta.id,
      accountLabel: 'marta',
      userName: 'Marta Kalnina',
      host: new URL(server.url).host,
    });
    expect(server.requests).toHaveLength(sent);
    const { device, push } = await devices.pairThis(text, 'Front desk');
    expect([device.thisComputer, push]).toEqual([true, true]);
    expect(state.devices()).toMatchObject([
      { deviceId: device.deviceId, name: 'Front desk', pushToken: expect.any(String) },
    ]);
    openRooms();
    const again = await devices.pairThis(await challengeOf(martasUser()), 'Back office');
    expect(again.device.deviceId).toBe(device.deviceId);
    expect(state.devices()).toMatchObject([{ name: 'Back office' }]);
    expect((await devices.list(marta.id)).devices).toMatchObject([{ name: 'Back office', thisComputer: true }]);
  });

  it('takes a bare challenge for the account that was chosen', async () => {
    const { challenge } = JSON.parse(await challengeOf(martasUser())) as { challenge: string };
    await devices.pairThis(challenge, 'Front desk', marta.id);
    expect(state.devices()).toHaveLength(1);
  });

  it('sends nothing for a code that is foreign, somebody else’s, or none', async () => {
    const theirs = await challengeOf(janis);
    const foreign = JSON.stringify({ ...JSON.parse(theirs), baseURL: 'https://evil.example/api' });
    const sent = server.requests.length;
    for (const [text, code] of [
      [theirs, 'challenge-other-person'],
      [foreign, 'challenge-foreign'],
      ['https://evil.example', 'challenge-unreadable'],
    ] as const) {
      await expect(devices.readChallenge(text)).rejects.toMatchObject({ code });
      await expect(devices.pairThis(text, 'x')).rejects.toMatchObject({ code });
    }
    expect(server.requests).toHaveLength(sent);
  });

  it('says of a code that is spent or too old that it is not good any more; the sign-in is not to blame', async () => {
    const text = await challengeOf(martasUser());
    clock.at += 10 * minute;
    await expect(devices.pairThis(text, 'x')).rejects.toMatchObject({ code: 'challenge-refused' });
    expect(await store.accounts()).toMatchObject([{ state: 'signed-in' }]);
  });
});

describe('a paired device', () => {
  const pairPhone = async () => {
    const paired = next(isKind('paired'));
    const text = await shownText();
    hear = () => undefined;
    await phoneTakes(text);
    void paired;
    await devices.stop();
    await devices.list(marta.id);
  };

  it('is renamed by registering anew, and keeps its token', async () => {
    await pairPhone();
    const [before] = state.devices();
    await devices.rename(marta.id, 'phone-1', 'Old phone');
    expect(state.devices()).toEqual([{ ...before, name: 'Old phone' }]);
    await expect(devices.rename(marta.id, 'phone-9', 'x')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('is listed as it was last known while there is no network, and revoked there: the outbox brings it when there is one', async () => {
    await pairPhone();
    online = false;
    const list = await devices.list(marta.id);
    expect(list).toMatchObject({ code: 'offline', devices: [{ deviceId: 'phone-1', revoking: false }] });
    await devices.revoke(marta.id, 'phone-1');
    await devices.revoke(marta.id, 'phone-1');
    expect(committed).toBe(1);
    expect((await devices.list(marta.id)).devices).toMatchObject([{ revoking: true }]);
    await sync.deliver();
    expect(state.devices()).toHaveLength(1);
    online = true;
    await sync.syncNow();
    expect(state.devices()).toEqual([]);
    expect((await devices.list(marta.id)).devices).toEqual([]);
    expect(await store.outbox({ unconfirmed: true })).toEqual([]);
    expect(state.effects({ kind: 'device-revoked' })).toHaveLength(1);
  });

  it('is revoked once though the answer is lost on the way', async () => {
    await pairPhone();
    server.misbehave({ kind: 'drop-response', method: 'DELETE', for: /authorization/ });
    await devices.revoke(marta.id, 'phone-1');
    await sync.deliver();
    await sync.syncNow();
    expect(state.effects({ kind: 'device-revoked' })).toHaveLength(1);
    expect(
      server.requests.filter(({ method, path }) => method === 'DELETE' && path === '/device/authorization'),
    ).toHaveLength(1);
    expect(await store.outbox({ unconfirmed: true })).toEqual([]);
  });

  it('that is not known cannot be revoked', async () => {
    await expect(devices.revoke(marta.id, 'phone-1')).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('signing out and in again', () => {
  const signedOut = async () => {
    await devices.pairThis(await challengeOf(martasUser()), 'Front desk');
    await devices.clearPush(marta.id);
    await signIns.out(marta.id);
  };

  it('clears the push token, ends the session at the service, and forgets the tokens', async () => {
    await signedOut();
    expect(state.devices()[0]).not.toHaveProperty('pushToken');
    expect(state.effects({ kind: 'signed-out' })).toHaveLength(1);
    expect(await store.accounts()).toMatchObject([{ state: 'sign-in-expired' }]);
    await expect(devices.rename(marta.id, 'x', 'x')).rejects.toMatchObject({ code: 'sign-in-expired' });
    const kept = await store.credentials(marta.id);
    expect(JSON.parse(kept)).toMatchObject({ accessToken: '', username: 'marta@demo' });
    expect(kept).not.toContain(password);
  });

  it('works without a network, too', async () => {
    await devices.pairThis(await challengeOf(martasUser()), 'Front desk');
    online = false;
    await devices.clearPush(marta.id);
    await signIns.out(marta.id);
    expect(await store.accounts()).toMatchObject([{ state: 'sign-in-expired' }]);
  });

  it('asks for the password alone, and takes nobody else’s', async () => {
    await signedOut();
    await expect(signIns.again(marta.id, { password: 'wrong' })).rejects.toMatchObject({ code: 'sign-in-refused' });
    const other = signIns.again(marta.id, { password, username: 'janis@demo' });
    await expect(other).rejects.toMatchObject({ code: 'other-person' });
    expect(await store.accounts()).toMatchObject([{ state: 'sign-in-expired' }]);
    expect(await signIns.again(marta.id, { password })).toMatchObject({ id: marta.id, state: 'signed-in' });
    expect((await devices.list(marta.id)).devices).toMatchObject([{ name: 'Front desk', thisComputer: true }]);
  });

  it('asks for the user name where an older version did not keep it', async () => {
    const { username: _gone, ...rest } = JSON.parse(await store.credentials(marta.id)) as Record<string, unknown>;
    await store.saveCredentials(marta.id, JSON.stringify(rest));
    await expect(signIns.again(marta.id, { password })).rejects.toMatchObject({ code: 'username-needed' });
    await signIns.again(marta.id, { password, username: 'marta@demo' });
    await signIns.again(marta.id, { password });
  });

  it('leaves other accounts at the same service alone', async () => {
    const other = await addAccount(janis);
    await signedOut();
    expect((await devices.list(other.id)).devices).toEqual([]);
    const states = (await store.accounts()).map(({ id, state: is }) => [id, is]);
    expect(Object.fromEntries(states)).toEqual({ [marta.id]: 'sign-in-expired', [other.id]: 'signed-in' });
  });
});
