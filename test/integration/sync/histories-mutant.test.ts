/** The histories are themselves judged: with a bug planted in the machine they must find it. */
import { expect, it, vi } from 'vitest';
import { liveHistory } from './history.ts';

/** The bug: what became of a request is not known, and it is sent again without looking. */
vi.mock('../../../main/sync/outbox-machine.ts', async (original) => {
  const real = await original<typeof import('../../../main/sync/outbox-machine.ts')>();
  const reduce: typeof real.reduce = (state, event) =>
    event.kind === 'due' && (state.kind === 'unknown' || state.kind === 'sending')
      ? { state: { kind: 'sending', attempts: state.attempts }, effect: 'send' }
      : real.reduce(state, event);
  return { ...real, reduce };
});

it('a desk that sends again blindly is found out within a few histories, which say how to live them again', async () => {
  let found: unknown;
  for (let seed = 1; seed <= 40 && found === undefined; seed += 1) {
    found = await liveHistory(seed).then(
      () => undefined,
      (error: unknown) => error,
    );
  }
  expect(String(found)).toMatch(/happened 2 times|does not know|asked for/);
  expect(String(found)).toMatch(/npm run soak -- histories 1 \d+/);
});
