/** The lines of a visible mark: who signed, in which role, why, where and when; or a text of the person's own. */
import { parseCertificate } from '../pki/index.ts';

export interface MarkFacts {
  readonly name: string;
  /** /M of the signature, epoch ms. */
  readonly at: number;
  readonly reason: string;
  readonly location?: string | undefined;
  readonly role?: string | undefined;
  /** The signer's, DER: its serial number may stand in the mark. */
  readonly certificate: Uint8Array;
  /** A line each; `{name}`, `{date}`, `{reason}`, `{location}`, `{role}` and `{serial}` are replaced. */
  readonly template?: string | undefined;
}

const utc = (at: number) => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

const PLACE = /\{(name|date|reason|location|role|serial)\}/g;
const MOST_LINES = 20;

/** A line that had nothing but places which stayed empty is left out; what is not a place stays as it is written. */
function fromTemplate(template: string, values: Readonly<Record<string, string>>): string[] {
  return template
    .split(/\r\n|\r|\n/)
    .slice(0, MOST_LINES)
    .flatMap((line) => {
      const named = [...line.matchAll(PLACE)].map(([, place = '']) => values[place] ?? '');
      if (named.length > 0 && named.every((value) => value === '')) return [];
      return [line.replace(PLACE, (_, place: string) => values[place] ?? '').trimEnd()];
    });
}

export function markLines({ name, at, reason, location = '', role = '', certificate, template }: MarkFacts): string[] {
  const serial = template?.includes('{serial}') ? parseCertificate(certificate).serialNumber : '';
  if (template !== undefined) return fromTemplate(template, { name, date: utc(at), reason, location, role, serial });
  return [`Signed by ${name}`, ...[role, reason, location].filter((line) => line !== ''), utc(at)];
}
