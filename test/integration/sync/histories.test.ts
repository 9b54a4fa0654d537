import { describe, expect, it } from 'vitest';
import { liveHistory } from './history.ts';
import { type Fault, faults } from './simulated-provider.ts';

const HISTORIES = 500;
const AT_ONCE = 25;

const range = (from: number, length: number) => Array.from({ length }, (_, i) => from + i);

describe('random histories', () => {
  const met = new Map<Fault, number>();
  const ends = new Set<string>();

  it.each(range(0, HISTORIES / AT_ONCE))(
    `end with both sides agreed and each change made exactly once (${AT_ONCE} seeds, %d)`,
    async (part) => {
      for (const seed of range(part * AT_ONCE + 1, AT_ONCE)) {
        const lived = await liveHistory(seed);
        for (const [fault, count] of lived.met) met.set(fault, (met.get(fault) ?? 0) + count);
        for (const end of lived.ends) ends.add(end);
      }
    },
  );

  it('met every kind of fault, delivered every kind of change, and met and settled conflicts', () => {
    expect(faults.filter((fault) => !met.has(fault))).toEqual([]);
    const kinds = ['signature', 'decline', 'fill', 'note-added', 'note-edited', 'note-deleted'].concat([
      'notification-cleared',
      'device-revoked',
      'published',
    ]);
    const wanted = [...kinds.map((kind) => `${kind} confirmed`), 'signature parked', 'signature settled'];
    expect(wanted.filter((end) => !ends.has(end))).toEqual([]);
  });
});
