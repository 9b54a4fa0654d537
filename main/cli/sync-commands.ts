/** sync, outbox, conflicts, activity. */
import { resolve } from 'node:path';
import { type ActivityEntry, type ConflictView, conflictChoice, type OutboxView } from '../../preload/model.ts';
import type { DeskAccess, Output } from './access.ts';
import type { Arguments } from './arguments.ts';
import { CommandError, type ExitName, exitFor } from './exit-codes.ts';
import { type Command, resolveTransaction } from './inbox-commands.ts';
import { clean, moment, table } from './table.ts';
import { inWords } from './words.ts';

async function setPaused(desk: DeskAccess, paused: boolean, out: Output): Promise<ExitName> {
  await desk.call(paused ? 'sync.pause' : 'sync.resume', {});
  out.result(await desk.call('sync.status', {}), (status) =>
    status.paused
      ? `Paused: nothing is read or delivered by itself. ${status.waiting} waiting. \`countersign sync --resume\` goes on.`
      : `Goes on by itself. ${status.waiting} waiting.`,
  );
  return 'done';
}

export const sync: Command = async (desk, args, out) => {
  if (args.is('pause')) return setPaused(desk, true, out);
  if (args.is('resume')) return setPaused(desk, false, out);
  const summary = await desk.call('sync.now', {});
  const { needsAttention } = await desk.call('sync.status', {});
  out.result(summary, (s) =>
    [
      `${s.pulled} read, ${s.delivered} delivered, ${s.waiting} waiting.`,
      ...(needsAttention > 0 ? [`${needsAttention} on hold: \`countersign conflicts\` says why.`] : []),
      ...s.errors.map((code) => `  ${inWords(code)}`),
    ].join('\n'),
  );
  const [first] = summary.errors;
  return first === undefined ? 'done' : exitFor(first);
};

export const outbox: Command = async (desk, args, out) => {
  const retried = args.text('retry');
  if (retried !== undefined) await desk.call('outbox.retry', { outboxId: retried });
  const rows = await desk.call('outbox.list', {});
  out.result(rows, (list: OutboxView[]) =>
    list.length === 0
      ? 'Nothing waits.'
      : table(
          ['ROW', 'KIND', 'STATE', 'TRIES', 'WHY', 'NEXT TRY', 'TITLE'],
          list.map((r) => [
            r.id,
            r.kind,
            r.state,
            String(r.attempts),
            r.code ?? '',
            r.retryAt === undefined ? '' : moment(r.retryAt),
            clean(r.title),
          ]),
        ),
  );
  return 'done';
};

function describe(list: readonly ConflictView[]): string {
  if (list.length === 0) return 'No conflicts.';
  return list
    .flatMap((c) => [
      `${c.id}  ${c.kind}  ${clean(c.title, 60)}  ${moment(c.happenedAt)}`,
      `  ${inWords(c.code)}`,
      ...c.texts.map((text) => `  “${clean(text, 120)}”`),
      ...(c.copy ? [`  signed copy kept: ${clean(c.copy.fileName, 80)}, ${c.copy.sizeBytes} bytes`] : []),
      c.settled === undefined ? `  choices: ${c.choices.join(' ')}` : `  settled: ${c.settled}`,
    ])
    .join('\n');
}

const CONFLICTS = 'conflicts [list [--all]] | settle ID CHOICE [--text TEXT] | export ID --out FILE';

/** A conflict by its id or an unambiguous beginning. */
async function resolveConflict(desk: DeskAccess, given: string): Promise<string> {
  const found = (await desk.call('conflicts.list', { settled: true })).filter(({ id }) => id.startsWith(given));
  const exact = found.find(({ id }) => id === given) ?? (found.length === 1 ? found[0] : undefined);
  if (exact) return exact.id;
  if (found.length === 0) throw new CommandError('not-found', `There is no conflict ${given}.`);
  throw new CommandError('bad-input', `${given} is the beginning of ${found.length} ids.`, 'usage');
}

async function settle(desk: DeskAccess, args: Arguments, out: Output): Promise<ExitName> {
  const id = await resolveConflict(desk, args.needed(1, CONFLICTS));
  const choice = conflictChoice.safeParse(args.positional[2]);
  if (!choice.success) throw new CommandError('bad-input', `CHOICE: ${conflictChoice.options.join(' | ')}`, 'usage');
  const text = args.text('text');
  const settled = await desk.call('conflicts.settle', {
    id,
    choice: choice.data,
    ...(text === undefined ? {} : { text }),
  });
  out.result(settled, ({ toSign }) => {
    const ids = [...new Set(toSign.map(({ transactionId }) => transactionId))];
    return ids.length === 0 ? 'Settled.' : `Settled. To sign the new version: countersign sign ${ids.join(' ')}`;
  });
  return 'done';
}

export const conflicts: Command = async (desk, args, out) => {
  const action = args.positional[0] ?? 'list';
  if (action === 'settle') return settle(desk, args, out);
  if (action === 'export') {
    const id = await resolveConflict(desk, args.needed(1, CONFLICTS));
    const path = args.text('out');
    if (path === undefined) throw new CommandError('bad-input', CONFLICTS, 'usage');
    const saved = await desk.call('conflicts.export', { id, path: resolve(path) });
    out.result(saved, ({ path: at }) => `Saved as ${at}.`);
    return 'done';
  }
  if (action !== 'list') throw new CommandError('bad-input', CONFLICTS, 'usage');
  out.result(await desk.call('conflicts.list', { settled: args.is('all') }), describe);
  return 'done';
};

const LIMIT = 50;

function line(entry: ActivityEntry): string[] {
  const times = entry.times > 1 ? ` ×${entry.times}` : '';
  const count = entry.count === undefined ? '' : ` (${entry.count})`;
  return [moment(entry.at), entry.kind, `${entry.outcome}${times}${count}`, entry.code ?? '', clean(entry.title)];
}

export const activity: Command = async (desk, args, out) => {
  const given = args.positional[0];
  const transactionId = given === undefined ? undefined : (await resolveTransaction(desk, given)).id;
  const limit = args.number('limit') ?? LIMIT;
  const entries = await desk.call('activity.list', {
    limit,
    ...(transactionId === undefined ? {} : { transactionId }),
  });
  out.result(entries, (list) =>
    list.length === 0 ? 'Nothing yet.' : table(['AT', 'KIND', 'OUTCOME', 'WHY', 'TITLE'], list.map(line)),
  );
  return 'done';
};
