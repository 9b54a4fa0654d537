/** What every token stack must do behind a token host; run once per stack. */
import { constants, verify } from 'node:crypto';
import { serialize } from 'node:v8';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createTokenHost } from '../../../native/client.ts';
import type { SignatureScheme, TokenHost } from '../../../native/token-port.ts';
import { type KeyName, logIn, seal, spyOn, type TokenStack, unwrap } from './token-stack.ts';

/** @param lacking what this machine lacks for the stack: the tests are then skipped and say so */
export function tokenContract(name: string, createStack: () => Promise<TokenStack>, lacking?: string): void {
  const title = lacking === undefined ? name : `${name} (skipped: this machine lacks ${lacking})`;
  describe.skipIf(lacking !== undefined)(`token host over ${title}`, () => {
    let stack: TokenStack;
    const hosts: TokenHost[] = [];
    const open = (start = stack.start()) => {
      const host = createTokenHost(
        stack.modulePath,
        start,
        stack.parameters === undefined ? {} : { parameters: stack.parameters },
      );
      hosts.push(host);
      return host;
    };

    /** EC where the token does it: so many signatures are quicker. */
    const usualKey = () =>
      stack.traits.schemes.includes('ecdsa-sha256')
        ? ({ name: 'ec', keyId: stack.keys.ec, scheme: 'ecdsa-sha256' } as const)
        : ({ name: 'rsa', keyId: stack.keys.rsa, scheme: 'rsa-pkcs1-sha256' } as const);

    beforeAll(async () => {
      stack = await createStack();
    });
    afterEach(() => Promise.all(hosts.splice(0).map((host) => host.close())));
    afterAll(() => stack.remove());

    describe('listing', () => {
      it('shows the token with its keys and the issuer it carries', async () => {
        const host = open();
        const tokens = unwrap(await host.list());
        expect(tokens).toHaveLength(1 + stack.traits.otherTokens);
        const shown = tokens.find(({ label }) => label === stack.token.label);
        expect(shown).toMatchObject({
          manufacturerId: stack.token.manufacturerId,
          serialNumber: stack.token.serialNumber,
          pin: { loginRequired: true, locked: false, protectedAuthenticationPath: false },
        });
        if (stack.traits.listed === 'after-login') {
          expect(shown?.keys).toEqual([]);
          expect((await logIn(host, stack)).login.ok).toBe(true);
        }
        const token = unwrap(await host.list()).find(({ label }) => label === stack.token.label);
        const keys = token?.keys.map(({ keyId, keyType, certificate }) => [keyType, keyId, Buffer.from(certificate)]);
        const certificateOf = (name: string) => Buffer.from(stack.pki.signers.get(name)?.certificate ?? []);
        const expected: readonly [KeyName, string, Buffer][] = [
          ['rsa', stack.keys.rsa, certificateOf('anna')],
          ['ec', stack.keys.ec, certificateOf('ben')],
        ];
        const held = stack.traits.holds ?? ['rsa', 'ec'];
        expect(keys?.toSorted((x, y) => String(y[0]).localeCompare(String(x[0])))).toEqual(
          expected.filter(([name]) => held.includes(name)),
        );
        expect(token?.otherCertificates.map((der) => Buffer.from(der))).toEqual(
          stack.traits.carriesIssuer ? [Buffer.from(stack.pki.issuing.certificate)] : [],
        );
      });

      it('answers several listings at once', async () => {
        const host = open();
        const listings = await Promise.all([host.list(), host.list(), host.list()]);
        expect(listings.map((listing) => unwrap(listing).length)).toEqual(
          listings.map(() => 1 + stack.traits.otherTokens),
        );
      });
    });

    describe('login', () => {
      it('refuses a wrong PIN with the flags as they are after it, and takes the right one in a new session', async () => {
        const host = open();
        const wrong = await logIn(host, stack, stack.wrongPin);
        expect(wrong.login).toMatchObject({ ok: false, code: 'pin-incorrect' });
        expect(wrong.login.ok ? undefined : wrong.login.pin).toMatchObject(stack.traits.afterWrongPin);
        const after = await host.sign(
          wrong.sessionId,
          { keyId: stack.keys.rsa, scheme: 'rsa-pkcs1-sha256' },
          new Uint8Array(3),
        );
        expect(after).toMatchObject({ ok: false, code: 'login-required' });
        expect((await logIn(host, stack)).login).toMatchObject({ ok: true, value: { pin: { locked: false } } });
      });

      it('does not send a PIN again, not even the right one, in a session that has had its try', async () => {
        const host = open();
        const session = unwrap(await host.openSession(stack.token));
        await host.login(session.sessionId, await seal(session, stack.wrongPin));
        const again = await host.login(session.sessionId, await seal(session, stack.pin));
        expect(again).toMatchObject({ ok: false, code: 'pin-unreadable' });
        expect((await logIn(host, stack)).login.ok).toBe(true);
      });

      it('checks a wrong PIN although another session of the process is logged in', async () => {
        const host = open();
        expect((await logIn(host, stack)).login.ok).toBe(true);
        expect((await logIn(host, stack, stack.wrongPin)).login).toMatchObject({ ok: false, code: 'pin-incorrect' });
        expect((await logIn(host, stack)).login.ok).toBe(true);
      });

      it('rejects a PIN whose length the token states not to take, before the token sees it', async () => {
        const host = open();
        expect((await logIn(host, stack)).login.ok).toBe(true);
        const pins = [
          '',
          'a'.repeat(256),
          ...(stack.traits.tooShortPin === undefined ? [] : [stack.traits.tooShortPin]),
        ];
        for (const pin of pins) {
          expect((await logIn(host, stack, pin)).login).toMatchObject({ ok: false, code: 'pin-length' });
        }
        const token = unwrap(await host.list()).find(({ label }) => label === stack.token.label);
        expect(token?.pin).toMatchObject({ countLow: false, locked: false });
      });

      it('cannot read a PIN sealed for another session', async () => {
        const host = open();
        const one = unwrap(await host.openSession(stack.token));
        const two = unwrap(await host.openSession(stack.token));
        const sealed = await seal({ sessionId: one.sessionId, publicKey: two.publicKey }, stack.pin);
        expect(await host.login(two.sessionId, sealed)).toMatchObject({ ok: false, code: 'pin-unreadable' });
        const forOne = await seal(one, stack.pin);
        const three = unwrap(await host.openSession(stack.token));
        expect(await host.login(three.sessionId, forOne)).toMatchObject({ ok: false, code: 'pin-unreadable' });
      });

      it('asks for a PIN where none was given', async () => {
        const host = open();
        const session = unwrap(await host.openSession(stack.token));
        expect(await host.login(session.sessionId, undefined)).toMatchObject({ ok: false, code: 'login-required' });
      });

      it('finds no token by another serial', async () => {
        const token = { ...stack.token, serialNumber: 'elsewhere' };
        expect(await open().openSession(token)).toMatchObject({ ok: false, code: 'token-absent' });
      });
    });

    describe('signing', () => {
      const message = Buffer.from('signed attributes, whatever their length '.repeat(7));
      const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
      const cases: readonly [SignatureScheme, KeyName, string, object][] = [
        ['rsa-pkcs1-sha256', 'rsa', 'sha256', {}],
        ['rsa-pkcs1-sha384', 'rsa', 'sha384', {}],
        ['rsa-pkcs1-sha512', 'rsa', 'sha512', {}],
        ['rsa-pss-sha256', 'rsa', 'sha256', pss],
        ['rsa-pss-sha384', 'rsa', 'sha384', pss],
        ['rsa-pss-sha512', 'rsa', 'sha512', pss],
        ['ecdsa-sha256', 'ec', 'sha256', { dsaEncoding: 'der' }],
        ['ecdsa-sha384', 'ec', 'sha384', { dsaEncoding: 'der' }],
      ];

      it('signs by every scheme it has so that another implementation verifies it, and says which it has not', async () => {
        const host = open();
        const { sessionId } = await logIn(host, stack);
        for (const [scheme, name, hash, how] of cases) {
          if (!(stack.traits.holds ?? [name]).includes(name)) continue;
          const signed = await host.sign(sessionId, { keyId: stack.keys[name], scheme }, message);
          if (!stack.traits.schemes.includes(scheme)) {
            expect([scheme, signed]).toMatchObject([scheme, { ok: false, code: 'mechanism-unsupported' }]);
            continue;
          }
          const key = { key: stack.publicKeys[name], ...how };
          expect([scheme, signed.ok, verify(hash, message, key, unwrap(signed))]).toEqual([scheme, true, true]);
          expect(verify(hash, Buffer.from('something else'), key, unwrap(signed))).toBe(false);
        }
      });

      it('answers many signatures under way each with its own', async () => {
        const host = open();
        const { sessionId } = await logIn(host, stack);
        const messages = Array.from({ length: 40 }, (_, index) => Buffer.from(`message ${index}`));
        const { name, ...key } = usualKey();
        const results = await Promise.all(messages.map((text) => host.sign(sessionId, key, text)));
        const verified = results.map((result, index) =>
          verify('sha256', messages[index] ?? Buffer.alloc(0), stack.publicKeys[name], unwrap(result)),
        );
        expect(verified).toEqual(messages.map(() => true));
      });

      it('takes back what has not begun when its signal is aborted', async () => {
        const host = open();
        const { sessionId } = await logIn(host, stack);
        const key = { keyId: stack.keys.rsa, scheme: 'rsa-pkcs1-sha256' } as const;
        const abort = new AbortController();
        const kept = Array.from({ length: 30 }, () => host.sign(sessionId, key, message));
        const dropped = host.sign(sessionId, key, message, abort.signal);
        abort.abort();
        expect(await dropped).toMatchObject({ ok: false, code: 'cancelled' });
        expect((await Promise.all(kept)).every((result) => result.ok)).toBe(true);
      });

      it.each([
        ['a key that is not there', () => '7f'],
        ['a key of another type', () => stack.keys.ec],
      ])('says key-absent for %s and signs on', async (_, keyId) => {
        const host = open();
        const { sessionId } = await logIn(host, stack);
        const key = { keyId: keyId(), scheme: 'rsa-pkcs1-sha256' } as const;
        expect(await host.sign(sessionId, key, message)).toMatchObject({ ok: false, code: 'key-absent' });
        const { name: _name, ...right } = usualKey();
        expect((await host.sign(sessionId, right, message)).ok).toBe(true);
      });

      it('does not sign before the login', async () => {
        const host = open();
        const { sessionId } = unwrap(await host.openSession(stack.token));
        const answer = await host.sign(sessionId, { keyId: stack.keys.rsa, scheme: 'rsa-pkcs1-sha256' }, message);
        expect(answer).toMatchObject({ ok: false, code: 'login-required' });
      });
    });

    it('answers what is under way with module-crashed when the process is killed, and recovers', async () => {
      const spied = spyOn(stack.start());
      const host = open(spied.start);
      const { sessionId } = await logIn(host, stack);
      const key = { keyId: stack.keys.rsa, scheme: 'rsa-pkcs1-sha256' } as const;
      const signatures = Array.from({ length: 200 }, () => host.sign(sessionId, key, Buffer.from('x')));
      await signatures[0];
      spied.processes[0]?.kill();
      const results = await Promise.all(signatures);
      expect(results.filter((result) => !result.ok && result.code !== 'module-crashed')).toEqual([]);
      expect(results.at(-1)).toMatchObject({ ok: false, code: 'module-crashed' });
      expect(await host.sign(sessionId, key, Buffer.from('x'))).toMatchObject({ ok: false, code: 'login-required' });
      const again = await logIn(host, stack);
      expect((await host.sign(again.sessionId, key, Buffer.from('x'))).ok).toBe(true);
      expect(spied.processes).toHaveLength(2);
    });

    it('ends the process when it is closed, and starts another for the next call', async () => {
      const spied = spyOn(stack.start());
      const host = open(spied.start);
      const { sessionId } = await logIn(host, stack);
      const exit = new Promise((resolve) => spied.processes[0]?.onExit(resolve));
      await host.close();
      expect(await exit).toEqual({ code: 0, signal: null });
      const key = { keyId: stack.keys.rsa, scheme: 'rsa-pkcs1-sha256' } as const;
      expect(await host.sign(sessionId, key, Buffer.from('x'))).toMatchObject({ ok: false, code: 'login-required' });
      expect(spied.processes).toHaveLength(2);
    });

    it('has the PIN in no message in either direction', async () => {
      const spied = spyOn(stack.start());
      const host = open(spied.start);
      await host.list();
      await logIn(host, stack, stack.wrongPin);
      const { sessionId } = await logIn(host, stack);
      await host.sign(sessionId, { keyId: stack.keys.rsa, scheme: 'rsa-pkcs1-sha256' }, Buffer.from('x'));
      await host.close();
      expect(spied.messages.length).toBeGreaterThan(12);
      const wire = Buffer.concat(spied.messages.map((message) => serialize(message)));
      expect(wire.includes(Buffer.from(stack.token.serialNumber))).toBe(true);
      for (const pin of [stack.pin, stack.wrongPin]) {
        for (const encoding of ['utf8', 'latin1', 'utf16le', 'base64', 'hex'] as const) {
          const text = encoding === 'base64' || encoding === 'hex' ? Buffer.from(pin).toString(encoding) : pin;
          const needle = encoding === 'base64' || encoding === 'hex' ? Buffer.from(text) : Buffer.from(pin, encoding);
          expect(wire.includes(needle)).toBe(false);
        }
      }
    });
  });
}
