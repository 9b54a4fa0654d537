/** The three timestamp forms of Signing Today's documents, all UTC. */
const FORMS = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?(\.\d{1,9})?(Z|[+-]\d\d:\d\d)?$/;

/** RFC 3339 with milliseconds, e.g. `2021-10-17T07:26:00.000Z`. */
export function toTimestamp(atMs: number): string {
  return new Date(atMs).toISOString();
}

/** A note's form: `2018-12-19 09:26:03.478039`, six decimals, no zone. */
export function toNoteTimestamp(atMs: number): string {
  return `${new Date(atMs).toISOString().replace('T', ' ').slice(0, -1)}000`;
}

/** Epoch milliseconds of any of the three forms; undefined when it is none, or no such day or hour. Without a zone it is UTC. */
export function parseTimestamp(text: string): number | undefined {
  const match = FORMS.exec(text);
  if (!match) return undefined;
  const [, day, time, seconds = ':00', fraction = '.0', zone = 'Z'] = match;
  const at = Date.parse(`${day}T${time}${seconds}.${fraction.slice(1, 4).padEnd(3, '0')}${zone}`);
  if (Number.isNaN(at)) return undefined;
  const sameDay = new Date(`${day}T00:00:00.000Z`).toISOString().startsWith(String(day));
  return sameDay ? at : undefined;
}
