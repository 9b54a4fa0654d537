/** OpenSSL as the judge of what the sandbox's authorities answer. Asynchronous: the servers it talks to live in this process. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Verdict {
  readonly code: number;
  readonly output: string;
}

export interface Workshop {
  readonly dir: string;
  /** Writes a file into the folder and gives its path. */
  put(name: string, content: Uint8Array | string): Promise<string>;
  remove(): Promise<void>;
}

export async function openWorkshop(): Promise<Workshop> {
  const dir = await mkdtemp(join(tmpdir(), 'countersign-pki-'));
  return {
    dir,
    async put(name, content) {
      const path = join(dir, name);
      await writeFile(path, content);
      return path;
    },
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}

/** Runs a program to its end; never rejects for its exit code. */
export function run(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Verdict> {
  return new Promise((resolve, reject) => {
    execFile(program, [...args], { env: { ...process.env, ...env } }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') return reject(error);
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr });
    });
  });
}

export const openssl = (...args: readonly string[]): Promise<Verdict> => run('openssl', args);
