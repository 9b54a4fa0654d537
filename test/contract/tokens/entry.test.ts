/** The process a token host lives in: both kinds of channel, and its end with the desk's. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTokenHost, startChild } from '../../../native/client.ts';
import { createSoftHsmStack, logIn, type TokenStack, tokenHostEntry, unwrap } from './token-stack.ts';

const clientUrl = new URL('../../../native/client.ts', import.meta.url);

/** What Electron's utility process gives its script, over child_process. */
const parentPort = `
import { EventEmitter } from 'node:events';
const port = new EventEmitter();
port.postMessage = (message) => process.send({ throughPort: message });
process.on('message', (data) => port.emit('message', { data }));
process.parentPort = port;
await import(${JSON.stringify(tokenHostEntry.href)});
`;

/** A desk that lists the tokens, says which process its token host is, and waits. */
const desk = `
import { createTokenHost, startChild } from ${JSON.stringify(clientUrl.href)};
let child;
const host = createTokenHost(process.argv[2], (args) => (child = startChild(new URL(process.argv[3]), args)));
process.send({ tokens: (await host.list()).value.length, pid: child.pid });
setInterval(() => undefined, 1000);
`;

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("a token host's process", () => {
  let stack: TokenStack;

  beforeAll(async () => {
    stack = await createSoftHsmStack();
  });
  afterAll(() => stack.remove());

  it('speaks through parentPort where there is one', async () => {
    const entry = join(stack.folder, 'utility-process.mjs');
    await writeFile(entry, parentPort);
    let throughPort = 0;
    const host = createTokenHost(stack.modulePath, (args) => {
      const child = startChild(new URL(`file://${entry}`), args, { ...process.env, ...stack.env });
      return {
        ...child,
        onMessage: (listener) =>
          child.onMessage((message) => {
            throughPort++;
            listener((message as { throughPort: unknown }).throughPort);
          }),
      };
    });
    const { sessionId } = await logIn(host, stack);
    unwrap(await host.sign(sessionId, { keyId: '01', scheme: 'rsa-pkcs1-sha256' }, Buffer.from('x')));
    await host.close();
    expect(throughPort).toBe(3);
  });

  it('ends when the desk is killed', async () => {
    const script = join(stack.folder, 'desk.mjs');
    await writeFile(script, desk);
    const env = { ...process.env, ...stack.env };
    const parent = fork(script, [stack.modulePath, tokenHostEntry.href], { env, execArgv: [], stdio: 'ignore' });
    const [{ tokens, pid }] = (await once(parent, 'message')) as [{ tokens: number; pid: number }];
    expect(tokens).toBe(1);
    expect(isRunning(pid)).toBe(true);
    parent.kill('SIGKILL');
    await expect.poll(() => isRunning(pid), { timeout: 20_000 }).toBe(false);
  });

  it('is reported as ended where it could not even start', async () => {
    const missing = new URL('file:///nowhere/token-host.ts');
    const host = createTokenHost(stack.modulePath, (args) => startChild(missing, args));
    expect(await host.list()).toEqual({ ok: false, code: 'module-crashed' });
    await host.close();
  });
});
