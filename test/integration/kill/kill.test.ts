import { expect, it } from 'vitest';
import { boundaries, killOverAndOver } from './kill-runs.ts';

const RANDOM = 12;

it('loses nothing, signs nothing twice and delivers nothing twice, killed at every state and at random moments', async () => {
  const killed = await killOverAndOver({ random: RANDOM, seed: 7 });
  // Some of the random ones are through before their time.
  expect(killed).toBeGreaterThan(boundaries.length + 3);
}, 600_000);
