/** Logins kept as the person sets: a second batch without a PIN, for so long and no longer; the PIN itself is kept nowhere. */
import { verify } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseCertificate } from '../../../main/pki/index.ts';
import type { Clock } from '../../../main/platform/clock.ts';
import { createTokens, type Tokens } from '../../../main/tokens/index.ts';
import {
  buildFaultModule,
  createSoftHsmStack,
  seal,
  spyOn,
  type TokenStack,
  unwrap,
} from '../../contract/tokens/token-stack.ts';
import { manualClock } from '../../unit/native/manual-clock.ts';
import { needlesOf, searchMemory } from '../pin/memory.ts';

const message = Buffer.from('signed attributes');
const MINUTE_MS = 60_000;
const startedAt = Date.now();

describe('a login that is kept', () => {
  let stack: TokenStack;
  let tokenId: string;
  let rsaId: string;
  let ecId: string;
  const opened: Tokens[] = [];

  beforeAll(async () => {
    stack = await createSoftHsmStack();
    tokenId = `${stack.token.manufacturerId}/${stack.token.serialNumber}`;
    rsaId = `${stack.token.serialNumber}/01`;
    ecId = `${stack.token.serialNumber}/02`;
  });
  afterEach(() => Promise.all(opened.splice(0).map((tokens) => tokens.close())));
  afterAll(() => stack.remove());

  function open(lifetimeMs: number, { modulePath = stack.modulePath, env = {} as Record<string, string> } = {}) {
    const spied = spyOn(stack.start(env));
    const manual = manualClock();
    const clock: Clock & typeof manual = { ...manual, now: () => startedAt + manual.monotonicMs() };
    const lifetime = { ms: lifetimeMs };
    const tokens = createTokens({
      startProcess: spied.start,
      modulePaths: () => [modulePath],
      parseCertificate,
      clock,
      loginLifetimeMs: () => lifetime.ms,
    });
    opened.push(tokens);
    return { tokens, clock, lifetime, processes: spied.processes };
  }

  async function firstBatch(tokens: Tokens) {
    await tokens.list([]);
    const session = unwrap(await tokens.openSession(tokenId));
    expect(session.needsPin).toBe(true);
    return unwrap(await tokens.startBatch(session.sessionId, rsaId, await seal(session, stack.pin)));
  }
  const asksForPin = async (tokens: Tokens) => unwrap(await tokens.openSession(tokenId)).needsPin;
  const keptLogin = async (tokens: Tokens) => (await tokens.list([])).tokens[0]?.keptLogin;

  it('signs the next batch with another key and no PIN, in the same process', async () => {
    const { tokens, clock, processes } = open(15 * MINUTE_MS);
    const first = await firstBatch(tokens);
    unwrap(await first.sign(message));
    await first.close();
    expect(await keptLogin(tokens)).toEqual({ endsAt: startedAt + 15 * MINUTE_MS });
    clock.pass(14 * MINUTE_MS);
    const session = unwrap(await tokens.openSession(tokenId));
    expect(session.needsPin).toBe(false);
    const second = unwrap(await tokens.startBatch(session.sessionId, ecId, undefined));
    expect(verify('sha256', message, stack.publicKeys.ec, unwrap(await second.sign(message)))).toBe(true);
    expect(processes).toHaveLength(1);
  });

  it('ends at its time, counted from the PIN, and its process with it', async () => {
    const { tokens, clock, processes } = open(15 * MINUTE_MS);
    await (await firstBatch(tokens)).close();
    clock.pass(10 * MINUTE_MS);
    const session = unwrap(await tokens.openSession(tokenId));
    await unwrap(await tokens.startBatch(session.sessionId, rsaId, undefined)).close();
    const exit = new Promise((resolve) => processes[0]?.onExit(resolve));
    clock.pass(5 * MINUTE_MS);
    expect(await exit).toEqual({ code: 0, signal: null });
    expect(await keptLogin(tokens)).toBeUndefined();
    expect(await asksForPin(tokens)).toBe(true);
  });

  it('holds until the token is removed where the person set that', async () => {
    const { tokens, clock } = open(Number.POSITIVE_INFINITY);
    await (await firstBatch(tokens)).close();
    clock.pass(1000 * MINUTE_MS);
    expect(await keptLogin(tokens)).toEqual({});
    expect(await asksForPin(tokens)).toBe(false);
    await tokens.endKeptLogins(({ id }) => id === tokenId);
    expect(await asksForPin(tokens)).toBe(true);
  });

  it('is not kept unless the person set it, nor beyond the moment they take it back', async () => {
    const none = open(0);
    await (await firstBatch(none.tokens)).close();
    expect(await asksForPin(none.tokens)).toBe(true);
    const back = open(15 * MINUTE_MS);
    const batch = await firstBatch(back.tokens);
    back.lifetime.ms = 0;
    await batch.close();
    expect(await asksForPin(back.tokens)).toBe(true);
  });

  it.each([
    ['a locked screen', (tokens: Tokens) => tokens.endLogins()],
    ['the change of its PIN', (tokens: Tokens) => tokens.openSession(tokenId, 'pin')],
  ])('ends with %s', async (_, act) => {
    const { tokens } = open(15 * MINUTE_MS);
    await (await firstBatch(tokens)).close();
    await act(tokens);
    expect(await asksForPin(tokens)).toBe(true);
  });

  it('ends with a batch that was abandoned, and what was under way says that the login is gone', async () => {
    const { tokens } = open(15 * MINUTE_MS);
    const batch = await firstBatch(tokens);
    const signatures = Array.from({ length: 300 }, () => batch.sign(message));
    await signatures[0];
    await tokens.endLogins();
    const results = await Promise.all(signatures);
    expect(results.at(-1)).toEqual({ ok: false, code: 'login-required' });
    expect(await batch.sign(message)).toEqual({ ok: false, code: 'login-required' });
    await batch.close();
    expect(await asksForPin(tokens)).toBe(true);
  });

  it('ends with a failure that may have cost it', async () => {
    const fault = await buildFaultModule(stack);
    const { tokens } = open(15 * MINUTE_MS, {
      modulePath: fault,
      env: { FAULT: 'removed-sign', FAULT_REAL: stack.modulePath },
    });
    const batch = await firstBatch(tokens);
    const signed = await batch.sign(message);
    expect(signed.ok).toBe(false);
    await batch.close();
    expect(await keptLogin(tokens)).toBeUndefined();
  });

  it('is not kept where a key wants its PIN at each signature: the PIN would have to be kept too', async () => {
    const fault = await buildFaultModule(stack);
    const { tokens } = open(15 * MINUTE_MS, {
      modulePath: fault,
      env: { FAULT: 'always-authenticate', FAULT_REAL: stack.modulePath, FAULT_PIN: stack.pin },
    });
    const batch = await firstBatch(tokens);
    unwrap(await batch.sign(message));
    await batch.close();
    expect(await asksForPin(tokens)).toBe(true);
  });

  it.skipIf(process.platform !== 'linux')(
    'leaves no PIN behind in the memory of the process that keeps it',
    async () => {
      const { tokens, processes } = open(15 * MINUTE_MS);
      await (await firstBatch(tokens)).close();
      expect(await asksForPin(tokens)).toBe(false);
      const needles = needlesOf(stack.pin);
      const { found, bytesRead } = await searchMemory(processes[0]?.pid ?? 0, needles);
      expect(bytesRead).toBeGreaterThan(10 << 20);
      expect(found).toEqual([]);
    },
  );
});
