/** export: signed files as a zip. */
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { CommandError } from './exit-codes.ts';
import { type Command, resolveTransaction } from './inbox-commands.ts';
import { interruptible } from './interrupt.ts';

const usage = 'export [ID…] --out FILE.zip [--fetch]';

export const exportFiles: Command = async (desk, args, out) => {
  const given = args.text('out');
  if (given === undefined) throw new CommandError('bad-input', usage, 'usage');
  const transactionIds: string[] = [];
  for (const id of args.positional) transactionIds.push((await resolveTransaction(desk, id)).id);
  const exportId = randomUUID();
  const cancel = () => void desk.call('exports.cancel', { exportId }).catch(() => undefined);
  const exported = () =>
    desk.call('exports.signed', {
      exportId,
      // Another desk may do it, with another working directory.
      path: resolve(given),
      ...(args.is('fetch') ? { fetchMissing: true } : {}),
      ...(transactionIds.length > 0 ? { transactionIds } : {}),
    });
  const result = await interruptible(cancel, exported);
  out.result(result, ({ files, bytes, missing, path }) => {
    const left = missing === 0 ? '' : ` ${missing} signed documents are not here; --fetch gets them.`;
    return `${files} files, ${(bytes / 1e6).toFixed(1)} MB in ${path}.${left}`;
  });
  return result.missing === 0 ? 'done' : 'incomplete';
};
