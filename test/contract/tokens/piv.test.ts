/** What only a real reader shows: a card pulled, swapped, mute or failing, a reader service that dies, PIN tries and the PUK. */
import { verify } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createTokenHost } from '../../../native/client.ts';
import type { TokenHost } from '../../../native/token-port.ts';
import { type ManualClock, manualClock } from '../../unit/native/manual-clock.ts';
import { lacksNamespaces } from './stacks/namespace.ts';
import { createPivStack, type PivStack } from './stacks/piv.ts';
import { tokenContract } from './token-contract.ts';
import { logIn, sealPair, spyOn, unwrap } from './token-stack.ts';

const lacking = lacksNamespaces();
const message = Buffer.from('signed attributes');
const rsa = { keyId: '01', scheme: 'rsa-pkcs1-sha256' } as const;
const ec = { keyId: '02', scheme: 'ecdsa-sha256' } as const;

tokenContract('a PIV card through PC/SC and OpenSC', createPivStack, lacking);

describe.skipIf(lacking !== undefined)(
  `a card in a reader${lacking === undefined ? '' : ` (skipped: this machine lacks ${lacking})`}`,
  () => {
    let stack: PivStack;
    const hosts: TokenHost[] = [];
    const open = (start = stack.start(), clock?: ManualClock) => {
      const host = createTokenHost(stack.modulePath, start, clock ? { clock } : {});
      hosts.push(host);
      return host;
    };

    beforeAll(async () => {
      stack = await createPivStack();
    });
    afterEach(async () => {
      await Promise.all(hosts.splice(0).map((host) => host.close()));
      await stack.card({ kind: 'faults', faults: { mute: false, signDelayMs: 0, failSigns: 0 } });
      await stack.put();
    });
    afterAll(() => stack.remove());

    const present = async (host: TokenHost) => {
      const listed = await host.list();
      return listed.ok ? listed.value.length : listed.code;
    };

    it('logs in once for a batch, and once more for each signature of the key that asks for it', async () => {
      const host = open();
      const before = (await stack.card({ kind: 'status' })).verifications;
      const { sessionId } = await logIn(host, stack);
      for (const key of [rsa, rsa, ec, ec, ec]) {
        const name = key === rsa ? 'rsa' : 'ec';
        const signature = unwrap(await host.sign(sessionId, key, message));
        expect(verify('sha256', message, stack.publicKeys[name], signature)).toBe(true);
      }
      const { verifications } = await stack.card({ kind: 'status' });
      expect(verifications - before).toBe(4);
    });

    it('is told as removed when it is pulled between two signatures; back in, it is there again and wants its PIN', async () => {
      const host = open();
      const { sessionId } = await logIn(host, stack);
      unwrap(await host.sign(sessionId, rsa, message));
      await stack.pull();
      const removed = await host.sign(sessionId, rsa, message);
      expect(removed).toMatchObject({ ok: false, code: expect.stringMatching(/^token-(removed|absent)$/) });
      expect(await host.sign(sessionId, rsa, message)).toMatchObject({ ok: false, code: 'login-required' });
      await expect.poll(() => present(host), { timeout: 10_000 }).toBe(0);
      await stack.card({ kind: 'insert' });
      await expect.poll(() => present(host), { timeout: 10_000 }).toBe(1);
      const again = await logIn(host, stack);
      unwrap(await host.sign(again.sessionId, rsa, message));
    });

    it('is told as removed when it is pulled during a signature', async () => {
      const host = open();
      const { sessionId } = await logIn(host, stack);
      await stack.card({ kind: 'faults', faults: { signDelayMs: 60_000 } });
      const { begun } = await stack.card({ kind: 'status' });
      const signature = host.sign(sessionId, rsa, message);
      await expect.poll(async () => (await stack.card({ kind: 'status' })).begun, { timeout: 10_000 }).toBe(begun + 1);
      await stack.card({ kind: 'eject' });
      // OpenSC answers CKR_GENERAL_ERROR until the reader service has seen the card go.
      const code = expect.stringMatching(/^(token-removed|token-absent|device-error|function-failed)$/);
      expect(await signature).toMatchObject({ ok: false, code });
      await stack.pull();
      const next = expect.stringMatching(/^(token-removed|token-absent|login-required)$/);
      expect(await host.sign(sessionId, rsa, message)).toMatchObject({ ok: false, code: next });
      await stack.card({ kind: 'faults', faults: { signDelayMs: 0 } });
      await stack.card({ kind: 'insert' });
      await expect.poll(() => present(host), { timeout: 10_000 }).toBe(1);
    });

    it('keeps the login over a signature that failed, and says that the PIN is not the reason', async () => {
      const host = open();
      const { sessionId } = await logIn(host, stack);
      await stack.card({ kind: 'faults', faults: { failSigns: 9 } });
      const failed = await host.sign(sessionId, rsa, message);
      expect(failed).toMatchObject({ ok: false, code: expect.stringMatching(/^(function-failed|device-error)$/) });
      await stack.card({ kind: 'faults', faults: { failSigns: 0 } });
      unwrap(await host.sign(sessionId, rsa, message));
    });

    it('that stays mute is a module that hangs: killed at its deadline, and with the card well again all goes on', async () => {
      const clock = manualClock();
      const spied = spyOn(stack.start());
      const host = open(spied.start, clock);
      const { sessionId } = await logIn(host, stack);
      await stack.card({ kind: 'faults', faults: { mute: true } });
      const signature = host.sign(sessionId, rsa, message);
      clock.pass(30_000);
      expect(await signature).toEqual({ ok: false, code: 'module-hung' });
      await stack.card({ kind: 'faults', faults: { mute: false } });
      await stack.restartReaderService();
      const next = open();
      await expect.poll(() => present(next), { timeout: 10_000 }).toBe(1);
      unwrap(await next.sign((await logIn(next, stack)).sessionId, rsa, message));
    });

    it('comes back after its reader service died, in a fresh process', async () => {
      const host = open();
      const { sessionId } = await logIn(host, stack);
      await stack.restartReaderService();
      expect((await host.sign(sessionId, rsa, message)).ok).toBe(false);
      await host.close();
      await expect.poll(() => present(host), { timeout: 10_000 }).toBe(1);
      unwrap(await host.sign((await logIn(host, stack)).sessionId, rsa, message));
    });

    it('uses one try for each wrong PIN, is told locked, and its PUK gives it a new one', async () => {
      const host = open();
      const codes = [];
      for (const left of [2, 1, 0]) {
        const { login } = await logIn(host, stack, stack.wrongPin);
        codes.push(login.ok ? 'ok' : login.code);
        expect((await stack.card({ kind: 'status' })).pinTries).toBe(left);
      }
      expect(codes.slice(0, 2)).toEqual(['pin-incorrect', 'pin-incorrect']);
      expect(codes[2]).toMatch(/^pin-(incorrect|locked)$/);
      expect((await logIn(host, stack)).login).toMatchObject({ ok: false, code: 'pin-locked' });
      expect(unwrap(await host.list())[0]?.pin.locked).toBe(true);
      const session = unwrap(await host.openSession(stack.token));
      unwrap(await host.unblock(session.sessionId, 'user-puk', ...(await sealPair(session, stack.puk, '112233'))));
      expect((await stack.card({ kind: 'status' })).pinTries).toBe(3);
      const { sessionId, login } = await logIn(host, stack, '112233');
      expect(login.ok).toBe(true);
      unwrap(await host.sign(sessionId, rsa, message));
    });

    it('changes its PIN', async () => {
      const host = open();
      const session = unwrap(await host.openSession(stack.token));
      unwrap(await host.changePin(session.sessionId, ...(await sealPair(session, '112233', stack.pin))));
      expect((await logIn(host, stack)).login.ok).toBe(true);
    });
  },
);
