/** `st appearance …`: the picture the service keeps for each of one's signing identities. */
import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { CommandError } from './exit-codes.ts';
import type { Command } from './inbox-commands.ts';
import { accountOf } from './st-which.ts';
import { clean, table } from './table.ts';

export const appearanceUsage = `  st appearance identities | get IDENTITY --out FILE | set IDENTITY --image FILE | delete IDENTITY`;

export const appearance: Command = async (desk, args, out) => {
  const [action] = args.positional;
  const wrong = () => new CommandError('bad-input', appearanceUsage, 'usage');
  if (action === 'identities') {
    const { identities } = await desk.call('appearances.identities', { accountId: await accountOf(desk, args) });
    out.result(identities, (list) =>
      table(
        ['IDENTITY', 'LABEL'],
        list.map(({ identityId, label }) => [identityId, clean(label)]),
      ),
    );
    return 'done';
  }
  if (action !== 'get' && action !== 'set' && action !== 'delete') throw wrong();
  const identityId = args.needed(1, `st appearance ${action} IDENTITY`);
  const [file, image] = [args.text('out'), args.text('image')];
  if ((action === 'get' && file === undefined) || (action === 'set' && image === undefined)) throw wrong();
  const which = { accountId: await accountOf(desk, args), identityId };
  if (action === 'get' && file !== undefined) {
    const { bytes } = await desk.call('appearances.read', which);
    await writeFile(file, bytes);
    out.result({ path: file, sizeBytes: bytes.length }, ({ path }) => path);
  } else if (action === 'set' && image !== undefined) {
    const bytes = new Uint8Array(await readFile(image));
    await desk.call('appearances.write', { ...which, name: basename(image), bytes });
    out.result({ set: true }, () => 'Set.');
  } else {
    await desk.call('appearances.remove', which);
    out.result({ deleted: true }, () => 'Deleted.');
  }
  return 'done';
};
