/** Runs the command line as a person would: a process of its own, secrets through a file descriptor. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../../../main/cli.ts', import.meta.url));

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Given the process once it has said its first words. */
  readonly onWords?: (child: ChildProcess) => unknown;
  /** A process group of its own, as a terminal gives it. */
  readonly inFront?: boolean;
}

/** @param secret goes to file descriptor 3, a line each */
export function runCli(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  secret?: string,
  { onWords, inFront = false }: RunOptions = {},
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--no-warnings', cli, ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      detached: inFront,
    });
    if (onWords) child.stdout?.once('data', () => onWords(child));
    const text = { stdout: '', stderr: '' };
    child.stdout?.on('data', (chunk) => (text.stdout += String(chunk)));
    child.stderr?.on('data', (chunk) => (text.stderr += String(chunk)));
    const pipe = child.stdio[3];
    if (pipe && 'end' in pipe) {
      // A command that needs no secret closes its end unread.
      pipe.on('error', () => undefined);
      pipe.end(secret === undefined ? '' : `${secret}\n`);
    }
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? -1, ...text }));
  });
}
