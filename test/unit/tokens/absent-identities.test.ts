import { describe, expect, it } from 'vitest';
import type { ProviderIdentity } from '../../../main/providers/provider.ts';
import { absentIdentities } from '../../../main/tokens/index.ts';
import { sampleIdentity, sampleToken } from './token-samples.ts';

const identity = (id: string, tokenSerialNumber?: string): ProviderIdentity => ({
  id,
  label: `Card ${id}`,
  tokenSerialNumber,
  tokenManufacturerId: undefined,
  atr: undefined,
  reader: undefined,
  certificate: undefined,
});

describe('absent identities', () => {
  it('are those of the providers that no key at hand answers to', () => {
    const here = sampleToken({ identities: [sampleIdentity(), sampleIdentity({ providerIdentities: ['acc/1'] })] });
    const known = [identity('1'), identity('2', '4711    '), identity('3')].map((of) => ({
      accountId: 'acc',
      identity: of,
    }));
    const other = { accountId: 'other', identity: identity('1') };
    expect(absentIdentities([here], [...known, other])).toEqual([
      { id: 'acc/2', accountId: 'acc', label: 'Card 2', tokenSerialNumber: '4711' },
      { id: 'acc/3', accountId: 'acc', label: 'Card 3' },
      { id: 'other/1', accountId: 'other', label: 'Card 1' },
    ]);
  });
});
