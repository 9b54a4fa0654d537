/** `st dst …`: make transactions and templates, publish, remind, replace, look at the audit trail, fetch all files. */
import { resolve } from 'node:path';
import type { PreparedChange, PreparedOutcome, PreparerStep } from '../../preload/model.ts';
import type { DeskAccess, Output } from './access.ts';
import type { Arguments } from './arguments.ts';
import { CommandError, type ExitName } from './exit-codes.ts';
import type { Command } from './inbox-commands.ts';
import { interruptible } from './interrupt.ts';
import { fileActions } from './st-files.ts';
import { parseExpiry, parsePlans, parseRoles, parseSigners } from './st-plan.ts';
import { accountOf, remoteIdOf } from './st-which.ts';
import { clean, day, table } from './table.ts';

export const dstUsage = `  st dst create FILE… --title TEXT (--signer "[GROUP:]Name <address>" | --role [GROUP:]ROLE)…
         [--place [FILE/]SIGNER@PAGE:X,Y,WIDTH,HEIGHT]… [--text-field [FILE/]SIGNER@PAGE:X,Y,WIDTH,HEIGHT=LABEL]…
         [--tag TEXT]… [--expires DAY] [--urgent] [--cc ADDRESS|GROUP]… [--reason TEXT] [--timestamp] [--cades]
         [--not-declinable] [--template own|public] [--publish] [--one-call]
  st dst publish | remind | replace | modify | templatize | delete ID
  st dst edit ID [--title TEXT] [--tag TEXT]… [--expires DAY] [--urgent] [--cc ADDRESS|GROUP]…
  st dst templates | instantiate TEMPLATE [--take ROLE="Name <address>"]… [--title TEXT] … [--publish] [--one-call]
  st dst audit ID                                        all st commands take --account ACCOUNT`;

/** Addresses are people of the organisation, all else names of groups. @throws CommandError not-found */
async function ccOf(desk: DeskAccess, accountId: string, args: Arguments) {
  const ccUserIds: string[] = [];
  const ccGroups: string[] = [];
  for (const given of args.list('cc')) {
    if (!given.includes('@')) {
      ccGroups.push(given);
      continue;
    }
    const { people } = await desk.call('prepare.people', { accountId, search: given });
    const person = people.find(({ email }) => email.toLowerCase() === given.toLowerCase());
    if (!person) throw new CommandError('not-found', `Nobody in the organisation has the address ${given}.`);
    ccUserIds.push(person.userId);
  }
  return { ...(ccUserIds.length > 0 && { ccUserIds }), ...(ccGroups.length > 0 && { ccGroups }) };
}

/** Only what was given. */
async function aboutOf(desk: DeskAccess, accountId: string, args: Arguments): Promise<PreparedChange> {
  const title = args.text('title');
  const tags = args.list('tag');
  const expiresAt = parseExpiry(args.text('expires'));
  return {
    ...(title === undefined ? {} : { title }),
    ...(tags.length > 0 && { tags: [...tags] }),
    ...(args.is('urgent') && { urgent: true }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(await ccOf(desk, accountId, args)),
  };
}

function tell(out: Output, outcome: PreparedOutcome): ExitName {
  out.result(outcome, ({ remoteId, status, expiryKept }) =>
    [`${remoteId}  ${status}`, ...(expiryKept ? [] : ['The service did not keep the expiry.'])].join('\n'),
  );
  return outcome.expiryKept ? 'done' : 'incomplete';
}

function templateOf(args: Arguments): 'no' | 'own' | 'public' {
  const given = args.text('template');
  if (given === undefined) return 'no';
  if (given !== 'own' && given !== 'public') throw new CommandError('bad-input', '--template own | public', 'usage');
  return given;
}

async function create(desk: DeskAccess, args: Arguments, out: Output): Promise<ExitName> {
  const paths = args.positional.slice(1);
  const title = args.text('title');
  if (paths.length === 0 || title === undefined) throw new CommandError('bad-input', dstUsage, 'usage');
  const signerGroups = parseSigners(args);
  const plans = parsePlans(args, signerGroups.flat(), paths.length);
  const template = templateOf(args);
  if (template === 'no' && args.list('role').length > 0)
    throw new CommandError('bad-input', 'Roles are for templates: --template own | public.', 'usage');
  const accountId = await accountOf(desk, args);
  const about = await aboutOf(desk, accountId, args);
  const { files } = await desk.call('files.dropped', { paths: paths.map((path) => resolve(path)) });
  if (files.length !== paths.length) throw new CommandError('ENOENT', 'A file is not there or cannot be read.');
  const jobId = 'st-dst-create';
  const stop = () => void desk.call('prepare.cancel', { jobId }).catch(() => undefined);
  try {
    const documents = files.map(({ id, name }, index) => ({
      fileId: id,
      title: name.replace(/\.pdf$/i, ''),
      requests: plans[index]?.requests ?? [],
      fields: plans[index]?.fields ?? [],
    }));
    const transaction = {
      ...about,
      title,
      signerGroups,
      documents,
      template,
      publish: args.is('publish'),
      inOneCall: args.is('one-call'),
    };
    const create = () => desk.call('prepare.create', { accountId, jobId, transaction });
    return tell(out, await interruptible(stop, create));
  } finally {
    await desk.call('files.forget', { fileIds: files.map(({ id }) => id) });
  }
}

async function edit(desk: DeskAccess, args: Arguments, out: Output): Promise<ExitName> {
  const accountId = await accountOf(desk, args);
  const remoteId = await remoteIdOf(desk, args.needed(1, 'st dst edit ID …'));
  const about = await aboutOf(desk, accountId, args);
  return tell(out, await desk.call('prepare.edit', { accountId, remoteId, about }));
}

async function instantiate(desk: DeskAccess, args: Arguments, out: Output): Promise<ExitName> {
  const accountId = await accountOf(desk, args);
  const given = args.needed(1, 'st dst instantiate TEMPLATE …');
  const { templates } = await desk.call('prepare.templates', { accountId });
  const found = templates.filter(({ remoteId, title }) => remoteId.startsWith(given) || title === given);
  const [template] = found;
  if (!template || found.length > 1) throw new CommandError('not-found', `There is no one template ${given}.`);
  const about = await aboutOf(desk, accountId, args);
  const choice = { about, roles: parseRoles(args), publish: args.is('publish'), inOneCall: args.is('one-call') };
  return tell(out, await desk.call('prepare.instantiate', { accountId, templateId: template.remoteId, ...choice }));
}

async function templates(desk: DeskAccess, args: Arguments, out: Output): Promise<ExitName> {
  const listed = await desk.call('prepare.templates', { accountId: await accountOf(desk, args) });
  out.result(listed.templates, (list) =>
    table(
      ['ID', 'STATUS', 'FOR', 'ROLES', 'TITLE'],
      list.map((each) => [
        each.remoteId,
        each.status,
        each.isPublic ? 'everybody' : 'me',
        clean(each.roles.join(', ')),
        clean(each.title),
      ]),
    ),
  );
  return 'done';
}

const step =
  (name: PreparerStep) =>
  async (desk: DeskAccess, args: Arguments, out: Output): Promise<ExitName> => {
    const accountId = await accountOf(desk, args);
    const remoteId = await remoteIdOf(desk, args.needed(1, `st dst ${name} ID`));
    const outcome = await desk.call('prepare.step', { accountId, remoteId, step: name });
    out.result(outcome, (each) => [each.remoteId, each.status ?? ''].join('  ').trimEnd());
    return 'done';
  };

async function audit(desk: DeskAccess, args: Arguments, out: Output): Promise<ExitName> {
  const accountId = await accountOf(desk, args);
  const remoteId = await remoteIdOf(desk, args.needed(1, 'st dst audit ID'));
  const { records } = await desk.call('prepare.audit', { accountId, remoteId });
  out.result(records, (list) =>
    table(
      ['AT', 'EVENT', 'WHO'],
      list.map(({ at, event, who }) => [day(at), clean(event), clean(who)]),
    ),
  );
  return 'done';
}

const actions: Readonly<Record<string, Command>> = {
  create,
  edit,
  templates,
  instantiate,
  audit,
  ...fileActions,
  publish: step('publish'),
  remind: step('remind'),
  replace: step('replace'),
  modify: step('modify'),
  templatize: step('templatize'),
  delete: step('delete'),
};

export const dst: Command = (desk, args, out) => {
  const [action = ''] = args.positional;
  const run = Object.hasOwn(actions, action) ? actions[action] : undefined;
  if (!run) throw new CommandError('bad-input', dstUsage, 'usage');
  return run(desk, args, out);
};
