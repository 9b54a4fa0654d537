import { describe, expect, it } from 'vitest';
import { createPresence } from '../../../main/sync/presence.ts';
import { createReads } from '../../../main/sync/reads.ts';

function present() {
  const told: boolean[] = [];
  const clock = { at: 100, now: () => clock.at };
  return { told, clock, presence: createPresence(clock, (online) => told.push(online)) };
}

describe('being online', () => {
  it('ends when the last provider cannot be reached, and says since when', () => {
    const { presence, told, clock } = present();
    presence.reached('a');
    presence.met('b', 'offline');
    expect(presence.online).toBe(true);
    presence.met('a', 'offline');
    clock.at = 200;
    presence.met('b', 'offline');
    expect([presence.online, presence.offlineSince, told]).toEqual([false, 100, [false]]);
    presence.reached('b');
    expect([presence.online, presence.offlineSince, told]).toEqual([true, undefined, [false, true]]);
  });

  it.each(['server-error', 'rate-limited', 'sign-in-expired', 'bad-response'])('is seen by an answer of %s', (code) => {
    const { presence } = present();
    presence.met('a', 'offline');
    presence.met('a', code);
    expect(presence.online).toBe(true);
  });

  it.each(['cancelled', 'internal', 'disk-full', 'not-seen'])('is not judged by %s', (code) => {
    const { presence } = present();
    presence.met('a', 'offline');
    presence.met('a', code);
    expect(presence.online).toBe(false);
  });
});

describe('readings', () => {
  it('are outdated once one that began later is stored', () => {
    const reads = createReads();
    const [first, second] = [reads.begin(), reads.begin()];
    expect(reads.isOutdated('t', first)).toBe(false);
    reads.stored('t', second);
    expect([reads.isOutdated('t', first), reads.isOutdated('t', second), reads.isOutdated('u', first)]).toEqual([
      true,
      false,
      false,
    ]);
    reads.stored('t', first);
    expect(reads.isOutdated('t', first)).toBe(true);
  });
});
