/** Which files a command means, and where their results go: files as named, a folder for what is in it. */
import { mkdir, readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { FileJob } from '../signing/index.ts';
import type { Arguments } from './arguments.ts';
import { CommandError } from './exit-codes.ts';

const isFolder = async (path: string) => (await stat(path).catch(() => undefined))?.isDirectory() === true;

/** By the kind of signature: in the PDF, around the file, beside it. */
function signedName(input: string, args: Arguments): string {
  const name = basename(input);
  if (!args.is('cades')) return `${name.replace(/\.pdf$/i, '')}.signed.pdf`;
  if (/\.p7[ms]$/i.test(name)) return name.replace(/\.(p7[ms])$/i, '.signed.$1');
  return `${name}.${args.is('detached') ? 'p7s' : 'p7m'}`;
}

/** In a folder: its PDFs, or with --cades every file; never what an earlier run made of one that is there too. */
async function filesIn(folder: string, args: Arguments): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.')).map(({ name }) => name);
  const made = new Set(names.map((name) => signedName(name, args)));
  const isMeant = (name: string) => (args.is('cades') ? !/\.p7[ms]$/i.test(name) : /\.pdf$/i.test(name));
  return names
    .filter((name) => isMeant(name) && !made.has(name))
    .sort()
    .map((name) => join(folder, name));
}

/** Every file the arguments mean, absolute; none of them twice. @throws CommandError usage where a folder has none */
export async function meantFiles(args: Arguments): Promise<string[]> {
  const files: string[] = [];
  for (const given of args.positional) {
    const path = resolve(given);
    if (!(await isFolder(path))) {
      files.push(path);
      continue;
    }
    const inside = await filesIn(path, args);
    if (inside.length === 0) throw new CommandError('bad-input', `${given} holds no file to sign.`, 'usage');
    files.push(...inside);
  }
  return [...new Set(files)];
}

/**
 * Whether --out names a folder: one is there, or its results need one, which is made.
 * @throws CommandError usage where it cannot be made
 */
export async function isOutFolder(out: string | undefined, areMany: boolean): Promise<boolean> {
  if (out === undefined) return false;
  if (await isFolder(out)) return true;
  if (!areMany && !/[/\\]$/.test(out)) return false;
  try {
    await mkdir(out, { recursive: true });
  } catch {
    throw new CommandError('bad-input', `--out must be a folder, and ${out} cannot be made one.`, 'usage');
  }
  return true;
}

/** Each file's output: beside it, or where --out says. @throws CommandError usage */
export async function signedOutputs(args: Arguments): Promise<FileJob[]> {
  const inputs = await meantFiles(args);
  const out = args.text('out');
  const folder = await isOutFolder(out, inputs.length > 1 || (await isFolder(args.positional[0] ?? '')));
  const taken = new Set<string>();
  return inputs.map((input) => {
    const name = signedName(input, args);
    const output = out === undefined ? join(input, '..', name) : resolve(folder ? join(out, name) : out);
    if (output === input) throw new CommandError('bad-input', 'The output would replace the input.', 'usage');
    if (taken.has(output)) throw new CommandError('bad-input', `Two results would be ${basename(output)}.`, 'usage');
    taken.add(output);
    return { input, output };
  });
}
