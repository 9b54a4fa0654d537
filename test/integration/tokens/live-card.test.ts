/** A real card in a real reader as the page shows it: PIV card, PC/SC, OpenSC, with providers that know it and that do not. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseCertificate } from '../../../main/pki/index.ts';
import { systemClock } from '../../../main/platform/clock.ts';
import { entryUrl } from '../../../main/platform/entries.ts';
import type { ProviderIdentity } from '../../../main/providers/provider.ts';
import { createLiveTokens, createTokens, type LiveTokens, overviewTokens } from '../../../main/tokens/index.ts';
import { startChild } from '../../../native/client.ts';
import { createPcscWatch } from '../../../native/pcsc-client.ts';
import { calls } from '../../../preload/contract.ts';
import type { TokensChange } from '../../../preload/model.ts';
import { lacksNamespaces } from '../../contract/tokens/stacks/namespace.ts';
import { createPivStack, type PivStack } from '../../contract/tokens/stacks/piv.ts';

const lacking = lacksNamespaces();

const identity = (id: string, facts: Partial<ProviderIdentity>) => ({
  accountId: 'acc',
  identity: {
    id,
    label: `Identity ${id}`,
    tokenSerialNumber: undefined,
    tokenManufacturerId: undefined,
    atr: undefined,
    reader: undefined,
    certificate: undefined,
    ...facts,
  },
});

describe.skipIf(lacking !== undefined)(`a card, live (${lacking ?? 'virtual'})`, () => {
  let stack: PivStack;
  const opened: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    stack = await createPivStack();
  });
  afterEach(() => Promise.all(opened.splice(0).map((close) => close())));
  afterAll(() => stack.remove());

  function open(pcscEnv: Readonly<Record<string, string>> = {}) {
    const tokens = createTokens({
      startProcess: stack.start(),
      modulePaths: () => live.modulePaths(),
      atrOf: (slotDescription) => live.atrOf(slotDescription),
      parseCertificate,
      clock: systemClock,
    });
    const pcsc = createPcscWatch({
      startProcess: () => startChild(entryUrl('pcsc-host'), [], { ...process.env, ...stack.env, ...pcscEnv }),
      clock: systemClock,
    });
    const live: LiveTokens = createLiveTokens({
      pcsc,
      clock: systemClock,
      userModules: () => [],
      only: stack.modulePath,
      list: (modulePath) => tokens.list([], modulePath),
    });
    opened.push(() => Promise.all([live.close(), tokens.close()]));
    const changes: TokensChange[] = [];
    live.on((change) => changes.push(change));
    const heard = (wanted: Partial<TokensChange>) =>
      expect.poll(() => changes, { timeout: 20_000 }).toContainEqual(expect.objectContaining(wanted));
    const overview = async (...known: ReturnType<typeof identity>[]) =>
      calls['tokens.diagnose'].output.parse(await overviewTokens(tokens, live, known));
    return { live, heard, changes, overview };
  }

  it('is known by its reader and its answer to reset, and matched by them to what a provider has', async () => {
    const { overview } = open();
    const first = await overview();
    const [reader] = first.readers;
    expect(first).toMatchObject({
      service: 'running',
      diagnosis: { layer: 'ok', cards: [{ reader: reader?.name, layer: 'ok', atr: reader?.atr }] },
      tokens: [{ serialNumber: stack.token.serialNumber, atr: reader?.atr }],
      modules: [{ vendor: 'OpenSC' }],
    });
    expect(reader?.atr).toMatch(/^3b[0-9a-f]+$/);
    const known = [
      identity('by-card', { atr: reader?.atr?.toUpperCase(), reader: reader?.name }),
      identity('by-serial', { tokenSerialNumber: stack.token.serialNumber }),
      identity('elsewhere', { tokenSerialNumber: 'FFFF' }),
    ];
    const second = await overview(...known);
    expect(second.tokens[0]?.identities[0]?.providerIdentities).toEqual(['acc/by-card', 'acc/by-serial']);
    expect(second.absent).toEqual([
      { id: 'acc/elsewhere', accountId: 'acc', label: 'Identity elsewhere', tokenSerialNumber: 'FFFF' },
    ]);
  });

  it('goes and comes back as it is pulled and put in', async () => {
    const { heard, changes, overview } = open();
    const { readers } = await overview();
    const [{ name: reader = '', atr = '' } = {}] = readers;
    await stack.card({ kind: 'eject' });
    await heard({ cause: 'card-removed', reader });
    expect(await overview()).toMatchObject({ tokens: [], diagnosis: { layer: 'no-card', cards: [] } });
    changes.length = 0;
    await stack.card({ kind: 'insert' });
    await heard({ cause: 'card-inserted', reader, atr });
    await expect.poll(async () => (await overview()).diagnosis.layer, { timeout: 20_000 }).toBe('ok');
  });

  it('is found without a word from PC/SC', async () => {
    const { overview } = open({ PCSCLITE_CSOCK_NAME: '/nowhere/pcscd.comm' });
    expect(await overview()).toMatchObject({
      service: 'pcsc-service-down',
      readers: [],
      diagnosis: { layer: 'ok', cards: [] },
      tokens: [{ serialNumber: stack.token.serialNumber }],
    });
  });
});
