/** Modules a person wants to add, tried in a process of their own. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../main/platform/clock.ts';
import { checkModule } from '../../../main/tokens/index.ts';
import { buildFaultModule, createSoftHsmStack, spyOn, type TokenStack } from '../../contract/tokens/token-stack.ts';

describe('a module to be added', () => {
  let stack: TokenStack;
  let faultModule: string;

  beforeAll(async () => {
    stack = await createSoftHsmStack();
    faultModule = await buildFaultModule(stack);
    await writeFile(join(stack.folder, 'text.so'), 'no library');
  });
  afterAll(() => stack.remove());

  it('is counted by its tokens, in a process that ends', async () => {
    const spied = spyOn(stack.start());
    const checked = await checkModule(stack.modulePath, { startProcess: spied.start, clock: systemClock });
    expect(checked).toEqual({ ok: true, value: { tokenCount: 1 } });
    const exit = new Promise((resolve) => spied.processes[0]?.onExit(resolve));
    expect(await exit).toMatchObject({ code: 0 });
  });

  it.each([
    ['is not there', () => join(stack.folder, 'gone.so'), {}, 'module-missing'],
    ['is no library', () => join(stack.folder, 'text.so'), {}, 'module-failed'],
    ['has no absolute path', () => 'libsofthsm2.so', {}, 'bad-request'],
    ['hangs', () => faultModule, { FAULT: 'hang-slots' }, 'module-hung'],
  ])('is refused where it %s', async (_, path, env, code) => {
    const startProcess = stack.start({ FAULT_REAL: stack.modulePath, ...env });
    const options = {
      startProcess,
      clock: systemClock,
      ...(code === 'module-hung' ? { deadlinesMs: { list: 1500 } } : {}),
    };
    expect(await checkModule(path(), options)).toMatchObject({ ok: false, code });
  });
});
