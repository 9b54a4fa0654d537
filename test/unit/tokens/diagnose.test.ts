import { describe, expect, it } from 'vitest';
import { type DiagnosisFacts, diagnoseTokens } from '../../../main/tokens/diagnose.ts';
import type { FoundModule } from '../../../main/tokens/known-modules.ts';
import type { CardReader } from '../../../native/pcsc-port.ts';
import { type TokenDiagnosis, tokenDiagnosis } from '../../../preload/model.ts';
import { sampleIdentity, sampleToken } from './token-samples.ts';

const SAFENET = '3b7f96000080318065b0855956fb120ffe829000';
const UNKNOWN = '3b8a015669727475616c50495685';

const reader = (name: string, atr?: string | 'silent'): CardReader => ({
  name,
  cardPresent: atr !== undefined,
  atr: atr === 'silent' ? undefined : atr,
  changes: 0,
});
const module = (path: string, vendor?: string): FoundModule => ({ path, source: 'vendor', vendor });
const openSc = module('/usr/lib/opensc-pkcs11.so', 'OpenSC');
const safeNet = module('/usr/lib/libeTPkcs11.so', 'Thales SafeNet');
const problem = (of: FoundModule, code: string) => ({ modulePath: of.path, code });
const withReasons = (...reasons: ReturnType<typeof sampleIdentity>['disabledReason'][]) =>
  sampleToken({
    identities: reasons.map((reason) => sampleIdentity(reason === undefined ? {} : { disabledReason: reason })),
  });

const nothing: DiagnosisFacts = { service: 'running', readers: [], modules: [openSc], problems: [], tokens: [] };

describe('the diagnosis', () => {
  it.each<[string, Partial<DiagnosisFacts>, Partial<TokenDiagnosis>]>([
    ['no PC/SC service', { service: 'pcsc-service-down' }, { layer: 'no-pcsc-service' }],
    ['PC/SC cannot be asked', { service: 'pcsc-missing' }, { layer: 'no-pcsc-service' }],
    ['no reader', {}, { layer: 'no-reader' }],
    ['no card', { readers: [reader('Reader A')] }, { layer: 'no-card' }],
    ['a card that does not answer', { readers: [reader('Reader A', 'silent')] }, { layer: 'card-silent' }],
    ['an unknown card', { readers: [reader('Reader A', UNKNOWN)] }, { layer: 'card-unknown', atr: UNKNOWN }],
    [
      'an unknown card, and no module at all',
      { readers: [reader('Reader A', UNKNOWN)], modules: [] },
      { layer: 'module-missing', atr: UNKNOWN, install: ['OpenSC'] },
    ],
    [
      'a known card whose module is not installed',
      { readers: [reader('Reader A', SAFENET)] },
      { layer: 'module-missing', card: 'ID Prime 940', install: ['SafeNet Authentication Client'] },
    ],
    [
      'a known card whose module is for another processor',
      {
        readers: [reader('Reader A', SAFENET)],
        modules: [safeNet],
        problems: [problem(safeNet, 'module-wrong-architecture')],
      },
      { layer: 'wrong-architecture', modulePath: safeNet.path, install: ['SafeNet Authentication Client'] },
    ],
    [
      'a known card whose module crashes',
      { readers: [reader('Reader A', SAFENET)], modules: [safeNet], problems: [problem(safeNet, 'module-crashed')] },
      { layer: 'module-failed', modulePath: safeNet.path, code: 'module-crashed' },
    ],
    [
      'a known card that its own module does not see',
      { readers: [reader('Reader A', SAFENET)], modules: [safeNet] },
      { layer: 'card-unknown', card: 'ID Prime 940', atr: SAFENET },
    ],
    [
      'a module without readers that is for another processor',
      { modules: [openSc], problems: [problem(openSc, 'module-wrong-architecture')] },
      { layer: 'wrong-architecture', modulePath: openSc.path },
    ],
    ['a token without certificates', { tokens: [sampleToken({ identities: [] })] }, { layer: 'no-certificate' }],
    [
      'certificates for other things',
      { tokens: [withReasons('key-usage', 'unsupported-key')] },
      { layer: 'no-signing-certificate' },
    ],
    ['an expired certificate', { tokens: [withReasons('key-usage', 'expired')] }, { layer: 'expired' }],
    ['a certificate of tomorrow', { tokens: [withReasons('expired', 'not-yet-valid')] }, { layer: 'not-yet-valid' }],
    ['a locked PIN', { tokens: [withReasons('expired', 'token-locked')] }, { layer: 'pin-locked' }],
    ['a certificate that signs', { tokens: [withReasons('expired', undefined)] }, { layer: 'ok' }],
    [
      'a token without a reader while PC/SC is away',
      { service: 'pcsc-missing', tokens: [withReasons(undefined)] },
      { layer: 'ok' },
    ],
  ])('of %s', (_, facts, expected) => {
    const diagnosis = diagnoseTokens({ ...nothing, ...facts });
    expect(tokenDiagnosis.parse(diagnosis)).toMatchObject(expected);
  });

  it('answers with what got furthest, and says of each card where it ends', () => {
    const { layer, cards } = diagnoseTokens({
      ...nothing,
      readers: [
        reader('Reader A', UNKNOWN),
        reader('Reader B', SAFENET),
        reader('Reader C', 'silent'),
        reader('Reader D'),
      ],
      tokens: [withReasons('expired')],
    });
    expect(layer).toBe('expired');
    expect(cards.map((card) => [card.reader, card.layer])).toEqual([
      ['Reader A', 'expired'],
      ['Reader B', 'module-missing'],
      ['Reader C', 'card-silent'],
    ]);
  });

  it('takes a token for the card’s where its own module names slots in another way', () => {
    const token = sampleToken({ modulePath: safeNet.path, slotDescription: 'Token JC 0' });
    const { cards } = diagnoseTokens({
      ...nothing,
      readers: [reader('Reader A', SAFENET), reader('Reader B', UNKNOWN)],
      modules: [openSc, safeNet],
      tokens: [token],
    });
    expect(cards.map(({ layer }) => layer)).toEqual(['ok', 'card-unknown']);
  });

  it('knows a reader by a slot description cut to 64 characters', () => {
    const name = `${'Very Long Reader Name '.repeat(3)} 00 00 and more`;
    const token = sampleToken({ slotDescription: name.slice(0, 64) });
    const { cards } = diagnoseTokens({ ...nothing, readers: [reader(name, UNKNOWN)], tokens: [token] });
    expect(cards.map(({ layer }) => layer)).toEqual(['ok']);
  });
});
