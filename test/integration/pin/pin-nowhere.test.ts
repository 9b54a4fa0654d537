/**
 * The PIN is in clear nowhere but in the token host: searched for in the memory of the desk's process during and after a batch, in
 * its logs, its database and everything else it wrote. The search is itself searched: it must find a copy that is planted.
 */
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallName, CallOutput } from '../../../preload/contract.ts';
import { createSoftHsmStack, seal, type TokenStack } from '../../contract/tokens/token-stack.ts';
import { certificatePem } from '../../sandbox/pki/index.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { needlesOf, searchFiles, searchMemory } from './memory.ts';

const isLinux = process.platform === 'linux';
const deskEntry = new URL('../../sandbox/desk-process.ts', import.meta.url);

describe.skipIf(!isLinux)('the PIN', () => {
  const pin = `slepens-${randomUUID().slice(0, 18)}-Ūdens`;
  const needles = needlesOf(pin);
  let folder: string;
  let sandbox: Sandbox;
  let stack: TokenStack;
  let child: ReturnType<typeof fork>;
  let deskPid: number;
  let nextId = 1;

  async function post(message: object): Promise<unknown> {
    const id = nextId++;
    const answered = new Promise((resolve) => {
      const take = (answer: { id: number; reply: unknown }) => {
        if (answer.id !== id) return;
        child.off('message', take);
        resolve(answer.reply);
      };
      child.on('message', take);
    });
    child.send({ id, ...message });
    return answered;
  }

  async function call<N extends CallName>(
    name: N,
    input: unknown,
    from: 'window' | 'local' = 'window',
  ): Promise<CallOutput<N>> {
    const reply = (await post({ call: name, input, from })) as { ok: boolean; value: CallOutput<N>; error?: unknown };
    if (!reply.ok) throw new Error(`${name}: ${JSON.stringify(reply.error)}`);
    return reply.value;
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-pin-'));
    sandbox = await startSandbox(join(folder, 'sandbox'));
    stack = await createSoftHsmStack(pin);
    await mkdir(join(folder, 'desk'));
    await writeFile(join(folder, 'root.pem'), certificatePem(stack.pki.root));
    child = fork(deskEntry, [join(folder, 'desk', 'profile'), join(folder, 'desk', 'keys')], {
      env: { ...process.env, ...stack.env },
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    deskPid = child.pid ?? 0;
    await once(child, 'message');
    const settings = {
      timestampAuthorities: [sandbox.timestampUrl],
      pkcs11Modules: [stack.modulePath],
      trustAnchors: [sandbox.rootPemPath, join(folder, 'root.pem')],
    };
    await call('settings.change', settings, 'local');
    const { baseUrl, username, password, clientId, clientSecret } = sandbox;
    await call('accounts.add', { provider: 'signing-today', baseUrl, username, password, clientId, clientSecret });
    await call('sync.now', {});
  });
  afterAll(async () => {
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    await sandbox.stop();
    await stack.remove();
    await rm(folder, { recursive: true, force: true });
  });

  /** What waits for my signature, as the window would choose it. */
  async function requests() {
    const chosen: object[] = [];
    const { items } = await call('inbox.list', { view: 'to-sign', offset: 0, limit: 100 });
    for (const { id: transactionId } of items) {
      const { transaction } = await call('inbox.show', { transactionId });
      for (const { id: documentId, signatureRequests } of transaction.documents) {
        const mine = signatureRequests.filter((r) => r.mine && r.state === 'ready' && r.profile === 'PAdES');
        const opened = await call('documents.open', { transactionId, documentId }).catch(() => undefined);
        for (const { id: signatureRequestId } of opened ? mine : []) {
          chosen.push({ transactionId, documentId, signatureRequestId, reviewedSha256: opened?.sha256 });
        }
      }
    }
    return chosen;
  }

  it('is nowhere in the desk’s memory or files, during a batch and after it', async () => {
    const chosen = await requests();
    expect(chosen.length).toBeGreaterThan(2);
    const { tokens } = await call('tokens.list', {});
    const token = tokens.find(({ serialNumber }) => serialNumber === stack.token.serialNumber);
    const session = await call('tokens.session', { tokenId: token?.id });
    const sealedPin = await seal(session, pin);
    const identityId = token?.identities.find(({ disabledReason }) => disabledReason === undefined)?.id;
    const { batchId } = await call('signing.start', {
      sessionId: session.sessionId,
      identityId,
      sealedPin,
      requests: chosen,
    });
    const midway = async () => {
      const batch = await call('signing.batch', { batchId });
      return batch.running && batch.jobs.some(({ state }) => ['signed', 'complete', 'queued'].includes(state));
    };
    await expect.poll(midway, { timeout: 60_000, interval: 1 }).toBe(true);
    // Stopped like a core is taken: what is there now stays there while it is read.
    process.kill(deskPid, 'SIGSTOP');
    const during = await searchMemory(deskPid, needles);
    process.kill(deskPid, 'SIGCONT');
    await expect.poll(async () => (await call('signing.batch', { batchId })).running, { timeout: 60_000 }).toBe(false);
    const { jobs } = await call('signing.batch', { batchId });
    expect(jobs.filter(({ state }) => ['queued', 'delivering', 'delivered'].includes(state)).length).toBeGreaterThan(2);
    const after = await searchMemory(deskPid, needles);
    expect(during).toMatchObject({ found: [] });
    expect(after).toMatchObject({ found: [] });
    expect(Math.min(during.bytesRead, after.bytesRead)).toBeGreaterThan(20 << 20);
    expect(await searchFiles(join(folder, 'desk'), needles)).toEqual([]);
    const text = (await readFile(`/proc/${deskPid}/environ`)).toString();
    expect(text).not.toContain(pin);
  });

  it('would be found there: the search finds every planted copy', async () => {
    const memory = needles.map(({ encoding, bytes }) => ({ encoding, bytes: Buffer.from(bytes) }));
    for (const { bytes } of memory) await post({ keep: bytes });
    const { found } = await searchMemory(deskPid, needles);
    expect(found.toSorted()).toEqual(memory.map(({ encoding }) => encoding).toSorted());
    for (const { encoding, bytes } of memory) {
      const planted = join(folder, 'desk', 'profile', 'planted');
      await writeFile(planted, Buffer.concat([Buffer.from('before '), bytes, Buffer.from(' after')]));
      expect([encoding, await searchFiles(join(folder, 'desk'), needles)]).toEqual([encoding, [planted]]);
      await rm(planted);
    }
  });
});
