/** inbox, show, decline, note, fill, settings. */
import type { InboxItem } from '../../preload/model.ts';
import { inboxView } from '../../preload/model.ts';
import type { DeskAccess, Output } from './access.ts';
import type { Arguments } from './arguments.ts';
import { CommandError, type ExitName } from './exit-codes.ts';
import { clean, day, table } from './table.ts';
import { inWords } from './words.ts';

export type Command = (desk: DeskAccess, args: Arguments, out: Output) => Promise<ExitName>;

const PAGE = 500;

async function* everything(desk: DeskAccess, search?: string): AsyncIterable<InboxItem> {
  for (let offset = 0; ; offset += PAGE) {
    const query = { view: 'all' as const, offset, limit: PAGE, ...(search === undefined ? {} : { search }) };
    const { items } = await desk.call('inbox.list', query);
    yield* items;
    if (items.length < PAGE) return;
  }
}

/** A transaction by its id, its provider's id, or an unambiguous beginning of either. */
export async function resolveTransaction(desk: DeskAccess, given: string): Promise<InboxItem> {
  const found: InboxItem[] = [];
  for await (const item of everything(desk)) {
    if (item.id === given || item.remoteId === given) return item;
    if (item.id.startsWith(given) || item.remoteId.startsWith(given)) found.push(item);
  }
  const [only] = found;
  if (!only) throw new CommandError('not-found', `There is no transaction ${given} in this profile. Run sync first?`);
  if (found.length > 1)
    throw new CommandError('bad-input', `${given} is the beginning of ${found.length} ids.`, 'usage');
  return only;
}

export const inbox: Command = async (desk, args, out) => {
  const view = inboxView.safeParse(args.positional[0] ?? 'all');
  if (!view.success) throw new CommandError('bad-input', `inbox [${inboxView.options.join(' | ')}]`, 'usage');
  const search = args.text('search');
  const limit = args.number('limit') ?? PAGE;
  const query = { view: view.data, offset: 0, limit, ...(search === undefined ? {} : { search }) };
  const listed = await desk.call('inbox.list', query);
  out.result(listed, ({ items, total }) =>
    [
      table(
        ['ID', 'STATUS', 'SYNC', 'UPDATED', 'FROM', 'TITLE'],
        items.map((i) => [
          i.remoteId.slice(0, 13),
          `${i.status}${i.urgent ? '!' : ''}`,
          i.sync,
          day(i.updatedAt),
          clean(i.senderName, 20),
          clean(i.title),
        ]),
      ),
      `${items.length} of ${total}`,
    ].join('\n'),
  );
  return 'done';
};

export const show: Command = async (desk, args, out) => {
  const { id } = await resolveTransaction(desk, args.needed(0, 'show ID'));
  // With no network the notes known here are shown.
  await desk.call('notes.refresh', { transactionId: id }).catch(() => undefined);
  const shown = await desk.call('inbox.show', { transactionId: id });
  out.result(shown, ({ transaction: t, notes, jobs, outbox: rows }) =>
    [
      `${clean(t.title, 100)}  [${t.status}]  from ${clean(t.senderName)}`,
      ...t.documents.flatMap((d) => [
        `  document ${clean(d.id)}: ${clean(d.title)} [${d.status}]`,
        ...d.forms
          .filter((f) => f.kind === 'text')
          .map((f) => `    form ${clean(f.id)}: ${clean(f.label)} = ${clean(f.value)}`),
        ...d.signatureRequests.map(
          (r) => `    ${r.mine ? 'my' : clean(r.signerName)} signature ${clean(r.id)}: ${r.state} ${clean(r.reason)}`,
        ),
      ]),
      ...notes.map(
        (n) => `  note by ${clean(n.authorName)}${n.unsent ? ' (not sent yet)' : ''}: ${clean(n.text, 200)}`,
      ),
      ...jobs.map((j) => `  signing ${clean(j.documentId)}: ${j.state}${j.code ? ` (${inWords(j.code)})` : ''}`),
      ...rows
        .filter((r) => r.state !== 'confirmed' && r.state !== 'settled')
        .map((r) => `  waiting: ${r.kind} ${r.state} ${r.code ?? ''}`),
    ].join('\n'),
  );
  return 'done';
};

/** After a change: delivered now if the network allows; it is kept in any case. */
async function deliverNow(desk: DeskAccess, transactionId: string, out: Output, said: string): Promise<ExitName> {
  await desk.call('sync.now', {});
  const left = (await desk.call('outbox.list', {})).filter((row) => row.transactionId === transactionId);
  out.result({ done: said, waiting: left }, () =>
    left.length === 0 ? `${said} Delivered.` : `${said} ${left.map((row) => inWords(row.code ?? 'offline')).join(' ')}`,
  );
  return 'done';
}

export const decline: Command = async (desk, args, out) => {
  const { id } = await resolveTransaction(desk, args.needed(0, 'decline ID --reason TEXT'));
  const reason = args.text('reason');
  if (!reason) throw new CommandError('bad-input', 'decline ID --reason TEXT: a reason is needed.', 'usage');
  await desk.call('transactions.decline', { transactionId: id, reason });
  return deliverNow(desk, id, out, 'Declined.');
};

export const note: Command = async (desk, args, out) => {
  const { id } = await resolveTransaction(desk, args.needed(0, 'note ID --text TEXT'));
  const text = args.text('text');
  if (!text) throw new CommandError('bad-input', 'note ID --text TEXT: a text is needed.', 'usage');
  await desk.call('notes.add', { transactionId: id, text });
  return deliverNow(desk, id, out, 'Noted.');
};

export const fill: Command = async (desk, args, out) => {
  const usage = 'fill ID --value DOCUMENT/FORM=TEXT …';
  const { id } = await resolveTransaction(desk, args.needed(0, usage));
  const values = args.list('value').map((given) => {
    const match = /^([^/]+)\/([^=]+)=(.*)$/s.exec(given);
    if (!match?.[1] || !match[2]) throw new CommandError('bad-input', usage, 'usage');
    return { documentId: match[1], formId: match[2], value: match[3] ?? '' };
  });
  if (values.length === 0) throw new CommandError('bad-input', usage, 'usage');
  await desk.call('transactions.fill', { transactionId: id, values });
  return deliverNow(desk, id, out, 'Filled.');
};

const LISTS = new Set(['timestampAuthorities', 'pkcs11Modules', 'trustAnchors']);
const NUMBERS = new Set(['prefetchLimitBytes', 'loginLifetimeMinutes']);
const SWITCHES = new Set(['compactList', 'notifications']);

/** The value a setting is given as words: a list, a number, yes or no, a text, or nothing to take it away. */
function settingValue(name: string, words: readonly string[]): unknown {
  if (LISTS.has(name)) return words;
  const [word] = words;
  if (NUMBERS.has(name) && word !== undefined && /^\d+$/.test(word)) return Number(word);
  if (SWITCHES.has(name)) return { true: true, false: false }[word ?? ''] ?? word ?? null;
  return word ?? null;
}

export const settings: Command = async (desk, args, out) => {
  const [action, name, ...values] = args.positional;
  if (action === 'set' && name) {
    await desk.call('settings.change', { [name]: settingValue(name, values) });
  } else if (action !== undefined) throw new CommandError('bad-input', 'settings [set NAME VALUE…]', 'usage');
  out.result(await desk.call('settings.get', {}), (s) =>
    Object.entries(s)
      .map(([key, value]) => `${key}: ${Array.isArray(value) ? value.join(' ') : value}`)
      .join('\n'),
  );
  return 'done';
};
