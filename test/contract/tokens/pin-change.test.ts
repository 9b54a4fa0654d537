/** Changing and unblocking a PIN through a token host, on SoftHSM and a module that counts what reaches it. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTokenHost } from '../../../native/client.ts';
import type { TokenHost } from '../../../native/token-port.ts';
import {
  buildFaultModule,
  createSoftHsmStack,
  logIn,
  sealPair,
  spyOn,
  type TokenStack,
  unwrap,
} from './token-stack.ts';

const other = 'cita-Ūdens-4471';

describe('a PIN changed through the token host', () => {
  let stack: TokenStack;
  let faultModule: string;
  let count = 0;
  const hosts: TokenHost[] = [];

  beforeAll(async () => {
    const made = await createSoftHsmStack();
    stack = made;
    faultModule = await buildFaultModule(made);
  });
  afterEach(() => Promise.all(hosts.splice(0).map((host) => host.close())));
  afterAll(() => stack.remove());

  async function open(fault = 'none') {
    const log = join(stack.folder, `pins-${count++}`);
    await writeFile(log, '');
    const spied = spyOn(stack.start({ FAULT: fault, FAULT_REAL: stack.modulePath, FAULT_LOG: log }));
    const host = createTokenHost(faultModule, spied.start);
    hosts.push(host);
    const sent = async () => (await readFile(log, 'utf8')).split('\n').filter(Boolean);
    return { host, sent, messages: spied.messages };
  }

  async function change(host: TokenHost, old: string, fresh: string) {
    const session = unwrap(await host.openSession(stack.token));
    return host.changePin(session.sessionId, ...(await sealPair(session, old, fresh)));
  }
  async function unblock(host: TokenHost, kind: 'so' | 'user-puk', puk: string, fresh: string) {
    const session = unwrap(await host.openSession(stack.token));
    return host.unblock(session.sessionId, kind, ...(await sealPair(session, puk, fresh)));
  }
  const logsIn = async (pin: string) => (await logIn((await open()).host, stack, pin)).login.ok;

  /** The token starts every test with its own PIN. */
  beforeEach(async () => {
    unwrap(await unblock((await open()).host, 'so', stack.soPin, stack.pin));
  });

  it('is the PIN from then on, and the old one is not', async () => {
    const { host, sent } = await open();
    expect(await change(host, stack.pin, other)).toMatchObject({ ok: true, value: { pin: { locked: false } } });
    expect(await sent()).toEqual(['1', 'set-pin']);
    expect(await logsIn(other)).toBe(true);
    expect(await logsIn(stack.pin)).toBe(false);
  });

  it('stays as it is where the present one is wrong: one try, never repeated', async () => {
    const { host, sent } = await open();
    const refused = await change(host, stack.wrongPin, other);
    expect(refused).toMatchObject({ ok: false, code: 'pin-incorrect', pin: { countLow: true } });
    expect(await sent()).toEqual(['1']);
    expect(await logsIn(stack.pin)).toBe(true);
  });

  it.each([
    ['a new PIN that is too short', () => [stack.pin, 'abc']],
    ['a new PIN that is too long', () => [stack.pin, 'a'.repeat(256)]],
    ['an empty new PIN', () => [stack.pin, '']],
    ['a present PIN that is too short', () => ['abc', other]],
  ])('is measured before anything is sent: %s', async (_, pins) => {
    const { host, sent } = await open();
    const [old = '', fresh = ''] = pins();
    expect(await change(host, old, fresh)).toMatchObject({ ok: false, code: 'pin-length' });
    expect(await sent()).toEqual([]);
  });

  it('needs both seals, each in its own place', async () => {
    const { host, sent } = await open();
    const one = unwrap(await host.openSession(stack.token));
    const [old, fresh] = await sealPair(one, stack.pin, other);
    expect(await host.changePin(one.sessionId, old, undefined)).toMatchObject({ ok: false, code: 'login-required' });
    const two = unwrap(await host.openSession(stack.token));
    const pair = await sealPair(two, stack.pin, other);
    expect(await host.changePin(two.sessionId, pair[1], pair[0])).toMatchObject({ ok: false, code: 'pin-unreadable' });
    expect(await host.changePin(two.sessionId, ...pair)).toMatchObject({ ok: false, code: 'pin-unreadable' });
    expect(await host.changePin(one.sessionId, old, fresh)).toMatchObject({ ok: false, code: 'pin-unreadable' });
    expect(await sent()).toEqual([]);
  });

  it('is set anew by the security officer', async () => {
    const { host, sent } = await open();
    unwrap(await unblock(host, 'so', stack.soPin, other));
    expect(await sent()).toEqual(['0', 'init-pin']);
    expect(await logsIn(other)).toBe(true);
  });

  it('is not set by a wrong officer’s PIN', async () => {
    const { host, sent } = await open();
    expect(await unblock(host, 'so', '00000000', other)).toMatchObject({ ok: false, code: 'pin-incorrect' });
    expect(await sent()).toEqual(['0']);
    expect(await logsIn(stack.pin)).toBe(true);
  });

  it('is not risked for a PUK while it is not locked', async () => {
    const { host, sent } = await open();
    expect(await unblock(host, 'user-puk', '11111111', other)).toMatchObject({ ok: false, code: 'pin-not-locked' });
    expect(await sent()).toEqual([]);
  });

  it('goes to a locked token as the PUK', async () => {
    const { host, sent } = await open('locked-flag');
    // SoftHSM has no PUK: what counts is that C_SetPIN gets it in the old PIN's place.
    unwrap(await unblock(host, 'user-puk', stack.pin, other));
    expect(await sent()).toEqual(['set-pin']);
    expect(await logsIn(other)).toBe(true);
  });

  it('is changed after a login, as modules want that take the present PIN for a PUK without one', async () => {
    const { host, sent } = await open('set-pin-wants-login');
    unwrap(await change(host, stack.pin, other));
    expect(await sent()).toEqual(['1', 'set-pin']);
  });

  it('cannot be changed where the token does not let it', async () => {
    const { host } = await open('no-set-pin');
    expect(await change(host, stack.pin, other)).toMatchObject({ ok: false, code: 'pin-change-unsupported' });
  });

  it('is in no message in clear', async () => {
    const { host, messages } = await open();
    await change(host, stack.pin, other);
    const text = messages.map((message) => Buffer.from(JSON.stringify(message))).join('');
    expect(text).toContain('change-pin');
    for (const pin of [stack.pin, other]) expect(text).not.toContain(pin);
  });
});
