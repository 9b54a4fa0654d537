import { describe, expect, it } from 'vitest';
import {
  noStatements,
  readStatements,
  type StatementFields,
} from '../../../renderer/features/sign/statement-fields.ts';

const hash = 'AB'.repeat(32);
const policy = { policyId: '1.3.6.1.4.1.1', policyHash: hash };

describe('what is stated in a signature', () => {
  it('is nothing until something is typed', () => {
    expect(readStatements(noStatements)).toEqual({ ok: true, statements: undefined });
    expect(readStatements({ ...noStatements, locality: '  ' })).toEqual({ ok: true, statements: undefined });
  });

  it('is what was typed, tidied', () => {
    const fields = { country: ' lv', locality: ' Rīga ', ...policy, policyUri: 'https://policy.example/1 ' };
    expect(readStatements({ ...noStatements, commitment: 'approval', ...fields })).toEqual({
      ok: true,
      statements: {
        commitment: 'approval',
        location: { country: 'LV', locality: 'Rīga' },
        policy: {
          id: '1.3.6.1.4.1.1',
          algorithm: 'sha256',
          hash: new Uint8Array(32).fill(0xab),
          uri: 'https://policy.example/1',
        },
      },
    });
    const spaced = { ...policy, policyHash: '0a:'.repeat(64) };
    expect(readStatements({ ...noStatements, ...spaced })).toMatchObject({
      statements: { policy: { algorithm: 'sha512', hash: new Uint8Array(64).fill(10) } },
    });
  });

  it.each<[string, Partial<StatementFields>]>([
    ['country', { country: 'L1' }],
    ['country', { country: 'L', locality: 'Rīga' }],
    ['policyId', { ...policy, policyId: '3.1' }],
    ['policyId', { policyHash: hash }],
    ['policyHash', { policyId: policy.policyId }],
    ['policyHash', { ...policy, policyHash: 'zz'.repeat(32) }],
    ['policyHash', { ...policy, policyHash: 'ab' }],
    ['policyUri', { ...policy, policyUri: 'not an address' }],
  ])('names a wrong %s', (problem, fields) => {
    expect(readStatements({ ...noStatements, ...fields })).toEqual({ ok: false, problem });
  });
});
