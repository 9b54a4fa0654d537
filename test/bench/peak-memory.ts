/** The most memory the command line holds while it signs one file: the real one, started as scripts/countersign starts it. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createP12Stack } from '../contract/tokens/stacks/p12.ts';
import { createSoftHsmStack } from '../contract/tokens/token-stack.ts';

const cli = fileURLToPath(new URL('../../main/cli.ts', import.meta.url));
/**
 * Loaded into the process: what it held at most is the last line it says. Of /proc, since getrusage's figure begins with what the process that
 * started it held (proc(5): VmHWM is of the memory after execve).
 */
const TELL = `data:text/javascript,${encodeURIComponent(`
  import { readFileSync } from 'node:fs';
  process.on('exit', () => process.stdout.write('\\n' + /VmHWM:\\s+([0-9]+)/.exec(readFileSync('/proc/self/status'))[1]));
`)}`;

const warm = fileURLToPath(new URL('../../scripts/warm.ts', import.meta.url));

export interface CommandLine {
  /** As set-up leaves the command line. */
  compile(): Promise<void>;
  /** Signs with a PKCS#12 file, or with a token behind SoftHSM's module. @returns MB */
  peakOf(input: string, output: string, by?: 'p12' | 'module'): Promise<number>;
  remove(): Promise<void>;
}

/** @param folder for what is compiled, empty at first */
export async function openCommandLine(folder: string): Promise<CommandLine> {
  const [file, token] = await Promise.all([createP12Stack(), createSoftHsmStack()]);
  const env = { ...process.env, ...token.env, NODE_COMPILE_CACHE: join(folder, 'compiled') };
  const keys = {
    p12: { pin: file.pin, flags: ['--p12', file.modulePath] },
    module: { pin: token.pin, flags: ['--module', token.modulePath, '--cert-id', token.keys.rsa] },
  } as const;
  return {
    async compile() {
      await promisify(execFile)(process.execPath, ['--no-warnings', warm], { env });
    },
    async peakOf(input, output, by = 'p12') {
      const { pin, flags } = keys[by];
      const options = ['--no-warnings', '--max-semi-space-size=2', '--import', TELL];
      const asked = ['sign', input, '--out', output, '--pin-fd', '0', ...flags];
      const child = spawn(process.execPath, [...options, cli, ...asked], {
        env,
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      child.stdin.end(`${pin}\n`);
      const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
      if (code !== 0) throw new Error(said);
      return Math.round(Number(said.split('\n').at(-1)) / 1024);
    },
    async remove() {
      await Promise.all([file.remove(), token.remove()]);
    },
  };
}
