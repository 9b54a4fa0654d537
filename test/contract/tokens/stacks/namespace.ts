/**
 * Daemons that know one place in the system only (a socket, a folder, a port): each runs in mounts, shared memory and, where it
 * must, a network of its own, so that no test meets the machine's own daemon or another test's. Linux, root.
 */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ChildProcessPort } from '../../../../native/token-port.ts';
import { tokenHostEntry } from '../token-stack.ts';

export interface Namespace {
  /** `nsenter` and its arguments: what follows runs inside. */
  readonly enter: readonly string[];
  readonly daemon: ChildProcess;
  stop(): Promise<void>;
}

/** What keeps this user from starting daemons; undefined for root on Linux, as in CI: what is missing there fails. */
export function lacksNamespaces(): string | undefined {
  if (process.platform !== 'linux') return 'Linux';
  return process.getuid?.() === 0 ? undefined : 'root';
}

/**
 * @param script shell lines that prepare the mounts and end in `exec DAEMON`
 * @param ready a file that is there once the daemon is up, as seen from outside
 * @param within another namespace to be in as well
 */
export async function startInNamespace(
  kinds: readonly string[],
  script: string,
  ready: string,
  within?: Namespace,
): Promise<Namespace> {
  const mounts = kinds.includes('-m') ? ['mount --make-rprivate /'] : [];
  const lines = ['set -e', ...mounts, script].join('\n');
  // Whatever becomes of this process, what it started goes with it.
  const [program = '', ...args] = [
    'setpriv',
    '--pdeathsig',
    'KILL',
    ...(within?.enter ?? []),
    'unshare',
    ...kinds,
    'sh',
    '-c',
    lines,
  ];
  const daemon = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  daemon.stderr?.on('data', (chunk) => (said += String(chunk)));
  const exited = once(daemon, 'exit');
  const gone = exited.then(() => {
    throw new Error(`the daemon ended: ${said.trim()}`);
  });
  gone.catch(() => undefined);
  await Promise.race([appears(ready), gone]);
  return {
    enter: ['nsenter', '-t', String(daemon.pid), ...kinds],
    daemon,
    async stop() {
      daemon.kill('SIGKILL');
      await exited;
    },
  };
}

async function appears(path: string): Promise<void> {
  for (;;) {
    const there = await access(path).then(
      () => true,
      () => false,
    );
    if (there) return;
    await sleep(20);
  }
}

/** Runs a script of Node's inside, with a channel, as fork does. */
export function forkInside(
  namespace: Namespace,
  script: URL,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): ChildProcess {
  const [nsenter = '', ...enter] = namespace.enter;
  return fork(fileURLToPath(script), [...args], {
    execPath: `/usr/bin/${nsenter}`,
    execArgv: [...enter, process.execPath],
    env,
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

/** A token host inside. */
export function startTokenHostInside(
  namespace: Namespace,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ChildProcessPort {
  const child = forkInside(namespace, tokenHostEntry, args, env);
  return {
    pid: child.pid,
    send: (message) => void (child.connected && child.send(message as object, () => undefined)),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.once('close', (code, signal) => listener({ code, signal })),
    kill: () => void child.kill('SIGKILL'),
  };
}
