/** The demo as a process of its own, to be killed at a line it prints or let run to its end. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const demo = fileURLToPath(new URL('../../sandbox/demo/demo.ts', import.meta.url));

export interface DemoEnd {
  /** Null when it was killed. */
  readonly code: number | null;
  readonly output: string;
}

function collect(child: ChildProcess, line: (text: string) => void): Promise<DemoEnd> {
  let output = '';
  const take = (chunk: unknown) => {
    output += String(chunk);
    line(output);
  };
  child.stdout?.on('data', take);
  child.stderr?.on('data', take);
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })));
}

/**
 * @param killAt SIGKILL `delayMs` after this text was printed; undefined: never
 */
export function runDemo(args: readonly string[], killAt?: { text: string; delayMs: number }): Promise<DemoEnd> {
  const child = spawn(process.execPath, ['--no-warnings', demo, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let armed = false;
  return collect(child, (output) => {
    if (!killAt || armed || !output.includes(killAt.text)) return;
    armed = true;
    setTimeout(() => child.kill('SIGKILL'), killAt.delayMs);
  });
}
