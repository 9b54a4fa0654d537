/** What a transaction is made of, from flags: who signs in which order, where on the page, who is told, until when. */
import type { PercentBox, PreparedField, PreparedRequest, PreparedSigner } from '../../preload/model.ts';
import type { Arguments } from './arguments.ts';
import { CommandError } from './exit-codes.ts';

const wrong = (flag: string, form: string): CommandError =>
  new CommandError('bad-input', `--${flag} takes ${form}.`, 'usage');

/** `Name <address>`, or an address alone. */
export function parsePerson(text: string): { name: string; email: string } | undefined {
  const [, name = '', bracketed, bare] =
    /^\s*(?:([^<>]*?)\s*<([^<>\s]+@[^<>\s]+)>|([^<>\s]+@[^<>\s]+))\s*$/.exec(text) ?? [];
  const email = bracketed ?? bare;
  return email === undefined ? undefined : { name: bare === undefined ? name : '', email };
}

/** `2:` before a signer names the group; without it each signs after the one before. */
function splitGroup(text: string): { group: number | undefined; rest: string } {
  const [, number, rest = ''] = /^(?:(\d{1,3}):)?(.*)$/s.exec(text) ?? [];
  return { group: number === undefined ? undefined : Number(number), rest };
}

/** Signer groups in order, keys `1`, `2` … as the flags came: people first, then roles. @throws CommandError usage */
export function parseSigners(args: Arguments): PreparedSigner[][] {
  const groups = new Map<number, PreparedSigner[]>();
  let key = 0;
  let last = 0;
  const add = (group: number | undefined, signer: Omit<PreparedSigner, 'key'>) => {
    key += 1;
    last = group ?? last + 1;
    groups.set(last, [...(groups.get(last) ?? []), { key: String(key), ...signer }]);
  };
  for (const given of args.list('signer')) {
    const { group, rest } = splitGroup(given);
    const person = parsePerson(rest);
    if (!person) throw wrong('signer', '[GROUP:]"Name <address>" or [GROUP:]address');
    add(group, person);
  }
  for (const given of args.list('role')) {
    const { group, rest } = splitGroup(given);
    if (rest.trim() === '') throw wrong('role', '[GROUP:]ROLE');
    add(group, { name: '', email: '', role: rest.trim() });
  }
  if (key === 0)
    throw new CommandError('bad-input', 'Somebody has to sign: --signer or, in a template, --role.', 'usage');
  return [...groups.entries()].sort(([a], [b]) => a - b).map(([, signers]) => signers);
}

const placeForm = /^(?:(\d{1,2})\/)?(\d{1,3})@(\d{1,5}):([\d.]+),([\d.]+),([\d.]+),([\d.]+)(?:=(.*))?$/s;
const placeWords =
  '[FILE/]SIGNER@PAGE:X,Y,WIDTH,HEIGHT, counted from 1, in percent of the page from its top left corner';

interface Placed {
  /** The file's place among those given, from 0. */
  readonly file: number;
  readonly field: PreparedField;
}

function parsePlaces(args: Arguments, flag: 'place' | 'text-field', kind: PreparedField['kind']): Placed[] {
  return args.list(flag).map((given) => {
    const match = placeForm.exec(given);
    const [x = Number.NaN, y = Number.NaN, width = Number.NaN, height = Number.NaN] = (match?.slice(4, 8) ?? []).map(
      Number,
    );
    const isPlace = [x, y, width, height].every((value) => value >= 0 && value <= 100) && width > 0 && height > 0;
    const page = Number(match?.[3]);
    if (!match || !isPlace || page < 1) throw wrong(flag, kind === 'text' ? `${placeWords}[=LABEL]` : placeWords);
    const box: PercentBox = { page, x, y, width, height };
    const label = match[8];
    return {
      file: Number(match[1] ?? 1) - 1,
      field: { kind, signer: match[2] ?? '', box, ...(label ? { label } : {}) },
    };
  });
}

/** The fields on each of `files` files, and what each signer is asked for there. @throws CommandError usage */
export function parsePlans(args: Arguments, signers: readonly PreparedSigner[], files: number) {
  const placed = [...parsePlaces(args, 'place', 'signature'), ...parsePlaces(args, 'text-field', 'text')];
  for (const { file, field } of placed) {
    if (file < 0 || file >= files) throw new CommandError('bad-input', `There is no file ${file + 1}.`, 'usage');
    if (!signers.some(({ key }) => key === field.signer))
      throw new CommandError('bad-input', `There is no signer ${field.signer}.`, 'usage');
  }
  const request = (signer: PreparedSigner): PreparedRequest => ({
    signer: signer.key,
    reason: args.text('reason') ?? '',
    profile: args.is('cades') ? 'CAdES' : 'PAdES',
    withTimestamp: args.is('timestamp'),
    declinable: !args.is('not-declinable'),
  });
  return Array.from({ length: files }, (_, index) => ({
    requests: signers.map(request),
    fields: placed.filter(({ file }) => file === index).map(({ field }) => field),
  }));
}

/** A day (its end, UTC) or a moment as RFC 3339. Epoch milliseconds. @throws CommandError usage */
export function parseExpiry(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const at = Date.parse(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T23:59:59Z` : text);
  if (Number.isNaN(at)) throw wrong('expires', 'a day as 2026-12-31 or a moment as 2026-12-31T18:00:00Z');
  return at;
}

/** `ROLE=Name <address>`. @throws CommandError usage */
export function parseRoles(args: Arguments) {
  return args.list('take').map((given) => {
    const [, role = '', who = ''] = /^([^=]+)=(.*)$/s.exec(given) ?? [];
    const person = parsePerson(who);
    if (!person) throw wrong('take', 'ROLE="Name <address>"');
    return { role: role.trim(), person };
  });
}
