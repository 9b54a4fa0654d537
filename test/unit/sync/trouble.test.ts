import { describe, expect, it } from 'vitest';
import { ProviderError } from '../../../main/providers/provider.ts';
import { StoreError } from '../../../main/store/store.ts';
import { askedSince, readPullState } from '../../../main/sync/pull-state.ts';
import { toTrouble } from '../../../main/sync/trouble.ts';

const open = new AbortController().signal;

describe('what went wrong', () => {
  it.each([
    [new ProviderError('refused'), { code: 'refused', outcomeUnknown: false }],
    [
      new ProviderError('rate-limited', { outcomeUnknown: true, retryAfterMs: 5 }),
      { code: 'rate-limited', outcomeUnknown: true, retryAfterMs: 5 },
    ],
    [new StoreError('disk-full'), { code: 'disk-full', outcomeUnknown: true }],
    [new TypeError('oops'), { code: 'internal', outcomeUnknown: true }],
  ])('%s', (error, facts) => {
    expect(toTrouble(error, open)).toEqual(facts);
  });

  it('is cancelled where we stopped it', () => {
    expect(toTrouble(new DOMException('stop', 'AbortError'), AbortSignal.abort()).code).toBe('cancelled');
  });
});

describe('what a pull leaves behind', () => {
  it.each([undefined, '', 'x', '[]', '{"cursor":"yesterday"}'])('starts a full pull where it is %s', (text) => {
    const state = readPullState(text);
    expect([askedSince(state.cursor), state.tooLarge]).toEqual([undefined, []]);
  });

  it('asks for a minute before the cursor again', () => {
    expect(askedSince(readPullState('{"cursor":100000,"tooLarge":["r"]}').cursor)).toBe(40_000);
  });
});
