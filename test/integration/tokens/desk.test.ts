/** The token calls of a whole desk: what is around, and modules that a person adds and takes away again. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDesk, type Desk } from '../../../main/desk.ts';
import { createHeadlessHost } from '../../../main/host/headless-host.ts';
import { localBridge } from '../../../main/ipc/index.ts';
import type { Bridge } from '../../../preload/contract.ts';
import { buildFaultModule, createSoftHsmStack, type TokenStack } from '../../contract/tokens/token-stack.ts';
import { runCli } from '../cli/run-cli.ts';

describe('the token calls of a desk', () => {
  let dir: string;
  let stack: TokenStack;
  let faultModule: string;
  let desk: Desk;
  let bridge: Bridge;
  const inherited = { ...process.env };

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'countersign-token-desk-'));
    stack = await createSoftHsmStack();
    faultModule = await buildFaultModule(stack);
    Object.assign(process.env, stack.env, {
      FAULT: 'none',
      FAULT_REAL: stack.modulePath,
      PCSCLITE_CSOCK_NAME: join(dir, 'no-pcscd'),
    });
    const host = createHeadlessHost({ secretsDir: join(dir, 'keys') });
    desk = await createDesk(host, { root: join(dir, 'profile'), version: 'test', background: false });
    bridge = localBridge(desk.onCall, desk.on);
  });
  afterAll(async () => {
    await desk.close();
    process.env = inherited;
    await stack.remove();
    await rm(dir, { recursive: true, force: true });
  });

  const modules = async () => {
    const reply = await bridge.call('tokens.diagnose', {});
    return reply.ok ? reply.value.modules.filter(({ source }) => source === 'user') : [];
  };

  it('say what is around and where the way to a signature ends', async () => {
    const heard: unknown[] = [];
    const stop = bridge.on('tokens.changed', (change) => heard.push(change));
    const reply = await bridge.call('tokens.diagnose', {});
    stop();
    expect(reply).toMatchObject({
      ok: true,
      value: { service: 'pcsc-service-down', readers: [], diagnosis: { layer: 'ok' }, absent: [] },
    });
    expect(heard).toContainEqual({ cause: 'service', service: 'pcsc-service-down' });
    expect(await bridge.call('tokens.list', {})).toMatchObject({ ok: true, value: { absent: [] } });
    expect(await bridge.call('tokens.watch', {})).toEqual({ ok: true, value: {} });
  });

  it('add a module that loads, once, and take it away again', async () => {
    const path = faultModule;
    expect(await bridge.call('tokens.addModule', { path })).toEqual({ ok: true, value: { tokenCount: 1 } });
    await bridge.call('tokens.addModule', { path });
    expect(await modules()).toEqual([{ path, source: 'user' }]);
    expect(await bridge.call('tokens.removeModule', { path })).toEqual({ ok: true, value: {} });
    expect(await modules()).toEqual([]);
    expect(await bridge.call('tokens.removeModule', { path })).toMatchObject({ error: { code: 'not-found' } });
  });

  it('answer the command line while the desk runs, with the modules the person added', async () => {
    const env = { COUNTERSIGN_PROFILE: join(dir, 'profile') };
    const run = async (...args: string[]) => {
      const { code, stdout } = await runCli(['tokens', ...args, '--json'], env);
      return { code, said: JSON.parse(stdout) };
    };
    expect(await run('add-module', faultModule)).toEqual({ code: 0, said: { path: faultModule, tokenCount: 1 } });
    expect(await run()).toMatchObject({
      code: 0,
      said: { modules: expect.arrayContaining([{ path: faultModule, source: 'user' }]), diagnosis: { layer: 'ok' } },
    });
    expect(await run('add-module', '/nowhere/module.so')).toMatchObject({
      code: 5,
      said: { error: { code: 'module-missing' } },
    });
    expect((await run('remove-module', faultModule)).code).toBe(0);
    expect((await run('remove-module', faultModule)).code).toBe(9);
  });

  it.each([
    ['/nowhere/module.so', 'module-missing'],
    ['module.so', 'bad-request'],
    ['/etc/hostname', 'module-failed'],
  ])('do not add %s, and say why', async (path, code) => {
    expect(await bridge.call('tokens.addModule', { path })).toMatchObject({ ok: false, error: { code } });
    expect(await modules()).toEqual([]);
  });
});
