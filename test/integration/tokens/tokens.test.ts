/** The tokens room over real token hosts: SoftHSM, the sandbox's PKI, the app's own certificate parser. */
import { verify } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseCertificate } from '../../../main/pki/index.ts';
import { type Clock, systemClock } from '../../../main/platform/clock.ts';
import type { ProviderIdentity } from '../../../main/providers/provider.ts';
import { createTokens, type Tokens } from '../../../main/tokens/index.ts';
import { tokenView } from '../../../preload/model.ts';
import {
  buildFaultModule,
  createSoftHsmStack,
  seal,
  sealPair,
  spyOn,
  type TokenStack,
  unwrap,
} from '../../contract/tokens/token-stack.ts';
import { manualClock } from '../../unit/native/manual-clock.ts';

const message = Buffer.from('signed attributes');

describe('tokens', () => {
  let stack: TokenStack;
  let tokenId: string;
  let rsaId: string;
  let ecId: string;
  const opened: Tokens[] = [];

  function open(modulePaths = [stack.modulePath], env: Record<string, string> = {}, clock: Clock = systemClock) {
    const spied = spyOn(stack.start(env));
    const tokens = createTokens({
      startProcess: spied.start,
      modulePaths: () => modulePaths,
      parseCertificate,
      clock,
    });
    opened.push(tokens);
    return { tokens, processes: spied.processes };
  }

  async function startBatch(tokens: Tokens, identityId: string, pin = stack.pin) {
    const session = unwrap(await tokens.openSession(tokenId));
    return tokens.startBatch(session.sessionId, identityId, await seal(session, pin));
  }

  beforeAll(async () => {
    stack = await createSoftHsmStack();
    tokenId = `${stack.token.manufacturerId}/${stack.token.serialNumber}`;
    rsaId = `${stack.token.serialNumber}/01`;
    ecId = `${stack.token.serialNumber}/02`;
  });
  afterEach(() => Promise.all(opened.splice(0).map((tokens) => tokens.close())));
  afterAll(() => stack.remove());

  it('lists what the window shows', async () => {
    const { tokens, problems } = await open().tokens.list([]);
    expect(problems).toEqual([]);
    expect(tokens.map((token) => tokenView.parse(token).id)).toEqual([tokenId]);
    const identities = tokens[0]?.identities.toSorted((a, b) => a.id.localeCompare(b.id));
    expect(identities).toMatchObject([
      { id: rsaId, commonName: 'Anna Kalniņa', keyType: 'rsa', keySizeBits: 2048, providerIdentities: [] },
      { id: ecId, commonName: 'Ben Ozols', keyType: 'ec', keySizeBits: 256, providerIdentities: [] },
    ]);
    expect(identities?.map((identity) => identity.disabledReason)).toEqual([undefined, undefined]);
  });

  it('matches the identity a provider has of one of its keys', async () => {
    const anna = stack.pki.signers.get('anna');
    const identity: ProviderIdentity = {
      id: 'remote-1',
      label: 'Anna',
      tokenSerialNumber: stack.token.serialNumber.padEnd(16),
      tokenManufacturerId: stack.token.manufacturerId.padEnd(32),
      atr: undefined,
      reader: undefined,
      certificate: anna?.certificate,
    };
    const { tokens } = await open().tokens.list([{ accountId: 'acc', identity }]);
    const matched = tokens[0]?.identities.filter(({ providerIdentities }) => providerIdentities.length > 0);
    expect(matched?.map(({ id, providerIdentities }) => [id, providerIdentities])).toEqual([[rsaId, ['acc/remote-1']]]);
  });

  it('lists each module by itself: a bad one is a problem and hides nothing', async () => {
    const gone = join(stack.folder, 'gone.so');
    const { tokens, problems } = await open([gone, stack.modulePath, 'relative.so', stack.modulePath]).tokens.list([]);
    expect(tokens.map(({ id }) => id)).toEqual([tokenId]);
    expect(problems).toEqual([
      { modulePath: gone, code: 'module-missing' },
      { modulePath: 'relative.so', code: 'bad-request' },
    ]);
  });

  it('shows a token once that two modules show, and limits a listing to one module', async () => {
    const faultModule = await buildFaultModule(stack);
    const { tokens } = open([stack.modulePath, faultModule], { FAULT: 'none', FAULT_REAL: stack.modulePath });
    expect((await tokens.list([])).tokens.map(({ modulePath }) => modulePath)).toEqual([stack.modulePath]);
    const limited = await tokens.list([], faultModule);
    expect(limited.tokens.map(({ modulePath }) => modulePath)).toEqual([faultModule]);
  });

  it('signs a batch with one PIN, and the process ends with the batch', async () => {
    const { tokens, processes } = open();
    const batch = unwrap(await startBatch(tokens, rsaId));
    expect(batch.key).toMatchObject({ identityId: rsaId, scheme: 'rsa-pkcs1-sha256' });
    expect(batch.key.chain.map((der) => Buffer.from(der))).toEqual([Buffer.from(stack.pki.issuing.certificate)]);
    const signatures = await Promise.all([0, 1, 2].map(() => batch.sign(message)));
    for (const signature of signatures) {
      expect(verify('sha256', message, stack.publicKeys.rsa, unwrap(signature))).toBe(true);
    }
    const exit = new Promise((resolve) => processes[0]?.onExit(resolve));
    await batch.close();
    expect(await exit).toEqual({ code: 0, signal: null });
    expect(await batch.sign(message)).toEqual({ ok: false, code: 'login-required' });
    expect(processes).toHaveLength(1);
  });

  it('signs a second batch in a new process, with a PIN of its own', async () => {
    const { tokens, processes } = open();
    await unwrap(await startBatch(tokens, rsaId)).close();
    const batch = unwrap(await startBatch(tokens, ecId));
    expect(verify('sha256', message, stack.publicKeys.ec, unwrap(await batch.sign(message)))).toBe(true);
    expect(processes).toHaveLength(2);
  });

  it('keeps a batch alive while the tokens are listed', async () => {
    const { tokens } = open();
    const batch = unwrap(await startBatch(tokens, ecId));
    const [listing, signature] = await Promise.all([tokens.list([]), batch.sign(message)]);
    expect(listing.tokens).toHaveLength(1);
    expect(signature.ok).toBe(true);
    expect((await batch.sign(message)).ok).toBe(true);
  });

  it('says that the token needs a PIN, and does with none', async () => {
    const { tokens } = open();
    const session = unwrap(await tokens.openSession(tokenId));
    expect(session.needsPin).toBe(true);
    const batch = await tokens.startBatch(session.sessionId, rsaId, undefined);
    expect(batch).toMatchObject({ ok: false, code: 'login-required' });
  });

  it('uses one try for a wrong PIN and ends the process that had it', async () => {
    const { tokens, processes } = open();
    expect(await startBatch(tokens, rsaId, stack.wrongPin)).toMatchObject({ ok: false, code: 'pin-incorrect' });
    const { tokens: after } = await tokens.list([]);
    expect(after[0]?.pin.countLow).toBe(true);
    expect(processes).toHaveLength(2);
    expect((await startBatch(tokens, rsaId)).ok).toBe(true);
  });

  it.each([
    ['an identity that is not on the token', () => `${stack.token.serialNumber}/7f`, 'key-absent'],
    ['an identity of another token', () => 'elsewhere/01', 'key-absent'],
  ])('does not send the PIN for %s', async (_, identityId, code) => {
    const { tokens } = open();
    expect(await startBatch(tokens, identityId(), stack.wrongPin)).toEqual({ ok: false, code });
    const { tokens: after } = await tokens.list([]);
    expect(after[0]?.pin.countLow).toBe(false);
  });

  it('does not send the PIN to a token that cannot sign with the key', async () => {
    const faultModule = await buildFaultModule(stack);
    const { tokens } = open([faultModule], { FAULT: 'no-mechanisms', FAULT_REAL: stack.modulePath });
    const listing = await tokens.list([]);
    const reasons = listing.tokens[0]?.identities.map(({ disabledReason }) => disabledReason);
    expect(reasons).toEqual(['unsupported-key', 'unsupported-key']);
    expect(await startBatch(tokens, rsaId, stack.wrongPin)).toEqual({ ok: false, code: 'identity-disabled' });
    expect((await tokens.list([])).tokens[0]?.pin.countLow).toBe(false);
  });

  it('ends every login when the screen is locked: what is left waits for a new PIN', async () => {
    const { tokens, processes } = open();
    const batch = unwrap(await startBatch(tokens, rsaId));
    expect((await batch.sign(message)).ok).toBe(true);
    const exit = new Promise((resolve) => processes[0]?.onExit(resolve));
    await tokens.endLogins();
    expect(await exit).toEqual({ code: 0, signal: null });
    expect(await batch.sign(message)).toEqual({ ok: false, code: 'login-required' });
    expect(processes).toHaveLength(1);
  });

  it('ends a login that nothing is signed with for a while, not one in use', async () => {
    const time = manualClock();
    const { tokens, processes } = open([stack.modulePath], {}, { now: () => Date.now(), ...time });
    const batch = unwrap(await startBatch(tokens, rsaId));
    time.pass(4 * 60_000);
    expect((await batch.sign(message)).ok).toBe(true);
    const exit = new Promise((resolve) => processes[0]?.onExit(resolve));
    time.pass(60_000);
    expect((await batch.sign(message)).ok).toBe(true);
    await expect.poll(() => time.sleeping()).toBe(1);
    time.pass(5 * 60_000);
    expect(await exit).toEqual({ code: 0, signal: null });
    expect(await batch.sign(message)).toEqual({ ok: false, code: 'login-required' });
  });

  it('changes a PIN in a process of its own that ends with it', async () => {
    const { tokens, processes } = open();
    const session = unwrap(await tokens.openSession(tokenId));
    expect(session.pin).toMatchObject({ minLength: 4, maxLength: 255, locked: false });
    const exit = new Promise((resolve) => processes[0]?.onExit(resolve));
    const pair = await sealPair(session, stack.pin, 'cita-Ūdens-4471');
    expect(await tokens.changePin(session.sessionId, ...pair)).toMatchObject({ ok: true });
    expect(await exit).toEqual({ code: 0, signal: null });
    const again = unwrap(await tokens.openSession(tokenId));
    const back = await sealPair(again, stack.soPin, stack.pin);
    expect(await tokens.unblock(again.sessionId, 'so', ...back)).toMatchObject({ ok: true });
    expect(await tokens.unblock(again.sessionId, 'so', ...back)).toEqual({ ok: false, code: 'pin-unreadable' });
    expect((await startBatch(tokens, rsaId)).ok).toBe(true);
  });

  it('takes each session for one batch only', async () => {
    const { tokens } = open();
    const session = unwrap(await tokens.openSession(tokenId));
    const sealed = await seal(session, stack.pin);
    expect((await tokens.startBatch(session.sessionId, rsaId, sealed)).ok).toBe(true);
    const again = await tokens.startBatch(session.sessionId, rsaId, sealed);
    expect(again).toEqual({ ok: false, code: 'pin-unreadable' });
  });

  it('does not know a token that is not there', async () => {
    expect(await open().tokens.openSession('Nobody/0')).toEqual({ ok: false, code: 'token-absent' });
  });

  it('keeps a batch apart from the death of its process: it says so, and the next batch signs', async () => {
    const { tokens, processes } = open();
    const batch = unwrap(await startBatch(tokens, rsaId));
    const signature = batch.sign(message);
    processes[0]?.kill();
    const first = await signature;
    expect(first.ok || first.code).toBe(first.ok ? true : 'module-crashed');
    await expect.poll(async () => (await batch.sign(message)).ok).toBe(false);
    await batch.close();
    expect((await unwrap(await startBatch(tokens, rsaId)).sign(message)).ok).toBe(true);
  });
});
