/** The most memory the command line holds while it signs one file: the real one, started as scripts/countersign.mjs starts it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { createP12Stack } from '../contract/tokens/stacks/p12.ts';

const cli = fileURLToPath(new URL('../../main/cli.ts', import.meta.url));
/**
 * Loaded into the process: what it held at most is the last line it says. Of /proc, since getrusage's figure begins with what the process that
 * started it held (proc(5): VmHWM is of the memory after execve).
 */
const TELL = `data:text/javascript,${encodeURIComponent(`
  import { readFileSync } from 'node:fs';
  process.on('exit', () => process.stdout.write('\\n' + /VmHWM:\\s+([0-9]+)/.exec(readFileSync('/proc/self/status'))[1]));
`)}`;

export interface CommandLine {
  /** Signs with a PKCS#12 file. @returns MB */
  peakOf(input: string, output: string): Promise<number>;
  remove(): Promise<void>;
}

/** @param folder for what was compiled: the first call compiles it, as the first call of an installation does */
export async function openCommandLine(folder: string): Promise<CommandLine> {
  const { modulePath, pin, remove } = await createP12Stack();
  const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compiled') };
  return {
    async peakOf(input, output) {
      const options = ['--no-warnings', '--max-semi-space-size=2', '--import', TELL];
      const flags = ['--out', output, '--p12', modulePath, '--pin-fd', '0'];
      const child = spawn(process.execPath, [...options, cli, 'sign', input, ...flags], {
        env,
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      child.stdin.end(`${pin}\n`);
      const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
      if (code !== 0) throw new Error(said);
      return Math.round(Number(said.split('\n').at(-1)) / 1024);
    },
    remove,
  };
}
