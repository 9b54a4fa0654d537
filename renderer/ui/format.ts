/** Times and sizes in the reader's own way of writing them. */

const DAY_MS = 24 * 60 * 60 * 1000;

/** `urgency` of a due time: past it, within three days of it, or neither. */
export function dueState(expiresAt: number | undefined, now: number): 'none' | 'later' | 'soon' | 'past' {
  if (expiresAt === undefined) return 'none';
  if (expiresAt <= now) return 'past';
  return expiresAt - now <= 3 * DAY_MS ? 'soon' : 'later';
}

/** Day and month; the year only where it is not this one. */
export function formatDay(time: number, now: number, locale: string): string {
  const sameYear = new Date(time).getFullYear() === new Date(now).getFullYear();
  return new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    ...(sameYear ? {} : { year: 'numeric' }),
  }).format(time);
}

/** Time of day for today, else day and time. */
export function formatMoment(time: number, now: number, locale: string): string {
  const sameDay = new Date(time).toDateString() === new Date(now).toDateString();
  const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' }).format(time);
  return sameDay ? clock : `${formatDay(time, now, locale)}, ${clock}`;
}

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** A file's size in the unit that leaves at most three digits before the point. */
export function formatSize(sizeBytes: number, locale: string): string {
  let value = sizeBytes;
  let step = 0;
  while (value >= 1000 && step < units.length - 1) {
    value /= 1000;
    step++;
  }
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: units[step] ?? 'byte',
    unitDisplay: 'short',
    maximumFractionDigits: step === 0 || value >= 10 ? 0 : 1,
  }).format(value);
}
