import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHostService } from '../../../native/host-service.ts';
import type { HostAnswer } from '../../../native/protocol.ts';

/** Without a module: everything that needs one answers that it is missing. */
function openService() {
  const answers: HostAnswer[] = [];
  const closed = Promise.withResolvers<void>();
  const service = createHostService(
    { path: '/nowhere/module.so' },
    (made) => answers.push(...[made].flat()),
    closed.resolve,
  );
  const finish = async () => {
    service.close();
    await closed.promise;
    return answers;
  };
  return { service, answers, finish };
}

const sealedPin = {
  ephemeralPublicKey: new Uint8Array(65),
  nonce: new Uint8Array(12),
  ciphertext: new Uint8Array(22),
};
const sign = { call: 'sign', sessionId: 's', keyId: '01', scheme: 'rsa-pkcs1-sha256', data: new Uint8Array(3) };

describe('what a token host is asked', () => {
  it.each([
    ['an unknown call', { call: 'reveal-pin' }],
    ['a token without a serial', { call: 'open-session', token: { manufacturerId: 'x' } }],
    ['a PIN in clear', { call: 'login', sessionId: 's', sealedPin: '123456' }],
    ['a seal without its nonce', { call: 'login', sessionId: 's', sealedPin: { ...sealedPin, nonce: undefined } }],
    ['a login in no session', { call: 'login', sealedPin }],
    ['an unknown scheme', { ...sign, scheme: 'rsa-pkcs1-md5' }],
    ['text to sign', { ...sign, data: 'text' }],
    ['more than a megabyte to sign', { ...sign, data: new Uint8Array((1 << 20) + 1) }],
  ])('is refused where it is %s', async (_, request) => {
    const { service, finish } = openService();
    service.receive({ id: 7, ...request });
    expect(await finish()).toEqual([{ id: 7, ok: false, code: 'bad-request' }]);
  });

  it('gets no answer where it has no number to answer to', async () => {
    const { service, finish } = openService();
    for (const message of [undefined, null, 'list', 5, [], {}, { id: '1', call: 'list' }, { id: -1, call: 'list' }]) {
      service.receive(message);
    }
    expect(await finish()).toEqual([]);
  });

  it('never breaks the host, whatever it is', async () => {
    const { service, answers, finish } = openService();
    const anyRequest = fc.record(
      {
        id: fc.oneof(fc.nat(), fc.anything()),
        call: fc.oneof(fc.constantFrom('list', 'open-session', 'login', 'sign', 'cancel'), fc.anything()),
        sessionId: fc.anything(),
        keyId: fc.anything(),
        data: fc.anything(),
        token: fc.anything(),
        target: fc.anything(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(anyRequest, fc.anything()), (message) => service.receive(message)),
      { seed: 11, numRuns: 500 },
    );
    await finish();
    expect(answers.length).toBeGreaterThan(0);
    expect(answers.every((answer) => !answer.ok)).toBe(true);
  });

  it('is answered one after the other, with what keeps the module from loading', async () => {
    const { service, answers } = openService();
    service.receive({ id: 1, call: 'list' });
    service.receive({ id: 2, call: 'open-session', token: { manufacturerId: 'x', serialNumber: 'y' } });
    await expect.poll(() => answers.length).toBe(2);
    expect(answers).toEqual([
      { id: 1, ok: false, code: 'module-missing' },
      { id: 2, ok: false, code: 'module-missing' },
    ]);
  });

  it('is taken back before it begins, not after', async () => {
    const { service, answers } = openService();
    service.receive({ id: 1, call: 'list' });
    service.receive({ id: 2, call: 'list' });
    service.receive({ id: 3, call: 'cancel', target: 2 });
    service.receive({ id: 4, call: 'cancel', target: 1 });
    await expect.poll(() => answers.length).toBe(2);
    expect(answers).toEqual([
      { id: 2, ok: false, code: 'cancelled' },
      { id: 1, ok: false, code: 'module-missing' },
    ]);
  });

  it('is dropped where it waits when the host closes', async () => {
    const { service, finish } = openService();
    service.receive({ id: 1, call: 'list' });
    service.receive({ id: 2, call: 'list' });
    expect(await finish()).toEqual([
      { id: 2, ok: false, code: 'cancelled' },
      { id: 1, ok: false, code: 'module-missing' },
    ]);
  });
});
