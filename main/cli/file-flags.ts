/** Flags that every command on files has: what is trusted, the password of encrypted files, the moment to judge at. */
import { readFile } from 'node:fs/promises';
import type { SignatureLevel } from '../../preload/model.ts';
import { parsePem } from '../pki/index.ts';
import type { Arguments } from './arguments.ts';
import { CommandError } from './exit-codes.ts';
import { readSecret } from './pin.ts';

/** --trust PEM…: every certificate in them is an anchor. */
export async function anchorsOf(args: Arguments): Promise<Uint8Array[]> {
  const anchors: Uint8Array[] = [];
  for (const path of args.list('trust')) {
    const found = parsePem(await readFile(path, 'utf8'));
    if (found.length === 0) throw new CommandError('bad-input', `${path} holds no PEM certificate.`, 'input');
    anchors.push(...found);
  }
  return anchors;
}

const levels: readonly SignatureLevel[] = ['B-B', 'B-T', 'B-LT', 'B-LTA'];

/** --level, where it is given. @throws CommandError usage */
export function levelFlag(args: Arguments): SignatureLevel | undefined {
  const given = args.text('level');
  const level = levels.find((one) => one === given);
  if (given !== undefined && !level)
    throw new CommandError('bad-input', `--level takes ${levels.join(', ')}.`, 'usage');
  return level;
}

/** --password-fd: the password of encrypted files. */
export async function filePassword(args: Arguments): Promise<string | undefined> {
  const fd = args.number('password-fd');
  return fd === undefined ? undefined : new TextDecoder().decode(await readSecret('Password', fd));
}

/** --at TIME (ISO 8601), epoch ms; undefined where it is not given. */
export function momentOf(args: Arguments): number | undefined {
  const given = args.text('at');
  if (given === undefined) return undefined;
  const at = Date.parse(given);
  if (!Number.isFinite(at)) throw new CommandError('bad-input', '--at takes a time as 2026-01-31T12:00:00Z.', 'usage');
  return at;
}
