/** `st GROUP …`: what preparers and administrators do at Signing Today. A group of commands is a file. */
import { CommandError } from './exit-codes.ts';
import type { Command } from './inbox-commands.ts';
import { adminGroups, adminUsage } from './st-admin.ts';
import { appearance, appearanceUsage } from './st-appearance.ts';
import { dst, dstUsage } from './st-dst.ts';
import { filesUsage } from './st-files.ts';
import { robot, robotUsage } from './st-robot.ts';

const groups: Readonly<Record<string, Command>> = { dst, robot, appearance, ...adminGroups };

export const stUsage = [dstUsage, filesUsage, robotUsage, appearanceUsage, adminUsage].join('\n');

/** Hands the rest of the arguments to the group's command. */
export const st: Command = (desk, args, out) => {
  const [name = '', ...positional] = args.positional;
  const group = Object.hasOwn(groups, name) ? groups[name] : undefined;
  if (!group) throw new CommandError('bad-input', `st ${Object.keys(groups).join(' | ')}\n\n${stUsage}`, 'usage');
  const needed = (index: number, usage: string) => {
    const value = positional[index];
    if (!value) throw new CommandError('bad-input', `Usage: countersign ${usage}`, 'usage');
    return value;
  };
  return group(desk, { ...args, positional, needed }, out);
};
