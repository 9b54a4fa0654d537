/**
 * Signing Today's timestamps. Its documents show three forms: `2018-12-19 09:26:03.478039`, `2021-10-17T07:26Z` and RFC 3339.
 * All are read; without a zone they are UTC. RFC 3339 is sent.
 */
const form =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,12}))?)?(?:[Zz]|([+-])(\d{2}):?(\d{2}))?$/;

const between = (value: number, least: number, most: number) => value >= least && value <= most;

/** Epoch milliseconds (finer digits are cut off), or undefined where `text` is no such time. */
export function parseTimestamp(text: string): number | undefined {
  const match = form.exec(text);
  if (!match) return undefined;
  const at = (index: number) => Number(match[index] ?? 0);
  const [year, month, day, hour, minute, second] = [at(1), at(2), at(3), at(4), at(5), at(6)];
  const milliseconds = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3));
  const offsetMinutes = (match[8] === '-' ? -1 : 1) * (at(9) * 60 + at(10));
  // RFC 3339, 5.7: a second of 60 is a leap second.
  const sane = between(hour, 0, 23) && between(minute, 0, 59) && between(second, 0, 60) && between(at(9), 0, 23);
  const midnight = new Date(0);
  midnight.setUTCFullYear(year, month - 1, day);
  const realDay = midnight.getUTCMonth() === month - 1 && midnight.getUTCDate() === day;
  if (!sane || !realDay || !between(at(10), 0, 59)) return undefined;
  return midnight.getTime() + ((hour * 60 + minute - offsetMinutes) * 60 + second) * 1000 + milliseconds;
}

/** RFC 3339 in UTC with milliseconds. */
export function toTimestamp(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
