/** Command-line arguments, parsed once; a flag given twice is a list. */
import { parseArgs } from 'node:util';
import { CommandError } from './exit-codes.ts';

export const flags = {
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  watch: { type: 'boolean' },
  so: { type: 'boolean' },
  force: { type: 'boolean' },
  fetch: { type: 'boolean' },
  all: { type: 'boolean' },
  show: { type: 'boolean' },
  yes: { type: 'boolean' },
  pause: { type: 'boolean' },
  resume: { type: 'boolean' },
  profile: { type: 'string' },
  user: { type: 'string' },
  account: { type: 'string' },
  challenge: { type: 'string' },
  name: { type: 'string' },
  surname: { type: 'string' },
  email: { type: 'string' },
  group: { type: 'string', multiple: true },
  automatic: { type: 'boolean' },
  'client-id': { type: 'string' },
  'password-fd': { type: 'string' },
  'pin-fd': { type: 'string' },
  search: { type: 'string' },
  limit: { type: 'string' },
  reason: { type: 'string' },
  text: { type: 'string' },
  value: { type: 'string', multiple: true },
  retry: { type: 'string' },
  module: { type: 'string' },
  p12: { type: 'string' },
  token: { type: 'string' },
  serial: { type: 'string' },
  'cert-id': { type: 'string' },
  level: { type: 'string' },
  at: { type: 'string' },
  offline: { type: 'boolean' },
  cades: { type: 'boolean' },
  detached: { type: 'boolean' },
  rewrite: { type: 'boolean' },
  content: { type: 'string' },
  'mark-text': { type: 'string' },
  'signer-role': { type: 'string' },
  tsa: { type: 'string', multiple: true },
  'tsa-user': { type: 'string' },
  'tsa-password-fd': { type: 'string' },
  'tsa-cert': { type: 'string' },
  'tsa-cert-password-fd': { type: 'string' },
  trust: { type: 'string', multiple: true },
  out: { type: 'string' },
  field: { type: 'string' },
  page: { type: 'string' },
  rect: { type: 'string' },
  unit: { type: 'string' },
  corner: { type: 'string' },
  image: { type: 'string' },
  width: { type: 'string' },
  layout: { type: 'string' },
  location: { type: 'string' },
  certify: { type: 'string' },
  commitment: { type: 'string' },
  'signer-location': { type: 'string' },
  policy: { type: 'string' },
  'policy-uri': { type: 'string' },
  title: { type: 'string' },
  signer: { type: 'string', multiple: true },
  role: { type: 'string', multiple: true },
  place: { type: 'string', multiple: true },
  'text-field': { type: 'string', multiple: true },
  take: { type: 'string', multiple: true },
  tag: { type: 'string', multiple: true },
  cc: { type: 'string', multiple: true },
  expires: { type: 'string' },
  urgent: { type: 'boolean' },
  template: { type: 'string' },
  publish: { type: 'boolean' },
  timestamp: { type: 'boolean' },
  'not-declinable': { type: 'boolean' },
  'one-call': { type: 'boolean' },
  robot: { type: 'string' },
} as const;

export type FlagName = keyof typeof flags;

export interface Arguments {
  readonly command: string | undefined;
  readonly positional: readonly string[];
  is(name: FlagName): boolean;
  text(name: FlagName): string | undefined;
  /** @throws CommandError usage where it is no whole number from 0 */
  number(name: FlagName): number | undefined;
  list(name: FlagName): readonly string[];
  /** @throws CommandError usage where the positional argument is missing */
  needed(index: number, usage: string): string;
}

/** @throws CommandError usage */
export function parseArguments(argv: readonly string[]): Arguments {
  let parsed: ReturnType<typeof read>;
  try {
    parsed = read(argv);
  } catch (error) {
    throw new CommandError('bad-input', error instanceof Error ? error.message : 'unreadable arguments', 'usage');
  }
  const values: Record<string, string | boolean | (string | boolean)[] | undefined> = parsed.values;
  const [command, ...positional] = parsed.positionals;
  const text = (name: FlagName) => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    command,
    positional,
    is: (name) => values[name] === true,
    text,
    number(name) {
      const given = text(name);
      if (given === undefined) return undefined;
      if (!/^\d{1,9}$/.test(given)) throw new CommandError('bad-input', `--${name} takes a whole number.`, 'usage');
      return Number(given);
    },
    list(name) {
      const value = values[name];
      return Array.isArray(value) ? value.filter((v) => typeof v === 'string') : [];
    },
    needed(index, usage) {
      const value = positional[index];
      if (!value) throw new CommandError('bad-input', `Usage: countersign ${usage}`, 'usage');
      return value;
    },
  };
}

function read(argv: readonly string[]) {
  return parseArgs({ args: [...argv], options: flags, allowPositionals: true, strict: true });
}
