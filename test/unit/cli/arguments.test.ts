import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../../main/cli/arguments.ts';
import { CommandError, exitCodes, exitFor } from '../../../main/cli/exit-codes.ts';
import { chooseIdentity } from '../../../main/cli/sign-command.ts';
import { clean, table } from '../../../main/cli/table.ts';
import { inWords } from '../../../main/cli/words.ts';
import { version } from '../../../main/platform/version.ts';
import { progressCodes } from '../../../preload/contract.ts';
import type { SigningIdentity, TokenView } from '../../../preload/model.ts';

const exitOf = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    if (error instanceof CommandError) return error.exit;
    throw error;
  }
  return undefined;
};

describe('arguments', () => {
  it('reads a command, its positionals and repeated flags', () => {
    const args = parseArguments([
      'sign',
      'a',
      'b',
      '--tsa',
      'http://x',
      '--tsa',
      'http://y',
      '--pin-fd',
      '3',
      '--json',
    ]);
    expect([args.command, args.positional, args.list('tsa'), args.number('pin-fd'), args.is('json')]).toEqual([
      'sign',
      ['a', 'b'],
      ['http://x', 'http://y'],
      3,
      true,
    ]);
  });

  it.each([[['--pin', '123456']], [['sync', '--unknown']]])(
    'refuses %j: a PIN never travels as an argument',
    (argv) => {
      expect(exitOf(() => parseArguments(argv))).toBe('usage');
    },
  );

  it.each(['-1', '1.5', 'x', '12345678901'])('refuses --limit %s', (value) => {
    expect(exitOf(() => parseArguments(['inbox', `--limit=${value}`]).number('limit'))).toBe('usage');
  });
});

const identity = (id: string, change: Partial<SigningIdentity> = {}): SigningIdentity => ({
  id,
  subject: 'CN=A',
  commonName: 'A',
  issuer: 'CN=CA',
  certificateSerial: '01',
  notBefore: 0,
  notAfter: 1,
  keyType: 'rsa',
  keySizeBits: 2048,
  providerIdentities: [],
  ...change,
});
const token = (identities: SigningIdentity[]): TokenView => ({
  id: 'm/s',
  label: 'Card',
  manufacturer: 'm',
  model: 'x',
  serialNumber: 's',
  modulePath: '/m.so',
  slotDescription: 'reader',
  pin: {
    protectedAuthenticationPath: false,
    countLow: false,
    finalTry: false,
    locked: false,
    minLength: 4,
    maxLength: 8,
  },
  identities,
});

describe('choosing the certificate', () => {
  const none = parseArguments(['sign']);
  it('takes the only one that can sign', () => {
    const tokens = [token([identity('s/01', { disabledReason: 'expired' }), identity('s/02')])];
    expect(chooseIdentity(tokens, none).identity.id).toBe('s/02');
  });
  it('prefers the one a provider knows', () => {
    const tokens = [token([identity('s/01'), identity('s/02', { providerIdentities: ['a/1'] })])];
    expect(chooseIdentity(tokens, none).identity.id).toBe('s/02');
  });
  it('asks where two can sign', () => {
    expect(exitOf(() => chooseIdentity([token([identity('s/01'), identity('s/02')])], none))).toBe('usage');
  });
  it('takes the one named', () => {
    const args = parseArguments(['sign', '--cert-id', '02']);
    expect(chooseIdentity([token([identity('s/01'), identity('s/02')])], args).identity.id).toBe('s/02');
  });
  it.each([
    ['no token', []],
    ['only a disabled one', [token([identity('s/01', { disabledReason: 'key-usage' })])]],
  ])('ends with the token exit on %s', (_what, tokens) => {
    expect(exitOf(() => chooseIdentity(tokens, none))).toBe('token');
  });
});

describe('words and exits', () => {
  it.each(progressCodes)('has a sentence for %s', (code) => {
    expect(inWords(code)).not.toBe(code);
  });

  it.each([
    ['pin-incorrect', 'pin'],
    ['token-absent', 'token'],
    ['offline', 'network'],
    ['bad-response', 'network'],
    ['not-a-pdf', 'input'],
    ['document-moved-on', 'incomplete'],
    ['internal', 'internal'],
  ])('%s ends with %s and has a sentence', (code, exit) => {
    expect(exitFor(code)).toBe(exit);
    if (code !== 'internal') expect(inWords(code)).not.toBe(code);
  });

  it('has exit codes that differ', () => {
    expect(new Set(Object.values(exitCodes)).size).toBe(Object.keys(exitCodes).length);
  });

  it('keeps terminal control sequences out of tables', () => {
    expect(table(['A'], [[clean('x\u001b[31mred\u0007\n')]])).not.toMatch(/(?!\n)\p{C}/u);
  });

  it('says the version of package.json', async () => {
    const text = await readFile(new URL('../../../package.json', import.meta.url), 'utf8');
    expect(JSON.parse(text)).toMatchObject({ version });
  });
});
