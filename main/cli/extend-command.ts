/** extend FILE…: raises what is signed to a level, or renews it. Opens no profile. */

import { basename, join, resolve } from 'node:path';
import { systemClock } from '../platform/clock.ts';
import { type ExtendResult, extendFiles, type FileJob, type RaisedLevel, type RaiseTools } from '../signing/index.ts';
import type { Output } from './access.ts';
import type { Arguments } from './arguments.ts';
import { CommandError, type ExitName, exitFor } from './exit-codes.ts';
import { anchorsOf, filePassword } from './file-flags.ts';
import { type Network, openNetwork } from './network.ts';
import { isOutFolder } from './output-names.ts';
import { clean } from './table.ts';
import { inWords } from './words.ts';

const levels: readonly RaisedLevel[] = ['B-T', 'B-LT', 'B-LTA'];

function levelOf(args: Arguments): RaisedLevel {
  const given = args.text('level');
  const level = levels.find((one) => one === given);
  if (!level) throw new CommandError('bad-input', '--level takes B-T, B-LT or B-LTA.', 'usage');
  return level;
}

/** In place unless --out names a file, or a folder for several. */
async function jobsOf(args: Arguments): Promise<FileJob[]> {
  args.needed(0, 'extend FILE… --level B-T|B-LT|B-LTA --trust PEM [--tsa URL] [--content FILE] [--out FILE|FOLDER]');
  const out = args.text('out');
  const folder = await isOutFolder(out, args.positional.length > 1);
  const content = args.text('content');
  if (content !== undefined && args.positional.length > 1)
    throw new CommandError('bad-input', '--content goes with one detached message.', 'usage');
  return args.positional.map((given) => {
    const input = resolve(given);
    const output = out === undefined ? input : resolve(folder ? join(out, basename(input)) : out);
    return { input, output, ...(content === undefined ? {} : { beside: resolve(content) }) };
  });
}

/** The rest of what raising takes. */
export function raiseTools(network: Network, anchors: readonly Uint8Array[]): RaiseTools {
  const { timestamps, collector } = network;
  return {
    timestamp: (stamped, signal) => timestamps.timestamp(stamped, signal),
    collector,
    anchors,
    clock: systemClock,
  };
}

const lineOf = ({ input, output, code, details, addedBytes }: ExtendResult, level: RaisedLevel) =>
  code === undefined
    ? `${input}: ${addedBytes === 0 ? `${level} already` : level}, ${output}`
    : [`${input}: ${inWords(code)}`, ...details.map((detail) => `  ${clean(detail, 200)}`)].join('\n');

/** Raises the files and says what became of each. */
export async function extendAll(
  jobs: readonly FileJob[],
  level: RaisedLevel,
  tools: RaiseTools,
  password: string | undefined,
  out: Output,
): Promise<ExtendResult[]> {
  const results: ExtendResult[] = [];
  for await (const result of extendFiles(jobs, level, tools, password)) {
    results.push(result);
    out.say(lineOf(result, level));
  }
  return results;
}

export async function extendCommand(args: Arguments, out: Output): Promise<ExitName> {
  const level = levelOf(args);
  const jobs = await jobsOf(args);
  const anchors = await anchorsOf(args);
  const password = await filePassword(args);
  const network = await openNetwork(args);
  try {
    const results = await extendAll(jobs, level, raiseTools(network, anchors), password, out);
    if (out.json) out.result(results, () => '');
    const failed = results.find(({ code }) => code !== undefined);
    return failed?.code === undefined ? 'done' : exitFor(failed.code);
  } finally {
    await network.close();
  }
}
