import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DeliveryEvent, type DeliveryState, LONGEST_WAIT_MS, reduce } from '../../../main/sync/outbox-machine.ts';

const now = 1_000_000;
const trouble = (code: string, outcomeUnknown = false, more: { retryAfterMs?: number; random?: number } = {}) =>
  ({ kind: 'trouble', code, outcomeUnknown, now, random: 1, ...more }) satisfies DeliveryEvent;
const notApplied: DeliveryEvent = { kind: 'not-applied', now, random: 1 };
const pending: DeliveryState = { kind: 'pending', attempts: 0 };
const unknown: DeliveryState = { kind: 'unknown', attempts: 2 };
const sending: DeliveryState = { kind: 'sending', attempts: 0 };
const sent: DeliveryState = { kind: 'sent', attempts: 0 };

describe('a delivery', () => {
  it.each<[DeliveryState, DeliveryEvent, DeliveryState, string | undefined]>([
    [pending, { kind: 'due' }, pending, 'observe'],
    [unknown, { kind: 'due' }, unknown, 'observe'],
    [sending, { kind: 'due' }, { kind: 'unknown', attempts: 0 }, 'observe'],
    [pending, notApplied, sending, 'send'],
    [unknown, notApplied, { kind: 'sending', attempts: 2 }, 'send'],
    [sending, { kind: 'sent' }, sent, 'observe'],
    [sent, { kind: 'applied' }, sent, 'confirm'],
    [pending, { kind: 'applied' }, pending, 'confirm'],
    [sent, { kind: 'confirmed' }, { kind: 'confirmed' }, undefined],
    [pending, { kind: 'conflict', code: 'deleted' }, { kind: 'parked', attempts: 0, code: 'deleted' }, undefined],
    [sent, { kind: 'conflict', code: 'deleted' }, { kind: 'parked', attempts: 0, code: 'deleted' }, undefined],
    [pending, { kind: 'unreadable', code: 'damaged' }, { kind: 'failed', attempts: 0, code: 'damaged' }, undefined],
    [sending, trouble('refused'), { kind: 'failed', attempts: 0, code: 'refused' }, undefined],
    [sending, trouble('not-found'), { kind: 'parked', attempts: 0, code: 'not-found' }, undefined],
    [sending, trouble('stale'), { kind: 'pending', attempts: 1, code: 'stale' }, 'observe'],
    [sending, trouble('cancelled', true), { kind: 'unknown', attempts: 0 }, undefined],
    [pending, trouble('cancelled', true), pending, undefined],
    [pending, trouble('sign-in-expired'), { kind: 'pending', attempts: 0, code: 'sign-in-expired' }, undefined],
    [unknown, trouble('sign-in-expired'), { kind: 'unknown', attempts: 2, code: 'sign-in-expired' }, undefined],
  ])('%j on %j is %j', (state, event, next, effect) => {
    expect(reduce(state, event)).toEqual({ state: next, ...(effect === undefined ? {} : { effect }) });
  });

  it.each<[string, DeliveryState, DeliveryEvent, string]>([
    ['a refused connection', sending, trouble('offline'), 'pending'],
    ['a lost answer', sending, trouble('offline', true), 'unknown'],
    ['a server error after the request', sending, trouble('server-error', true), 'unknown'],
    ['a refusal nobody can be sure of', sending, trouble('refused', true), 'unknown'],
    ['any trouble once it was taken', sent, trouble('offline'), 'unknown'],
    ['not being seen once it was taken', sent, notApplied, 'unknown'],
    ['trouble while looking', pending, trouble('offline', true), 'pending'],
    ['trouble while looking again', unknown, trouble('offline'), 'unknown'],
  ])('waits as it must after %s', (_name, state, event, kind) => {
    const { state: next, effect } = reduce(state, event);
    expect(next).toMatchObject({ kind, retryAt: expect.any(Number) });
    expect(effect).toBeUndefined();
  });

  it('waits longer each time, within bounds, with jitter, and as long as the server asks', () => {
    const wait = (attempts: number, more = {}) => {
      const { state } = reduce({ kind: 'pending', attempts }, trouble('offline', false, more));
      return state.kind === 'pending' && state.retryAt !== undefined ? state.retryAt - now : Number.NaN;
    };
    expect([0, 1, 2, 20].map((attempts) => wait(attempts))).toEqual([2000, 4000, 8000, 600_000]);
    expect(wait(1, { random: 0 })).toBe(2000);
    expect(wait(0, { retryAfterMs: 30_000 })).toBe(30_000);
    expect(wait(5, { retryAfterMs: 1 })).toBe(64_000);
    expect(wait(0, { retryAfterMs: 10 * LONGEST_WAIT_MS })).toBe(LONGEST_WAIT_MS);
  });

  it('never sends but after looking, and never leaves an end', () => {
    const event: fc.Arbitrary<DeliveryEvent> = fc.oneof(
      fc.constantFrom<DeliveryEvent[]>(
        { kind: 'due' },
        notApplied,
        { kind: 'applied' },
        { kind: 'conflict', code: 'deleted' },
        { kind: 'sent' },
        { kind: 'confirmed' },
      ),
      fc
        .record({
          code: fc.constantFrom('offline', 'stale', 'refused', 'cancelled', 'internal'),
          outcomeUnknown: fc.boolean(),
        })
        .map(({ code, outcomeUnknown }) => trouble(code, outcomeUnknown)),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        let state: DeliveryState = pending;
        for (const each of events) {
          const step = reduce(state, each);
          if (step.effect === 'send') {
            expect(each.kind).toBe('not-applied');
            expect(step.state.kind).toBe('sending');
          }
          if (state.kind === 'sending' && each.kind === 'trouble' && each.outcomeUnknown) {
            expect(step.state.kind).toBe('unknown');
          }
          if (['confirmed', 'parked', 'failed'].includes(state.kind)) expect(step.state).toBe(state);
          state = step.state;
        }
      }),
      { numRuns: 500, seed: 4714 },
    );
  });
});
