/** Every way to fail in every call that matters: the desk lives, is told by code, and the same token host works the next time. */
import { verify } from 'node:crypto';
import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTokenHost } from '../../../native/client.ts';
import type { TokenHost } from '../../../native/token-port.ts';
import { manualClock } from '../../unit/native/manual-clock.ts';
import { buildFaultModule, createSoftHsmStack, seal, type TokenStack } from './token-stack.ts';

const rsa = { keyId: '01', scheme: 'rsa-pkcs1-sha256' } as const;
const message = Buffer.from('signed attributes');

const died = /^module-crashed$/;
const hung = /^module-hung$/;
const well = /^ok$/;
/** A module's garbage may kill its process, or be caught as what it is. */
const caught = /^(module-crashed|function-failed|device-error|key-absent|no-token|token-absent|bad-signature|no-key)$/;

const faults: readonly [string, RegExp][] = [
  ...['slots', 'login', 'find', 'sign'].flatMap((call): [string, RegExp][] => [
    [`crash-${call}`, died],
    [`abort-${call}`, died],
    [`hang-${call}`, hung],
    [`garbage-${call}`, caught],
  ]),
  ['lie-slots', /^(no-token|token-absent)$/],
  ['lie-login', /^(key-absent|login-required|function-failed)$/],
  ['lie-find', /^(key-absent|function-failed|no-key)$/],
  ['lie-sign', /^bad-signature$/],
  // All is signed by then: nobody need be told.
  ['crash-finalize', well],
  ['abort-finalize', well],
  ['hang-finalize', well],
  ['lie-finalize', well],
];

describe('a module that fails', () => {
  let stack: TokenStack;
  let faultModule: string;

  beforeAll(async () => {
    stack = await createSoftHsmStack();
    faultModule = await buildFaultModule(stack);
  });
  afterAll(() => stack.remove());

  /** From listing to close; the first code that is not as it should be. */
  async function round(host: TokenHost): Promise<string> {
    const listed = await host.list();
    if (!listed.ok) return listed.code;
    const [token] = listed.value;
    if (!token) return 'no-token';
    const session = await host.openSession(token);
    if (!session.ok) return session.code;
    const login = await host.login(session.value.sessionId, await seal(session.value, stack.pin));
    if (!login.ok) return login.code;
    const signed = await host.sign(session.value.sessionId, rsa, message);
    if (!signed.ok) return signed.code;
    if (!verify('sha256', message, stack.publicKeys.rsa, signed.value)) return 'bad-signature';
    return token.keys.length === 2 ? 'ok' : 'no-key';
  }

  it.each(faults)('by %s once is told as %s, and then works', async (fault, expected) => {
    const marker = join(stack.folder, `${fault}-once`);
    await writeFile(marker, '');
    const clock = manualClock();
    const env = { FAULT: fault, FAULT_REAL: stack.modulePath, FAULT_ONCE: marker };
    const host = createTokenHost(faultModule, stack.start(env), { clock });
    const struck = () =>
      access(marker).then(
        () => false,
        () => true,
      );
    /** Lets the clock go on only once the fault has struck, so that no deadline ends anything else. */
    const withTime = async <T>(work: Promise<T>): Promise<T> => {
      let ended = false;
      const watched = work.finally(() => (ended = true));
      if (fault.startsWith('hang-')) {
        await expect.poll(async () => ended || (await struck()), { timeout: 20_000 }).toBe(true);
        if (!ended) clock.pass(30_000);
      }
      return watched;
    };
    expect(await withTime(round(host))).toMatch(expected);
    await withTime(host.close());
    expect(await struck()).toBe(true);
    expect(await round(host)).toBe('ok');
    await host.close();
  });
});
