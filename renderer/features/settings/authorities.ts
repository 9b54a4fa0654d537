/** The list of timestamp authorities as a person edits it. */

export type ReadAuthority =
  | { readonly ok: true; readonly url: string }
  | { readonly ok: false; readonly problem: 'malformed' | 'known' };

/** An address as it was typed; `https://` is put before a bare host. Plain http is usual for them: a timestamp is signed itself. */
export function readAuthority(typed: string, known: readonly string[]): ReadAuthority {
  const trimmed = typed.trim();
  const text = trimmed.includes('://') ? trimmed : `https://${trimmed}`;
  if (trimmed === '' || !URL.canParse(text)) return { ok: false, problem: 'malformed' };
  const { protocol, hostname, username, password, href } = new URL(text);
  const fine = /^https?:$/.test(protocol) && hostname !== '' && username === '' && password === '';
  if (!fine) return { ok: false, problem: 'malformed' };
  return known.includes(href) ? { ok: false, problem: 'known' } : { ok: true, url: href };
}

/** The list with one entry at another place; as it was where there is no such place. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const entry = list[from];
  if (entry === undefined || to < 0 || to >= list.length) return [...list];
  return list.toSpliced(from, 1).toSpliced(to, 0, entry);
}
