import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CHALLENGE_MS,
  firstStep,
  type PairingEvent,
  type PairingState,
  type PairingStep,
  reduce,
} from '../../../main/devices/pairing.ts';

const phone = { deviceId: 'phone', name: 'Phone', registeredAt: 1 };
const tablet = { deviceId: 'tablet', name: 'Tablet', registeredAt: 2 };
const challenge = { userId: 'u', baseUrl: 'https://sign.example/api', challenge: 'challenge-1' };
const given: PairingEvent = { kind: 'given', challenge, askedAt: 1000 };

function play(...events: PairingEvent[]): PairingStep {
  return events.reduce<PairingStep>(({ state }, event) => reduce(state, event), firstStep);
}
const shown = [{ kind: 'listed', devices: [phone] } as const, given];

describe('pairing', () => {
  it('reads the devices there are, asks for a challenge, shows it for ten minutes from the asking', () => {
    expect(firstStep.effect).toBe('list');
    expect(play({ kind: 'listed', devices: [phone] })).toMatchObject({ state: { kind: 'asking' }, effect: 'ask' });
    expect(play(...shown)).toMatchObject({
      state: { kind: 'shown', challenge, expiresAt: 1000 + CHALLENGE_MS },
      effect: 'wait',
    });
  });

  it('looks again and again until a device is there that was not', () => {
    expect(play(...shown, { kind: 'waited', now: 3000 })).toMatchObject({ state: { kind: 'shown' }, effect: 'list' });
    expect(play(...shown, { kind: 'listed', devices: [phone] })).toMatchObject({
      state: { kind: 'shown' },
      effect: 'wait',
    });
    expect(play(...shown, { kind: 'listed', devices: [phone, tablet] })).toEqual({
      state: { kind: 'paired', device: tablet },
    });
  });

  it.each([
    ['under another name', { ...phone, name: 'New name' }],
    ['at another time', { ...phone, registeredAt: 9 }],
  ])('takes a known device that registers anew %s for paired', (_name, device) => {
    expect(play(...shown, { kind: 'listed', devices: [device] }).state).toEqual({ kind: 'paired', device });
  });

  it('is no pairing when a device has gone', () => {
    expect(play(...shown, { kind: 'listed', devices: [] })).toMatchObject({ state: { kind: 'shown' }, effect: 'wait' });
  });

  it('expires at its time and not before', () => {
    const end = 1000 + CHALLENGE_MS;
    expect(play(...shown, { kind: 'waited', now: end - 1 }).state.kind).toBe('shown');
    expect(play(...shown, { kind: 'waited', now: end })).toEqual({ state: { kind: 'expired' } });
  });

  it('stays shown through a bad network, says so, and says no more of it when it is over', () => {
    const offline = play(...shown, { kind: 'trouble', code: 'offline' });
    expect(offline).toMatchObject({ state: { kind: 'shown', code: 'offline' }, effect: 'wait' });
    const back = reduce(offline.state, { kind: 'listed', devices: [phone] });
    expect(back.state).not.toHaveProperty('code');
  });

  it.each(['sign-in-expired', 'refused', 'not-found'])('fails for good with %s', (code) => {
    expect(play(...shown, { kind: 'trouble', code })).toEqual({ state: { kind: 'failed', code } });
  });

  it('fails where there is no challenge to be had', () => {
    expect(play({ kind: 'trouble', code: 'offline' })).toEqual({ state: { kind: 'failed', code: 'offline' } });
  });

  const devices = fc.subarray([phone, tablet, { ...phone, name: 'Other' }]);
  const anyEvent: fc.Arbitrary<PairingEvent> = fc.oneof(
    fc.record({ kind: fc.constant('listed' as const), devices }),
    fc.constant(given),
    fc.record({ kind: fc.constant('waited' as const), now: fc.integer({ min: 0, max: 2 * CHALLENGE_MS }) }),
    fc.record({ kind: fc.constant('trouble' as const), code: fc.constantFrom('offline', 'refused') }),
    fc.constant({ kind: 'stop' as const }),
  );
  const isOver = ({ kind }: PairingState) => ['paired', 'expired', 'failed', 'stopped'].includes(kind);

  it('ends once, has no effect after its end, and always either ends or goes on', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 20 }), (events) => {
        let step = firstStep;
        for (const event of events) {
          const next = reduce(step.state, event);
          if (isOver(step.state)) expect(next).toEqual({ state: step.state });
          else if (next.state !== step.state) expect(isOver(next.state) || next.effect !== undefined).toBe(true);
          step = next;
        }
      }),
    );
  });
});
