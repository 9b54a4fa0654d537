import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../../main/cli/arguments.ts';
import { CommandError } from '../../../main/cli/exit-codes.ts';
import { requestStatements, statementFlags } from '../../../main/cli/statement-flags.ts';

const statementsOf = (...flags: readonly string[]) => statementFlags(parseArguments(['sign', 'a.pdf', ...flags]));
const codeOf = (run: () => unknown) => {
  try {
    run();
    return 'none';
  } catch (error) {
    if (error instanceof CommandError) return [error.code, error.exit];
    throw error;
  }
};
const sha384 = 'c0'.repeat(48);

describe('the flags of what a signer states', () => {
  it('state nothing unless given', () => {
    expect(statementsOf('--reason', 'I agree')).toBeUndefined();
  });

  it.each([
    ['approval', '1.2.840.113549.1.9.16.6.5'],
    ['1.3.6.1.4.1.99999.7', '1.3.6.1.4.1.99999.7'],
  ])('--commitment %s', (given, commitment) => {
    expect(statementsOf('--commitment', given)).toMatchObject({ commitment });
  });

  it.each([
    ['LV', { country: 'LV' }],
    [';Rīga', { locality: 'Rīga' }],
    [
      'LV; Rīga; Brīvības iela 12/4; LV-1010',
      { country: 'LV', locality: 'Rīga', postalAddress: ['Brīvības iela 12/4', 'LV-1010'] },
    ],
  ])('--signer-location %s', (given, location) => {
    expect(statementsOf('--signer-location', given)?.location).toEqual(location);
  });

  it('--policy takes its algorithm from the length of the hash', () => {
    const uri = 'https://policies.example/1';
    expect(statementsOf('--policy', `1.2.3:${sha384}`, '--policy-uri', uri)?.policy).toEqual({
      id: '1.2.3',
      hash: { algorithm: 'sha384', value: Buffer.from(sha384, 'hex') },
      uri,
    });
  });

  it.each<readonly string[]>([
    ['--commitment', 'consent'],
    ['--signer-location', ''],
    ['--signer-location', ';;'],
    ['--signer-location', 'Latvia;Rīga'],
    ['--signer-location', 'LV;;1;2;3;4;5;6;7'],
    ['--policy', '1.2.3'],
    ['--policy', '1.2.3:abcd'],
    ['--policy', `1.2.3:${'xy'.repeat(32)}`],
    ['--policy', `3.2.3:${sha384}`],
    ['--policy', `1.2.3:${sha384}:1`],
    ['--policy', `1.2.3:${sha384}`, '--policy-uri', 'https://policies.example/ā'],
    ['--policy-uri', 'https://policies.example/1'],
  ])('%s %s makes no sense', (...flags) => {
    expect(codeOf(() => statementsOf(...flags))).toEqual(['bad-input', 'usage']);
  });

  it('refuse a reason beside a commitment or policy in a PDF, not beside a location or in CAdES', () => {
    const reason = ['--reason', 'I agree'];
    const [commitment, policy] = [
      ['--commitment', 'approval'],
      ['--policy', `1.2.3:${sha384}`],
    ] as const;
    for (const stated of [commitment, policy]) {
      expect(codeOf(() => statementsOf(...stated, ...reason))).toEqual(['reason-excluded', 'usage']);
      expect(codeOf(() => statementsOf(...stated, ...reason, '--cades'))).toBe('none');
      expect(codeOf(() => statementsOf(...stated))).toBe('none');
    }
    expect(codeOf(() => statementsOf('--signer-location', 'LV', ...reason))).toBe('none');
  });

  it('are taken to requests as these know them', () => {
    const of = (...flags: readonly string[]) => requestStatements(parseArguments(['sign', 'tx', ...flags]));
    expect(of('--reason', 'I agree')).toBeUndefined();
    expect(of('--commitment', 'approval', '--reason', 'I agree')).toEqual({ commitment: 'approval' });
    expect(of('--signer-location', 'LV;Rīga')).toEqual({ location: { country: 'LV', locality: 'Rīga' } });
    expect(of('--signer-location', ';Rīga')).toEqual({ location: { locality: 'Rīga' } });
    expect(of('--policy', `1.2.3:${sha384}`, '--policy-uri', 'https://policies.example/1')).toEqual({
      policy: {
        id: '1.2.3',
        algorithm: 'sha384',
        hash: Buffer.from(sha384, 'hex'),
        uri: 'https://policies.example/1',
      },
    });
    for (const flags of [
      ['--commitment', '1.3.6.1.4.1.99999.7'],
      ['--commitment', 'toString'],
      ['--signer-location', 'LV;Rīga;Brīvības 1'],
      ['--policy-uri', 'https://policies.example/1'],
    ])
      expect(codeOf(() => of(...flags))).toEqual(['bad-input', 'usage']);
  });
});
