import { afterEach, describe, expect, it } from 'vitest';
import { createTokenHost } from '../../../native/client.ts';
import type { ChildProcessPort, TokenHost } from '../../../native/token-port.ts';
import { type ManualClock, manualClock } from './manual-clock.ts';

interface Sent {
  readonly id: number;
  readonly call: string;
  readonly target?: number;
}

/** A process that does what the test says. */
class ScriptedProcess implements ChildProcessPort {
  readonly pid = 1;
  readonly sent: Sent[] = [];
  killed = 0;
  #message: (message: unknown) => void = () => undefined;
  #exit: (exit: { code: number | null; signal: string | null }) => void = () => undefined;
  send(message: unknown): void {
    this.sent.push(...(Array.isArray(message) ? (message as Sent[]) : [message as Sent]));
  }
  onMessage(listener: (message: unknown) => void): void {
    this.#message = listener;
  }
  onExit(listener: (exit: { code: number | null; signal: string | null }) => void): void {
    this.#exit = listener;
  }
  kill(): void {
    this.killed++;
    this.exit('SIGKILL');
  }
  say(message: unknown): void {
    this.#message(message);
  }
  answer(index: number, value: unknown): void {
    this.say({ id: this.sent[index]?.id, ok: true, value });
  }
  exit(signal: string | null): void {
    this.#exit({ code: signal === null ? 0 : null, signal });
  }
}

const sessionId = 'session';
const key = { keyId: '01', scheme: 'rsa-pkcs1-sha256' } as const;
const seal = { ephemeralPublicKey: new Uint8Array(65), nonce: new Uint8Array(12), ciphertext: new Uint8Array(22) };
const deadlinesMs = { list: 100, 'open-session': 100, login: 200, sign: 50, 'pin-pad': 900, close: 30 };
const tick = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('the client of a token host', () => {
  const processes: ScriptedProcess[] = [];
  let clock: ManualClock;

  function open(): TokenHost {
    clock = manualClock();
    const start = () => {
      const process = new ScriptedProcess();
      processes.push(process);
      return process;
    };
    return createTokenHost('/module.so', start, { clock, deadlinesMs });
  }

  const process = (index = 0) => {
    const found = processes[index];
    if (!found) throw new Error(`process ${index} was not started`);
    return found;
  };

  afterEach(() => {
    processes.length = 0;
  });

  it('starts no process before the first call, and one for many', async () => {
    const host = open();
    expect(processes).toHaveLength(0);
    const listings = [host.list(), host.list()];
    expect(process().sent.map(({ call }) => call)).toEqual(['list', 'list']);
    process().answer(0, []);
    process().answer(1, []);
    expect(await Promise.all(listings)).toEqual([
      { ok: true, value: [] },
      { ok: true, value: [] },
    ]);
    expect(processes).toHaveLength(1);
  });

  it('hands a failure on as it is', async () => {
    const host = open();
    const login = host.login(sessionId, undefined);
    const pin = {
      protectedAuthenticationPath: false,
      countLow: true,
      finalTry: true,
      locked: false,
      toBeChanged: false,
      soCountLow: false,
      soFinalTry: false,
      soLocked: false,
      loginRequired: true,
      minLength: 4,
      maxLength: 8,
    };
    process().say({ id: process().sent[0]?.id, ok: false, code: 'pin-incorrect', ckr: 'CKR_PIN_INCORRECT', pin });
    expect(await login).toEqual({ ok: false, code: 'pin-incorrect', ckr: 'CKR_PIN_INCORRECT', pin });
  });

  it('gives each call its whole deadline from when the process gets to it', async () => {
    const host = open();
    const signatures = [0, 1, 2].map(() => host.sign(sessionId, key, new Uint8Array()));
    for (const index of [0, 1, 2]) {
      clock.pass(49);
      await tick();
      process().answer(index, new Uint8Array([index]));
    }
    expect((await Promise.all(signatures)).map((result) => result.ok)).toEqual([true, true, true]);
    expect(process().killed).toBe(0);
    expect(clock.sleeping()).toBe(0);
  });

  it('kills a process that is silent for longer, and tells every call under way', async () => {
    const host = open();
    const signatures = [0, 1].map(() => host.sign(sessionId, key, new Uint8Array()));
    clock.pass(50);
    expect(await Promise.all(signatures)).toEqual([
      { ok: false, code: 'module-hung' },
      { ok: false, code: 'module-hung' },
    ]);
    expect(process().killed).toBe(1);
    const listing = host.list();
    process(1).answer(0, []);
    expect((await listing).ok).toBe(true);
  });

  it('sets a module aside that failed three times, until it is asked for again', async () => {
    const host = open();
    for (const index of [0, 1, 2]) {
      const listing = host.list();
      if (index === 1) clock.pass(100);
      else process(index).exit('SIGSEGV');
      expect(await listing).toEqual({ ok: false, code: index === 1 ? 'module-hung' : 'module-crashed' });
    }
    expect(await host.list()).toEqual({ ok: false, code: 'module-set-aside' });
    expect(processes).toHaveLength(3);
    host.reset();
    const listing = host.list();
    process(3).answer(0, []);
    expect((await listing).ok).toBe(true);
  });

  it('does not count the end of a process that was closed', async () => {
    const host = open();
    for (const index of [0, 1, 2, 3]) {
      const listing = host.list();
      process(index).answer(0, []);
      expect((await listing).ok).toBe(true);
      const closed = host.close();
      process(index).exit(null);
      await closed;
    }
  });

  it.each([
    ['login', 199, 1, () => open().login(sessionId, seal)],
    ['a login at a PIN pad', 899, 1, () => open().login(sessionId, undefined)],
    ['a change of PIN at a PIN pad', 899, 1, () => open().changePin(sessionId, undefined, undefined)],
    ['list', 99, 1, () => open().list()],
  ])('waits for %s as long as that kind may take', async (_, almost, rest, call) => {
    const result = call();
    clock.pass(almost);
    await tick();
    expect(process().killed).toBe(0);
    clock.pass(rest);
    expect(await result).toEqual({ ok: false, code: 'module-hung' });
  });

  it('tells every call under way that the process died, and starts another for the next', async () => {
    const host = open();
    const calls = [host.list(), host.sign(sessionId, key, new Uint8Array())];
    process().exit('SIGSEGV');
    expect(await Promise.all(calls)).toEqual([
      { ok: false, code: 'module-crashed' },
      { ok: false, code: 'module-crashed' },
    ]);
    const listing = host.list();
    process(1).answer(0, []);
    expect((await listing).ok).toBe(true);
  });

  it('takes a process that could not be started for one that died', async () => {
    const host = createTokenHost('/module.so', () => {
      throw new Error('EAGAIN');
    });
    expect(await host.list()).toEqual({ ok: false, code: 'module-crashed' });
    await host.close();
  });

  it.each([
    ['no object', 'hello'],
    ['nothing', undefined],
    ['an answer to no request', { id: 99, ok: true, value: [] }],
    ['an unknown code', { id: 1, ok: false, code: 'whatever' }],
    ['an answer that is neither good nor bad', { id: 1, value: [] }],
  ])('gives up a process that sends %s', async (_, message) => {
    const host = open();
    const listing = host.list();
    process().say(message);
    expect(await listing).toEqual({ ok: false, code: 'module-crashed' });
    expect(process().killed).toBe(1);
  });

  it.each([
    ['a list that is none', (host: TokenHost) => host.list(), { tokens: [] }],
    ['a signature that is text', (host: TokenHost) => host.sign(sessionId, key, new Uint8Array()), 'abcd'],
  ])('does not hand on %s', async (_, call, value) => {
    const result = call(open());
    await tick();
    process().answer(0, value);
    expect(await result).toEqual({ ok: false, code: 'function-failed' });
  });

  describe('with a signal', () => {
    it('sends nothing where it was aborted before', async () => {
      const host = open();
      expect(await host.list(AbortSignal.abort())).toEqual({ ok: false, code: 'cancelled' });
      expect(process().sent).toEqual([]);
    });

    it('takes the request back, and still takes the answer of one that had begun', async () => {
      const host = open();
      const abort = new AbortController();
      const signature = host.sign(sessionId, key, new Uint8Array(), abort.signal);
      abort.abort();
      expect(process().sent[1]).toMatchObject({ call: 'cancel', target: process().sent[0]?.id });
      process().answer(0, new Uint8Array([7]));
      expect(await signature).toEqual({ ok: true, value: new Uint8Array([7]) });
    });
  });

  describe('closing', () => {
    it('lets the process end by itself', async () => {
      const host = open();
      const listing = host.list();
      const closed = host.close();
      expect(await listing).toEqual({ ok: false, code: 'cancelled' });
      expect(process().sent.at(-1)?.call).toBe('close');
      process().exit(null);
      await closed;
      expect(process().killed).toBe(0);
      expect(clock.sleeping()).toBe(0);
    });

    it('kills a process that does not', async () => {
      const host = open();
      void host.list();
      const closed = host.close();
      clock.pass(30);
      await closed;
      expect(process().killed).toBe(1);
    });

    it('has nothing to do where no process runs', async () => {
      await open().close();
      expect(processes).toHaveLength(0);
    });
  });
});
