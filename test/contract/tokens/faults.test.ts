/** Modules that crash, hang and lie: the desk lives, says what happened, and the same token host works again. */
import { constants, verify } from 'node:crypto';
import { access, copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createTokenHost, type HostClock } from '../../../native/client.ts';
import type { TokenHost } from '../../../native/token-port.ts';
import { manualClock } from '../../unit/native/manual-clock.ts';
import { buildFaultModule, createSoftHsmStack, logIn, seal, spyOn, type TokenStack, unwrap } from './token-stack.ts';

const rsa = { keyId: '01', scheme: 'rsa-pkcs1-sha256' } as const;
const ec = { keyId: '02', scheme: 'ecdsa-sha256' } as const;
const message = Buffer.from('signed attributes');

describe('token host over a faulty module', () => {
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

  /** A host over the fault module; the fault strikes once if `once`, else always. */
  async function openFaulty(fault: string, once: boolean, clock?: HostClock) {
    const marker = join(stack.folder, `once-${count++}`);
    if (once) await writeFile(marker, '');
    const log = join(stack.folder, `log-${count}`);
    await writeFile(log, '');
    const env = { FAULT: fault, FAULT_REAL: stack.modulePath, FAULT_LOG: log, FAULT_PIN: stack.pin };
    const spied = spyOn(stack.start(once ? { ...env, FAULT_ONCE: marker } : env));
    const host = createTokenHost(faultModule, spied.start, clock ? { clock } : {});
    hosts.push(host);
    const logins = async () => (await readFile(log, 'utf8')).split('\n').filter(Boolean).map(Number);
    const struck = () => vi.waitFor(() => expect(access(marker)).rejects.toThrow(), { timeout: 20_000 });
    return { host, logins, struck, processes: spied.processes };
  }

  it('says module-crashed for a module that aborts in C_Sign, and signs with a new process', async () => {
    const { host, processes } = await openFaulty('abort-sign', true);
    const { sessionId } = await logIn(host, stack);
    const signatures = [host.sign(sessionId, rsa, message), host.sign(sessionId, rsa, message)];
    expect(await Promise.all(signatures)).toEqual([
      { ok: false, code: 'module-crashed' },
      { ok: false, code: 'module-crashed' },
    ]);
    const again = await logIn(host, stack);
    expect(
      verify('sha256', message, stack.publicKeys.rsa, unwrap(await host.sign(again.sessionId, rsa, message))),
    ).toBe(true);
    expect(processes).toHaveLength(2);
  });

  it('never sends the PIN a second time when the module aborts in C_Login', async () => {
    const { host, logins } = await openFaulty('crash-login', true);
    expect((await logIn(host, stack)).login).toEqual({ ok: false, code: 'module-crashed' });
    expect(unwrap(await host.list())).toHaveLength(1);
    expect(await logins()).toEqual([1]);
  });

  it('says module-hung for a module that hangs in C_GetSlotList, kills it, and lists with a new process', async () => {
    const clock = manualClock();
    const { host, struck, processes } = await openFaulty('hang-slots', true, clock);
    const listing = host.list();
    const next = host.list();
    await struck();
    const exit = new Promise((resolve) => processes[0]?.onExit(resolve));
    clock.pass(15_000);
    expect(await Promise.all([listing, next])).toEqual([
      { ok: false, code: 'module-hung' },
      { ok: false, code: 'module-hung' },
    ]);
    expect(await exit).toEqual({ code: null, signal: 'SIGKILL' });
    expect(unwrap(await host.list())).toHaveLength(1);
  });

  it('kills a module that hangs in C_Sign when it is closed', async () => {
    const clock = manualClock();
    const { host, struck, processes } = await openFaulty('hang-sign', true, clock);
    const { sessionId } = await logIn(host, stack);
    const signature = host.sign(sessionId, rsa, message);
    await struck();
    const exit = new Promise((resolve) => processes[0]?.onExit(resolve));
    const closed = host.close();
    expect(await signature).toEqual({ ok: false, code: 'cancelled' });
    clock.pass(3_000);
    await closed;
    expect(await exit).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it.each([
    ['login-function-failed', 'function-failed', 'CKR_FUNCTION_FAILED'],
    ['pin-locked', 'pin-locked', 'CKR_PIN_LOCKED'],
  ])('tells %s from a wrong PIN', async (fault, code, ckr) => {
    const { host, logins } = await openFaulty(fault, false);
    expect((await logIn(host, stack)).login).toMatchObject({ ok: false, code, ckr });
    expect(await logins()).toEqual([1]);
  });

  it('ends the session when the token is pulled out, so that nothing is signed without a new PIN', async () => {
    const { host } = await openFaulty('removed-sign', true);
    const { sessionId } = await logIn(host, stack);
    const removed = await host.sign(sessionId, rsa, message);
    expect(removed).toEqual({ ok: false, code: 'token-removed', ckr: 'CKR_DEVICE_REMOVED' });
    expect(await host.sign(sessionId, rsa, message)).toMatchObject({ ok: false, code: 'login-required' });
  });

  it('keeps the login over a failure that is no more than one, even if the module left the operation open', async () => {
    const { host } = await openFaulty('general-sign', true);
    const { sessionId } = await logIn(host, stack);
    const failed = await host.sign(sessionId, ec, message);
    expect(failed).toEqual({ ok: false, code: 'function-failed', ckr: 'CKR_GENERAL_ERROR' });
    expect((await host.sign(sessionId, ec, message)).ok).toBe(true);
  });

  it('logs in once more for each signature of a key that always authenticates', async () => {
    const { host, logins } = await openFaulty('always-authenticate', false);
    const { sessionId } = await logIn(host, stack);
    const results = await Promise.all([0, 1, 2].map(() => host.sign(sessionId, rsa, message)));
    for (const result of results) expect(verify('sha256', message, stack.publicKeys.rsa, unwrap(result))).toBe(true);
    expect(await logins()).toEqual([1, 2, 2, 2]);
  });

  it('logs in exactly once for keys that do not', async () => {
    const { host, logins } = await openFaulty('none', false);
    const { sessionId } = await logIn(host, stack);
    await Promise.all([0, 1, 2].map(() => host.sign(sessionId, rsa, message)));
    expect(await logins()).toEqual([1]);
  });

  it('signs by DigestInfo and over the digest where the token hashes nothing itself', async () => {
    const { host } = await openFaulty('bare-mechanisms', false);
    const { sessionId } = await logIn(host, stack);
    const byRsa = unwrap(await host.sign(sessionId, { ...rsa, scheme: 'rsa-pkcs1-sha512' }, message));
    expect(verify('sha512', message, stack.publicKeys.rsa, byRsa)).toBe(true);
    const byEc = unwrap(await host.sign(sessionId, ec, message));
    expect(verify('sha256', message, stack.publicKeys.ec, byEc)).toBe(true);
  });

  it('signs by PSS where that is all the token has, and says mechanism-unsupported for the rest', async () => {
    const { host } = await openFaulty('hashing-mechanisms', false);
    const { sessionId } = await logIn(host, stack);
    const signature = unwrap(await host.sign(sessionId, { ...rsa, scheme: 'rsa-pss-sha256' }, message));
    const key = { key: stack.publicKeys.rsa, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
    expect(verify('sha256', message, key, signature)).toBe(true);
    expect(await host.sign(sessionId, rsa, message)).toEqual({ ok: false, code: 'mechanism-unsupported' });
  });

  it('does not hand on a PIN that is no UTF-8', async () => {
    const { host, logins } = await openFaulty('none', false);
    const session = unwrap(await host.openSession(stack.token));
    const sealed = await seal(session, stack.pin);
    const { sealPin } = await import('../../../preload/seal-pin.ts');
    const bad = await sealPin(session.publicKey, session.sessionId, new Uint8Array([0x31, 0x32, 0xff, 0xfe, 0x33]));
    expect(await host.login(session.sessionId, bad)).toMatchObject({ ok: false, code: 'pin-unreadable' });
    expect(await host.login(session.sessionId, sealed)).toMatchObject({ ok: false, code: 'pin-unreadable' });
    expect(await logins()).toEqual([]);
  });
});

describe('token host over what is no usable module', () => {
  let stack: TokenStack;

  beforeAll(async () => {
    stack = await createSoftHsmStack();
  });
  afterAll(() => stack.remove());

  async function codeFor(path: string): Promise<string> {
    const host = createTokenHost(path, stack.start());
    const result = await host.list();
    await host.close();
    return result.ok ? 'ok' : result.code;
  }

  it('names what is wrong with the file', async () => {
    const text = join(stack.folder, 'text.so');
    await writeFile(text, 'INPUT(-lsomething) '.repeat(40));
    const foreign = join(stack.folder, 'foreign.so');
    await copyFile(stack.modulePath, foreign);
    const bytes = await readFile(foreign);
    bytes.writeUInt16LE(process.arch === 'x64' ? 183 : 62, 18);
    await writeFile(foreign, bytes);
    const cut = join(stack.folder, 'cut.so');
    await writeFile(cut, (await readFile(stack.modulePath)).subarray(0, 4096));
    const cases: readonly [string, string][] = [
      [join(stack.folder, 'nothing.so'), 'module-missing'],
      [stack.folder, 'module-failed'],
      [text, 'module-failed'],
      [cut, 'module-crashed'],
      [foreign, 'module-wrong-architecture'],
      ['libsofthsm2.so', 'bad-request'],
      ['', 'bad-request'],
    ];
    const codes = await Promise.all(cases.map(async ([path]) => [path, await codeFor(path)]));
    expect(codes).toEqual(cases);
  });

  it('says module-failed for a library that is no PKCS#11 module', async () => {
    const library = process.report.getReport();
    const shared = (library as { sharedObjects: string[] }).sharedObjects.find((path) => /libm\.so/.test(path));
    expect(shared).toBeDefined();
    expect(await codeFor(shared ?? '')).toBe('module-failed');
  });
});
