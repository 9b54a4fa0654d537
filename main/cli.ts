/** The command line: the same desk without a window. Commands on files open no profile; the others go to the desk that has it open. */
import { existsSync } from 'node:fs';
import { createOutput, type Output } from './cli/access.ts';
import { type Arguments, parseArguments } from './cli/arguments.ts';
import { CommandError, type ExitName, exitCodes, exitFor } from './cli/exit-codes.ts';
import type { Command } from './cli/inbox-commands.ts';
import { inLines } from './cli/table.ts';
import { inWords } from './cli/words.ts';

const inboxCommands = () => import('./cli/inbox-commands.ts');
const syncCommands = () => import('./cli/sync-commands.ts');

/** Each is loaded when it is called: a signature pays for nothing else. */
const deskCommands: Readonly<Record<string, () => Promise<Command>>> = {
  accounts: async () => (await import('./cli/account-commands.ts')).accounts,
  sync: async () => (await syncCommands()).sync,
  inbox: async () => (await inboxCommands()).inbox,
  show: async () => (await inboxCommands()).show,
  sign: async () => (await import('./cli/sign-command.ts')).signTransactions,
  decline: async () => (await inboxCommands()).decline,
  note: async () => (await inboxCommands()).note,
  fill: async () => (await inboxCommands()).fill,
  outbox: async () => (await syncCommands()).outbox,
  conflicts: async () => (await syncCommands()).conflicts,
  activity: async () => (await syncCommands()).activity,
  devices: async () => (await import('./cli/device-commands.ts')).devices,
  export: async () => (await import('./cli/export-command.ts')).exportFiles,
  authorities: async () => (await import('./cli/authority-commands.ts')).authorities,
  settings: async () => (await inboxCommands()).settings,
  st: async () => (await import('./cli/st-command.ts')).st,
};

type FileCommand = (args: Arguments, out: Output) => Promise<ExitName>;

const fileCommands: Readonly<Record<string, () => Promise<FileCommand>>> = {
  verify: async () => (await import('./cli/verify-command.ts')).verifyCommand,
  extend: async () => (await import('./cli/extend-command.ts')).extendCommand,
  inspect: async () => (await import('./cli/inspect-command.ts')).inspectCommand,
  tokens: async () => (await import('./cli/token-commands.ts')).tokensCommand,
};

/** `sign` is of files where one is named that is there, or that looks like one. */
async function fileCommand(command: string, { positional }: Arguments): Promise<FileCommand | undefined> {
  if (Object.hasOwn(fileCommands, command)) return fileCommands[command]?.();
  const onFiles = positional.some((given) => existsSync(given) || /[/\\]|\.pdf$/i.test(given));
  return command === 'sign' && onFiles ? (await import('./cli/file-commands.ts')).signFilesCommand : undefined;
}

async function run(args: Arguments, out: Output): Promise<ExitName> {
  if (args.command === undefined || args.command === 'help' || args.is('help')) {
    process.stdout.write(`${(await import('./cli/usage.ts')).usage}\n`);
    return args.command === undefined && !args.is('help') ? 'usage' : 'done';
  }
  const onFiles = await fileCommand(args.command, args);
  if (onFiles) return onFiles(args, out);
  const command = Object.hasOwn(deskCommands, args.command) ? await deskCommands[args.command]?.() : undefined;
  if (!command) {
    const { usage } = await import('./cli/usage.ts');
    throw new CommandError('bad-input', `There is no command ${args.command}.\n\n${usage}`, 'usage');
  }
  // The desk brings the store and its threads: files are signed without them.
  const { openDesk } = await import('./cli/session.ts');
  const desk = await openDesk(args.text('profile'));
  try {
    return await command(desk, args, out);
  } finally {
    await desk.close();
  }
}

function fail(error: unknown, json: boolean): ExitName {
  const about = error as { code?: unknown; message?: unknown };
  const code = typeof about.code === 'string' ? about.code : 'internal';
  const words = error instanceof CommandError ? error.message : inWords(code);
  if (json) process.stdout.write(`${JSON.stringify({ error: { code, message: words } })}\n`);
  else process.stderr.write(`${inLines(code === 'internal' ? String(about.message) : words)}\n`);
  return error instanceof CommandError ? error.exit : exitFor(code);
}

async function main(): Promise<ExitName> {
  const json = process.argv.includes('--json');
  try {
    const args = parseArguments(process.argv.slice(2));
    return await run(args, createOutput(json));
  } catch (error) {
    return fail(error, json);
  }
}

process.exitCode = exitCodes[await main()];
