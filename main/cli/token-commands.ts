/** countersign tokens: the list, --watch, diagnose, change-pin, unblock, and the modules a person adds. */
import { resolve } from 'node:path';
import type { TokensChange, TokenView } from '../../preload/model.ts';
import type { DeskAccess, Output } from './access.ts';
import type { Arguments } from './arguments.ts';
import { CommandError, type ExitName } from './exit-codes.ts';
import { changePinCommand, unblockCommand } from './pin-commands.ts';
import { clean } from './table.ts';
import { openTokenSource, type TokenSource } from './token-source.ts';
import { diagnosisWords, findingWords, overviewWords } from './token-words.ts';

type TokenCommand = (args: Arguments, out: Output) => Promise<ExitName>;

const commands: Readonly<Record<string, TokenCommand>> = {
  diagnose,
  'change-pin': changePinCommand,
  unblock: unblockCommand,
  'add-module': addModule,
  'remove-module': removeModule,
};

export async function tokensCommand(args: Arguments, out: Output): Promise<ExitName> {
  const [name] = args.positional;
  if (name === undefined) return args.is('watch') ? watch(args, out) : list(args, out);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    const usage =
      'Usage: countersign tokens [diagnose|change-pin|unblock|add-module PATH|remove-module PATH] [--watch] [--module PATH]';
    throw new CommandError('bad-input', usage, 'usage');
  }
  return command(args, out);
}

async function withSource(args: Arguments, work: (source: TokenSource) => Promise<ExitName>): Promise<ExitName> {
  const source = await openTokenSource(args);
  try {
    return await work(source);
  } finally {
    await source.close();
  }
}

function list(args: Arguments, out: Output): Promise<ExitName> {
  return withSource(args, async (source) => {
    const overview = await source.overview();
    out.result(overview, overviewWords);
    return overview.tokens.length > 0 ? 'done' : 'token';
  });
}

function diagnose(args: Arguments, out: Output): Promise<ExitName> {
  return withSource(args, async (source) => {
    const overview = await source.overview();
    out.result(overview, diagnosisWords);
    return overview.diagnosis.layer === 'ok' ? 'done' : 'token';
  });
}

/** The modules a person adds are in the profile: the desk that has it open changes them, else it is opened here. */
async function withDesk<T>(args: Arguments, work: (desk: DeskAccess) => Promise<T>): Promise<T> {
  const { openDesk } = await import('./session.ts');
  const desk = await openDesk(args.text('profile'));
  try {
    return await work(desk);
  } finally {
    await desk.close();
  }
}

async function addModule(args: Arguments, out: Output): Promise<ExitName> {
  const path = resolve(args.needed(1, 'tokens add-module PATH'));
  const added = await withDesk(args, (desk) => desk.call('tokens.addModule', { path }));
  out.result({ path, ...added }, ({ tokenCount }) => `Added. Tokens it shows now: ${tokenCount}.`);
  return 'done';
}

async function removeModule(args: Arguments, out: Output): Promise<ExitName> {
  const path = resolve(args.needed(1, 'tokens remove-module PATH'));
  await withDesk(args, (desk) => desk.call('tokens.removeModule', { path }));
  out.result({ path }, () => 'Removed.');
  return 'done';
}

/** The desk forgets after half a minute that somebody watches. */
const KEEP_WATCHING_MS = 15_000;

type WatchEvent =
  | ({ readonly event: TokensChange['cause'] | 'watching' } & Partial<Omit<TokensChange, 'cause'>>)
  | { readonly event: 'token-added' | 'token-removed'; readonly token: TokenView };

/** One line an event, until the process is interrupted or nobody reads any more. */
function watch(args: Arguments, out: Output): Promise<ExitName> {
  return withSource(args, async (source) => {
    const ended = Promise.withResolvers<void>();
    const stop = () => ended.resolve();
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
    process.stdout.once('error', stop);
    const print = (event: WatchEvent) => {
      const at = new Date().toISOString();
      process.stdout.write(`${out.json ? JSON.stringify({ at, ...event }) : `${at} ${eventWords(event)}`}\n`);
    };
    const tokens = followTokens(source, print);
    const silence = source.on((change) => {
      const { cause, ...about } = change;
      if (cause !== 'tokens') print({ event: cause, ...about });
      tokens.look();
    });
    await tokens.looked();
    print({ event: 'watching' });
    await source.keepWatching();
    const timer = setInterval(() => void source.keepWatching().catch(stop), KEEP_WATCHING_MS);
    await ended.promise;
    clearInterval(timer);
    silence();
    await tokens.looked().catch(() => undefined);
    return 'done';
  });
}

/** Lists again after each change, one listing at a time, and prints which tokens came and went. */
function followTokens(source: TokenSource, print: (event: WatchEvent) => void) {
  let known = new Map<string, TokenView>();
  let running: Promise<void> | undefined;
  let again = true;
  const run = async () => {
    while (again) {
      again = false;
      const found = new Map((await source.overview()).tokens.map((token) => [token.id, token]));
      for (const [id, token] of known) if (!found.has(id)) print({ event: 'token-removed', token });
      for (const [id, token] of found) if (!known.has(id)) print({ event: 'token-added', token });
      known = found;
    }
    running = undefined;
  };
  const look = () => {
    again = true;
    running ??= run();
    return running;
  };
  return {
    look: () => void look().catch(() => undefined),
    looked: () => running ?? (known.size === 0 ? look() : Promise.resolve()),
  };
}

function eventWords(event: WatchEvent): string {
  if ('token' in event) {
    const { label, serialNumber, slotDescription, identities } = event.token;
    const names = identities.map(
      ({ commonName, disabledReason }) => `${clean(commonName, 30)} (${disabledReason ?? 'can sign'})`,
    );
    return `${event.event} ${clean(label)} ${clean(serialNumber)} in ${clean(slotDescription)}: ${names.join(', ') || findingWords({ layer: 'no-certificate' })}`;
  }
  const { event: name, ...about } = event;
  return [name, ...Object.values(about).map((value) => clean(String(value), 80))].join(' ');
}
