import { expect, it } from 'vitest';
import { fuzzResponses } from './response-fuzz.ts';

it('answers damaged by chance are read or are bad responses, whatever the damage', async () => {
  await expect(fuzzResponses(2000, 20_260_115)).resolves.toBeUndefined();
});
