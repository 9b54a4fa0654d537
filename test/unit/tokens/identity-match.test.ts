import { describe, expect, it } from 'vitest';
import type { ProviderIdentity } from '../../../main/providers/provider.ts';
import { type MatchableKey, matchProviderIdentities } from '../../../main/tokens/identity-match.ts';

const certificate = new Uint8Array([1, 2, 3]);
const key: MatchableKey = {
  serialNumber: '4B1D',
  manufacturerId: 'Gemalto',
  slotDescription: 'Reader 00 00',
  atr: '3b7f9600',
  certificate,
};
const nothing: ProviderIdentity = {
  id: 'i1',
  label: '',
  tokenSerialNumber: undefined,
  tokenManufacturerId: undefined,
  atr: undefined,
  reader: undefined,
  certificate: undefined,
};
const otherCertificate = new Uint8Array([1, 2, 4]);

describe('a key answers to a provider identity', () => {
  it.each<[string, Partial<ProviderIdentity>, boolean]>([
    ['with its serial and manufacturer', { tokenSerialNumber: '4B1D', tokenManufacturerId: 'Gemalto' }, true],
    ['padded with blanks', { tokenSerialNumber: '4B1D            ', tokenManufacturerId: 'Gemalto\0\0' }, true],
    ['with its serial alone', { tokenSerialNumber: '4B1D' }, true],
    ['with another serial', { tokenSerialNumber: '4B1E', tokenManufacturerId: 'Gemalto' }, false],
    ['with its serial by another manufacturer', { tokenSerialNumber: '4B1D', tokenManufacturerId: 'Other' }, false],
    ['with its manufacturer alone', { tokenManufacturerId: 'Gemalto' }, false],
    ['with another serial and the same certificate', { tokenSerialNumber: '4B1E', certificate }, false],
    ['with its serial and another certificate', { tokenSerialNumber: '4B1D', certificate: otherCertificate }, false],
    ['with its serial and certificate', { tokenSerialNumber: '4B1D', certificate }, true],
    ['with its card and reader', { atr: '3B 7F 96 00', reader: 'Reader 00 00' }, true],
    ['with its card alone', { atr: '3B:7F:96:00' }, true],
    ['with its card in another reader', { atr: '3B7F9600', reader: 'Reader 01 00' }, false],
    ['with another card', { atr: '3B7F9601', reader: 'Reader 00 00' }, false],
    ['with its reader alone', { reader: 'Reader 00 00' }, false],
    ['with its reader and certificate', { reader: 'Reader 00 00', certificate }, true],
    ['with its certificate alone', { certificate }, true],
    ['with another certificate', { certificate: otherCertificate }, false],
    ['with blanks for a serial', { tokenSerialNumber: '    ' }, false],
    ['with nothing', {}, false],
  ])('%s: %s', (_, record, expected) => {
    const identities = [{ accountId: 'a', identity: { ...nothing, ...record } }];
    expect(matchProviderIdentities(key, identities)).toEqual(expected ? ['a/i1'] : []);
  });

  it('decides by certificate where the card cannot be seen', () => {
    const record = { ...nothing, atr: '3B7F9600', certificate };
    const unseen = { ...key, atr: undefined };
    expect(matchProviderIdentities(unseen, [{ accountId: 'a', identity: record }])).toEqual(['a/i1']);
    const bare = { ...record, certificate: undefined };
    expect(matchProviderIdentities(unseen, [{ accountId: 'a', identity: bare }])).toEqual([]);
  });

  it('of every account it is known to', () => {
    const identities = [
      { accountId: 'a', identity: { ...nothing, id: 'x', tokenSerialNumber: '4B1D' } },
      { accountId: 'b', identity: { ...nothing, id: 'y', certificate: otherCertificate } },
      { accountId: 'b', identity: { ...nothing, id: 'z', certificate } },
    ];
    expect(matchProviderIdentities(key, identities)).toEqual(['a/x', 'b/z']);
  });
});
