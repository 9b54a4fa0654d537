/** `st robot …`: accounts of programs. The token is printed once; it is written nowhere. */
import { readFile } from 'node:fs/promises';
import { type RobotSettings, robotSettings } from '../../preload/model.ts';
import type { Arguments } from './arguments.ts';
import { CommandError } from './exit-codes.ts';
import type { Command } from './inbox-commands.ts';
import { accountOf } from './st-which.ts';

export const robotUsage = `  st robot token | clear | settings | configure FILE.json     [--robot USER@DOMAIN]`;

/** One's own account where none is named. @throws CommandError usage */
function robotOf(args: Arguments) {
  const given = args.text('robot');
  if (given === undefined) return {};
  const [, username, domain] = /^([^@]+)@([^@]+)$/.exec(given) ?? [];
  if (!username || !domain) throw new CommandError('bad-input', '--robot takes USER@DOMAIN.', 'usage');
  return { robot: { username, domain } };
}

/** @throws CommandError usage where the file is not such settings */
async function readSettings(path: string): Promise<RobotSettings> {
  const text = await readFile(path, 'utf8');
  try {
    return robotSettings.parse(JSON.parse(text));
  } catch {
    const form = '{"requestHeaders": {…}, "authentication": {…}, "webhooks": {"dst": URL}}';
    throw new CommandError('bad-input', `${path} is not ${form}.`, 'usage');
  }
}

export const robot: Command = async (desk, args, out) => {
  const [action] = args.positional;
  const which = robotOf(args);
  if (action === 'token') {
    const about = { accountId: await accountOf(desk, args), ...which };
    out.result(await desk.call('robots.token', about), ({ token }) => token);
  } else if (action === 'clear') {
    await desk.call('robots.clearToken', { accountId: await accountOf(desk, args), ...which });
    out.result({ cleared: true }, () => 'The token is void.');
  } else if (action === 'settings') {
    const about = { accountId: await accountOf(desk, args), ...which };
    out.result(await desk.call('robots.settings', about), (settings) => JSON.stringify(settings, null, 2));
  } else if (action === 'configure') {
    const settings = await readSettings(args.needed(1, 'st robot configure FILE.json'));
    await desk.call('robots.setSettings', { accountId: await accountOf(desk, args), ...which, settings });
    out.result({ configured: true }, () => 'Set.');
  } else throw new CommandError('bad-input', robotUsage, 'usage');
  return 'done';
};
