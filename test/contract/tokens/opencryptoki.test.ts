import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTokenHost } from '../../../native/client.ts';
import type { TokenHost } from '../../../native/token-port.ts';
import { lacksNamespaces } from './stacks/namespace.ts';
import { createOpenCryptokiStack } from './stacks/opencryptoki.ts';
import { tokenContract } from './token-contract.ts';
import { logIn, sealPair, type TokenStack, unwrap } from './token-stack.ts';

const lacking = lacksNamespaces();
tokenContract('openCryptoki', createOpenCryptokiStack, lacking);

describe.skipIf(lacking !== undefined)(
  `openCryptoki’s counters${lacking === undefined ? '' : ` (skipped: this machine lacks ${lacking})`}`,
  () => {
    let stack: TokenStack;
    let host: TokenHost;
    beforeAll(async () => {
      stack = await createOpenCryptokiStack();
      host = createTokenHost(stack.modulePath, stack.start());
    });
    afterAll(async () => {
      await host.close();
      await stack.remove();
    });

    it('are told try by try, the last one as locked, and the officer’s PIN sets them back', async () => {
      const tries = [];
      for (const _ of [1, 2, 3, 4]) {
        const { login } = await logIn(host, stack, stack.wrongPin);
        const pin = login.ok ? undefined : login.pin;
        tries.push([login.ok ? 'ok' : login.code, pin?.countLow, pin?.finalTry, pin?.locked]);
      }
      expect(tries).toMatchObject([
        ['pin-incorrect', true, false, false],
        ['pin-incorrect', false, true, false],
        [expect.stringMatching(/pin-(incorrect|locked)/), false, false, true],
        ['pin-locked', false, false, true],
      ]);
      expect((await logIn(host, stack)).login).toMatchObject({ ok: false, code: 'pin-locked' });
      const session = unwrap(await host.openSession(stack.token));
      const fresh = '7777777';
      unwrap(await host.unblock(session.sessionId, 'so', ...(await sealPair(session, stack.soPin, fresh))));
      const { login } = await logIn(host, stack, fresh);
      expect(login).toMatchObject({ ok: true, value: { pin: { locked: false, finalTry: false, countLow: false } } });
    });

    it('are left alone by a change of PIN, which holds', async () => {
      const session = unwrap(await host.openSession(stack.token));
      unwrap(await host.changePin(session.sessionId, ...(await sealPair(session, '7777777', '8888888'))));
      expect((await logIn(host, stack, '8888888')).login.ok).toBe(true);
    });
  },
);
