import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPinKey, newPinContext } from '../../../native/sealed-pin.ts';
import { newPinContext as sealingContext, sealPin } from '../../../preload/seal-pin.ts';

const session = 'session-1';
const bytes = (text: string) => new Uint8Array(new TextEncoder().encode(text));
const unreadable = expect.objectContaining({ code: 'pin-unreadable' });

describe('a sealed PIN', () => {
  it.each(['1', '123456', 'kluss-Ūdens-738154', '🗝️'.repeat(20)])('opens to what was sealed: %s', async (pin) => {
    const key = createPinKey();
    const sealed = await sealPin(key.publicKey, session, bytes(pin));
    expect(key.open(session, sealed).toString('utf8')).toBe(pin);
  });

  it('opens once only', async () => {
    const key = createPinKey();
    const sealed = await sealPin(key.publicKey, session, bytes('123456'));
    key.open(session, sealed);
    expect(() => key.open(session, sealed)).toThrow(unreadable);
  });

  it('opens beside the new PIN of the same session, and neither in place of the other', async () => {
    const key = createPinKey();
    const old = await sealPin(key.publicKey, session, bytes('123456'));
    const fresh = await sealPin(key.publicKey, sealingContext(session), bytes('654321'));
    expect(key.open(session, old).toString()).toBe('123456');
    expect(key.open(newPinContext(session), fresh).toString()).toBe('654321');
    const other = createPinKey();
    const swapped = await sealPin(other.publicKey, session, bytes('123456'));
    expect(() => other.open(newPinContext(session), swapped)).toThrow(unreadable);
  });

  it('does not open in another session', async () => {
    const key = createPinKey();
    const sealed = await sealPin(key.publicKey, session, bytes('123456'));
    expect(() => key.open('session-2', sealed)).toThrow(unreadable);
  });

  it('does not open with another key', async () => {
    const sealed = await sealPin(createPinKey().publicKey, session, bytes('123456'));
    expect(() => createPinKey().open(session, sealed)).toThrow(unreadable);
  });

  it('does not hold the PIN in clear', async () => {
    const sealed = await sealPin(createPinKey().publicKey, session, bytes('123456789'));
    expect(Buffer.from(sealed.ciphertext).includes('123456789')).toBe(false);
  });
});

describe('a hostile seal', () => {
  it('does not open with any bit changed', async () => {
    const parts = ['ephemeralPublicKey', 'nonce', 'ciphertext'] as const;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...parts), fc.nat(), fc.integer({ min: 0, max: 7 }), async (part, at, bit) => {
        const key = createPinKey();
        const sealed = await sealPin(key.publicKey, session, bytes('123456'));
        const changed = new Uint8Array(sealed[part]);
        const index = at % changed.length;
        changed[index] = (changed[index] ?? 0) ^ (1 << bit);
        expect(() => key.open(session, { ...sealed, [part]: changed })).toThrow(unreadable);
      }),
      { seed: 5869, numRuns: 120 },
    );
  });

  it.each([
    ['no ephemeral key', { ephemeralPublicKey: new Uint8Array() }],
    ['a compressed point', { ephemeralPublicKey: new Uint8Array([2, ...new Uint8Array(32).fill(7)]) }],
    ['a point off the curve', { ephemeralPublicKey: new Uint8Array([4, ...new Uint8Array(64).fill(7)]) }],
    ['the point at infinity', { ephemeralPublicKey: new Uint8Array(65) }],
    ['no nonce', { nonce: new Uint8Array() }],
    ['a nonce of 16 bytes', { nonce: new Uint8Array(16) }],
    ['a ciphertext shorter than its tag', { ciphertext: new Uint8Array(15) }],
    ['no ciphertext', { ciphertext: new Uint8Array() }],
  ])('is refused with %s', async (_, change) => {
    const key = createPinKey();
    const sealed = await sealPin(key.publicKey, session, bytes('123456'));
    expect(() => key.open(session, { ...sealed, ...change })).toThrow(unreadable);
  });
});
