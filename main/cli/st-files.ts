/** `st dst resources|files|name-file|remove-file|thumb …`: the files of a transaction at the service. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CommandError } from './exit-codes.ts';
import type { Command } from './inbox-commands.ts';
import { accountOf, remoteIdOf } from './st-which.ts';
import { clean, table } from './table.ts';

export const filesUsage = `  st dst resources ID --out FILE.zip | files ID           all files as a zip; what files there are
  st dst name-file ID RESOURCE [--title TEXT] [--name FILE.pdf] | remove-file RESOURCE     in a draft
  st dst thumb RESOURCE --out FILE.jpg [--page N] [--width PIXELS]`;

const usageError = () => new CommandError('bad-input', filesUsage, 'usage');

const resources: Command = async (desk, args, out) => {
  const path = args.text('out');
  if (path === undefined) throw usageError();
  const accountId = await accountOf(desk, args);
  const remoteId = await remoteIdOf(desk, args.needed(1, 'st dst resources ID --out FILE.zip'));
  const saved = await desk.call('prepare.export', { accountId, remoteId, path: resolve(path) });
  out.result(saved, (each) => `${each.path}  ${each.sizeBytes} bytes`);
  return 'done';
};

const files: Command = async (desk, args, out) => {
  const accountId = await accountOf(desk, args);
  const remoteId = await remoteIdOf(desk, args.needed(1, 'st dst files ID'));
  const listed = await desk.call('prepare.files', { accountId, remoteId });
  out.result(listed.files, (list) =>
    table(
      ['RESOURCE', 'NAME', 'BYTES', 'TITLE'],
      list.map((each) => [each.resourceId, clean(each.filename), String(each.sizeBytes ?? ''), clean(each.title)]),
    ),
  );
  return 'done';
};

const nameFile: Command = async (desk, args, out) => {
  const [title, filename] = [args.text('title'), args.text('name')];
  if (title === undefined && filename === undefined) throw usageError();
  const resourceId = args.needed(2, 'st dst name-file ID RESOURCE [--title TEXT] [--name FILE.pdf]');
  const accountId = await accountOf(desk, args);
  const remoteId = await remoteIdOf(desk, args.needed(1, 'st dst name-file ID RESOURCE'));
  const change = { ...(title === undefined ? {} : { title }), ...(filename === undefined ? {} : { filename }) };
  await desk.call('prepare.editFile', { accountId, remoteId, resourceId, change });
  out.result({ resourceId, ...change }, () => 'Changed.');
  return 'done';
};

const removeFile: Command = async (desk, args, out) => {
  const resourceId = args.needed(1, 'st dst remove-file RESOURCE');
  await desk.call('prepare.removeFile', { accountId: await accountOf(desk, args), resourceId });
  out.result({ resourceId }, () => 'Taken away.');
  return 'done';
};

const thumb: Command = async (desk, args, out) => {
  const path = args.text('out');
  if (path === undefined) throw usageError();
  const resourceId = args.needed(1, 'st dst thumb RESOURCE --out FILE.jpg');
  const widthPx = args.number('width');
  const about = { resourceId, page: args.number('page') ?? 1, ...(widthPx === undefined ? {} : { widthPx }) };
  const { bytes } = await desk.call('prepare.thumb', { accountId: await accountOf(desk, args), ...about });
  await writeFile(resolve(path), bytes);
  out.result({ path: resolve(path), sizeBytes: bytes.length }, (each) => each.path);
  return 'done';
};

export const fileActions: Readonly<Record<string, Command>> = {
  resources,
  files,
  'name-file': nameFile,
  'remove-file': removeFile,
  thumb,
};
