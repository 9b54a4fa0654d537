/** Times and sizes in the reader's own way of writing them. */

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * The locale to write times in: the first of the system's `preferred` ones that is of the window's language (en-GB for
 * an English window), else the language itself.
 */
export function readerLocale(language: string, preferred: readonly string[]): string {
  const own = (locale: string) => locale.split('-')[0]?.toLowerCase() === language.split('-')[0]?.toLowerCase();
  return preferred.find(own) ?? language;
}

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

/** A size in bytes, in the unit that fits; steps of 1,024, as file managers count. */
export function formatSize(bytes: number, locale: string): string {
  const step = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** step;
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: units[step] ?? 'byte',
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: value < 10 && step > 0 ? 1 : 0,
  }).format(value);
}

/** A title as it stands within quotation marks: its own become single ones. */
export function insideQuotes(title: string): string {
  const single: Readonly<Record<string, string>> = { '“': '‘', '”': '’', '„': '‚', '«': '‹', '»': '›', '"': "'" };
  return title.replace(/[“”„«»"]/g, (mark) => single[mark] ?? mark);
}

/** What people call whom a distinguished name names (RFC 4514): its common name, else its organisation, else all of it. */
export function calledBy(name: string): string {
  const part = (type: string) => name.match(new RegExp(`(?:^|,)\\s*${type}=((?:\\\\.|[^,\\\\])+)`, 'i'))?.[1];
  return (part('CN') ?? part('O') ?? name).replace(/\\(.)/g, '$1').trim();
}
