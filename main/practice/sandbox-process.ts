/** The sandbox in a process of its own, as `npm run sandbox` starts it; a packaged app does not carry it. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** What the sandbox prints of itself as one line of JSON. */
const facts = z.object({
  signingToday: z.url(),
  signIn: z.object({
    username: z.string(),
    password: z.string(),
    clientId: z.string(),
    clientSecret: z.string(),
  }),
  timestamps: z.url(),
  root: z.string().min(1),
  token: z.object({
    pin: z.string(),
    modulePath: z.string().min(1),
    environment: z.record(z.string(), z.string()),
  }),
});
export type SandboxFacts = z.infer<typeof facts>;

export interface Program {
  readonly node: string;
  readonly script: string;
}

/** Making its samples and keys takes some seconds the first time. */
const START_MS = 90_000;
const MOST_CHARACTERS = 64 * 1024;

/** Where the sandbox can be started: in a checkout; else undefined. */
export function practiceProgram(): Program | undefined {
  // main/practice/… as source; out/main/… or out/main/chunks/… built.
  for (const up of ['../..', '../../..']) {
    const root = fileURLToPath(new URL(up, import.meta.url));
    const node = join(root, 'node_modules', 'node', 'bin', 'node');
    const script = join(root, 'test', 'sandbox', 'serve.ts');
    if (existsSync(script) && existsSync(node)) return { node, script };
  }
  return undefined;
}

export interface SandboxProcess {
  readonly facts: SandboxFacts;
  /** Ends it and waits until it has. */
  stop(): Promise<void>;
}

function parseFacts(line: string): SandboxFacts | undefined {
  try {
    return facts.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/**
 * Starts it in `dir`, where it goes on as it was; it ends with this process whatever becomes of that, as its input does.
 * @throws Error where it ends, says nothing that is understood or is given up before it is up
 */
export async function startSandboxProcess(
  program: Program,
  dir: string,
  signal?: AbortSignal,
): Promise<SandboxProcess> {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = spawn(program.node, ['--no-warnings', program.script, '--json', '--with-parent', '--keep', dir], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env,
  });
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  const stop = async () => {
    child.stdin.destroy();
    await ended;
  };
  child.stdin.on('error', () => undefined);
  const up = new Promise<SandboxFacts | undefined>((resolve) => {
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      const end = text.indexOf('\n');
      if (end >= 0) resolve(parseFacts(text.slice(0, end)));
      else if (text.length > MOST_CHARACTERS) resolve(undefined);
    });
    void ended.then(() => resolve(undefined));
    signal?.addEventListener('abort', () => resolve(undefined), { once: true });
    setTimeout(() => resolve(undefined), START_MS).unref();
  });
  const known = await up;
  if (known && !signal?.aborted) return { facts: known, stop };
  child.kill('SIGKILL');
  await stop();
  throw new Error('the sandbox does not start');
}
