/** Starts a token host by child_process.fork, for every host of the app but Electron. */
import { type ChildProcess, fork } from 'node:child_process';
import type { ChildProcessPort } from './token-port.ts';

const running = new Set<ChildProcess>();

/** One that is stuck in its module's code does not hear that the channel is gone. */
function endWithUs(child: ChildProcess): void {
  if (running.size === 0) process.on('exit', killAll);
  running.add(child);
  child.once('close', () => {
    running.delete(child);
    if (running.size === 0) process.off('exit', killAll);
  });
}

function killAll(): void {
  for (const child of running) child.kill('SIGKILL');
}

/**
 * @param entry file URL of token-host.ts, or of what it was built to
 * @param args the module's absolute path
 * @param env the child's environment; NODE_OPTIONS is left out, so that no inspector or loader meets a PIN
 */
export function startChild(
  entry: URL,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): ChildProcessPort {
  const { NODE_OPTIONS: _, ...childEnv } = env;
  const child = fork(entry, [...args], {
    execPath: process.execPath,
    execArgv: [],
    env: childEnv,
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    windowsHide: true,
    // A session of its own: a terminal's Ctrl-C, which goes to all processes in front, must not reach into a module at work.
    detached: process.platform !== 'win32',
  });
  endWithUs(child);
  const exitListeners: ((exit: { code: number | null; signal: string | null }) => void)[] = [];
  let ended: { code: number | null; signal: string | null } | undefined;
  const end = (exit: { code: number | null; signal: string | null }) => {
    if (ended) return;
    ended = exit;
    for (const listener of exitListeners) listener(exit);
  };
  // `close` comes after the channel's last message, `exit` may come before it.
  child.on('close', (code, signal) => end({ code, signal }));
  child.on('error', () => {
    if (child.pid === undefined) end({ code: null, signal: null });
  });
  return {
    pid: child.pid,
    send(message) {
      // A closed channel is no error: the end of the process is reported by itself.
      if (child.connected && isSerializable(message)) child.send(message, () => undefined);
    },
    onMessage: (listener) => void child.on('message', listener),
    onExit(listener) {
      if (ended) listener(ended);
      else exitListeners.push(listener);
    },
    kill: () => void child.kill('SIGKILL'),
  };
}

function isSerializable(message: unknown): message is object {
  return typeof message === 'object' && message !== null;
}
