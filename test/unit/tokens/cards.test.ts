import { describe, expect, it } from 'vitest';
import { cardTable } from '../../../main/tokens/card-table.ts';
import { knownCard, vendorsForCards } from '../../../main/tokens/cards.ts';
import { moduleTable } from '../../../main/tokens/known-module-table.ts';

describe('cards by their answer to reset', () => {
  it.each([
    ['3B7F96000080318065B0855956FB120FFE829000', 'Thales SafeNet'],
    ['3b7f96000080318065b0855956fb120ffe829000', 'Thales SafeNet'],
    // The third, fifth and last octet differ from card to card.
    ['3B9813400AA503010101AD1311', 'BOSA beID'],
    ['3B9894401FA503010101AD1310', 'BOSA beID'],
    ['3B9894411FA503010101AD1310', undefined],
    ['3B7F960000006A444E4965200101550410039000', 'DNIe'],
    ['3B7F380000006A444E496520024C340113039000', 'DNIe'],
    ['3B9D188131FC358031C0694D54434F5373020604D1', 'Softemia mCard'],
    ['3B9D188131FC358031C0694D54434F5373020605D0', 'Softemia mCard'],
    ['3B9D188131FC358031C0694D54434F5373020505D3', 'ONECI mCard'],
    ['3B8F8001' + '8031806549544E5850' + '00', 'IPZS (CIE)'],
    ['3b8a015669727475616c50495685', undefined],
    ['', undefined],
  ])('%s is of %s', (atr, vendor) => {
    expect(knownCard(atr)?.vendors[0]).toBe(vendor);
  });

  it('have a vendor in the table of modules, each', () => {
    const vendors = new Set(moduleTable.map(({ vendor }) => vendor));
    const unknown = cardTable.flatMap((family) => family.vendors).filter((vendor) => !vendors.has(vendor));
    expect(unknown).toEqual([]);
  });

  it('are written as whole octets and named once', () => {
    const patterns = cardTable.flatMap(({ cards }) => cards.map(([pattern]) => pattern));
    expect(patterns.filter((pattern) => !/^([0-9A-F]{2}|\.\.|\*)+$/.test(pattern))).toEqual([]);
    expect(new Set(patterns).size).toBe(patterns.length);
  });

  it('give the vendors to ask first, each once', () => {
    const safeNet = '3B7F96000080318065B0855956FB120FFE829000';
    const yubiKey = '3BF81300008131FE15597562696B657934D4';
    expect(vendorsForCards([yubiKey, safeNet, yubiKey, 'ff'])).toEqual(['Yubico', 'OpenSC', 'Thales SafeNet']);
  });
});
