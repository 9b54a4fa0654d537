import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTokenHost } from '../../../native/client.ts';
import type { TokenHost } from '../../../native/token-port.ts';
import { createTpmStack, lacksTpm, type TpmStack } from './stacks/tpm2.ts';
import { tokenContract } from './token-contract.ts';
import { logIn } from './token-stack.ts';

const lacking = lacksTpm();
tokenContract('tpm2-pkcs11 over swtpm', createTpmStack, lacking);

describe.skipIf(lacking !== undefined)(`a TPM’s lock-out (${lacking ?? 'swtpm'})`, () => {
  let stack: TpmStack;
  let host: TokenHost;
  beforeAll(async () => {
    stack = await createTpmStack();
    host = createTokenHost(stack.modulePath, stack.start());
  });
  afterAll(async () => {
    await host.close();
    await stack.remove();
  });

  it('comes with no flag before it: each wrong PIN is one try, the lock is told as a lock', async () => {
    await stack.lockAfter(3);
    const codes: string[] = [];
    const flags: unknown[] = [];
    for (let tries = 0; tries < 5 && codes.at(-1) !== 'pin-locked'; tries++) {
      const { login } = await logIn(host, stack, stack.wrongPin);
      codes.push(login.ok ? 'ok' : login.code);
      flags.push(login.ok ? undefined : login.pin?.finalTry);
    }
    expect(codes.slice(0, 2)).toEqual(['pin-incorrect', 'pin-incorrect']);
    expect(codes.at(-1)).toBe('pin-locked');
    expect(flags).not.toContain(true);
    expect((await logIn(host, stack)).login).toMatchObject({ ok: false, code: 'pin-locked' });
  });
});
