/** Tokens that ask for the PIN themselves (CKF_PROTECTED_AUTHENTICATION_PATH): only a NULL PIN is taken, at every call that takes one. */
import { verify } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createTokenHost, type TokenHostOptions } from '../../../native/client.ts';
import type { TokenHost } from '../../../native/token-port.ts';
import { manualClock } from '../../unit/native/manual-clock.ts';
import { buildFaultModule, createSoftHsmStack, seal, spyOn, type TokenStack, unwrap } from './token-stack.ts';

const rsa = { keyId: '01', scheme: 'rsa-pkcs1-sha256' } as const;
const message = Buffer.from('signed attributes');

describe('token host over a token with a PIN pad', () => {
  let stack: TokenStack;
  let faultModule: string;
  let count = 0;
  const hosts: TokenHost[] = [];

  beforeAll(async () => {
    stack = await createSoftHsmStack();
    faultModule = await buildFaultModule(stack);
  });
  afterEach(() => Promise.all(hosts.splice(0).map((host) => host.close())));
  afterAll(() => stack.remove());

  async function open(env: Record<string, string> = {}, options: TokenHostOptions = {}) {
    const log = join(stack.folder, `pad-log-${count++}`);
    await writeFile(log, '');
    const all = { FAULT: 'pin-pad', FAULT_REAL: stack.modulePath, FAULT_LOG: log, ...env };
    const spied = spyOn(stack.start(all));
    const host = createTokenHost(faultModule, spied.start, options);
    hosts.push(host);
    const sent = async () => (await readFile(log, 'utf8')).split('\n').filter(Boolean);
    return { host, sent, processes: spied.processes };
  }

  const openSession = async (host: TokenHost) => unwrap(await host.openSession(stack.token));

  it('logs in with a NULL PIN where none is given, and signs', async () => {
    const { host, sent } = await open({ FAULT_PIN: stack.pin });
    const { sessionId, pin } = await openSession(host);
    expect(pin.protectedAuthenticationPath).toBe(true);
    unwrap(await host.login(sessionId, undefined));
    const signature = unwrap(await host.sign(sessionId, rsa, message));
    expect(verify('sha256', message, stack.publicKeys.rsa, signature)).toBe(true);
    expect(await sent()).toEqual(['1']);
  });

  it.each([
    ['pin-incorrect', 'CKR_PIN_INCORRECT', () => ({ FAULT_PIN: stack.wrongPin })],
    ['pin-cancelled', 'CKR_FUNCTION_CANCELED', () => ({})],
  ])('says %s where that is what happened at the pad, after one login', async (code, ckr, env) => {
    const { host, sent } = await open(env());
    const { sessionId } = await openSession(host);
    expect(await host.login(sessionId, undefined)).toMatchObject({ ok: false, code, ckr });
    expect(await sent()).toEqual(['1']);
    unwrap(await (await open({ FAULT: 'none' })).host.list());
  });

  it('shows in the fault module that it takes nothing but NULL', async () => {
    const { host } = await open({ FAULT_PIN: stack.pin });
    const session = await openSession(host);
    const sealed = await seal(session, stack.pin);
    expect(await host.login(session.sessionId, sealed)).toMatchObject({ ok: false, ckr: 'CKR_ARGUMENTS_BAD' });
  });

  it('changes and resets PINs with NULL PINs too', async () => {
    const other = 'cita-Ūdens-4471';
    const there = await open({ FAULT_PIN: stack.pin, FAULT_NEW_PIN: other });
    const changed = await there.host.changePin((await openSession(there.host)).sessionId, undefined, undefined);
    expect(changed).toMatchObject({ ok: true });
    const back = await open({ FAULT_SO_PIN: stack.soPin, FAULT_NEW_PIN: stack.pin });
    const reset = await back.host.unblock((await openSession(back.host)).sessionId, 'so', undefined, undefined);
    expect(reset).toMatchObject({ ok: true });
    expect(await back.sent()).toEqual(['0', 'init-pin']);
    const { host } = await open({ FAULT_PIN: stack.pin });
    unwrap(await host.login((await openSession(host)).sessionId, undefined));
  });

  it('waits for the person longer than for a module', async () => {
    const clock = manualClock();
    const { host, processes } = await open({ FAULT: 'pin-pad,hang-login', FAULT_PIN: stack.pin }, { clock });
    const { sessionId } = await openSession(host);
    const exit = new Promise((resolve) => processes[0]?.onExit(resolve));
    const login = host.login(sessionId, undefined);
    await expect.poll(() => clock.sleeping()).toBe(1);
    clock.pass(179_000);
    let ended = false;
    void exit.then(() => (ended = true));
    await expect.poll(() => clock.sleeping()).toBe(1);
    expect(ended).toBe(false);
    clock.pass(1_000);
    expect(await login).toEqual({ ok: false, code: 'module-hung' });
    expect(await exit).toEqual({ code: null, signal: 'SIGKILL' });
  });
});
