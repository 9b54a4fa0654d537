/** Plain tables for a terminal: columns as wide as their widest cell. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] ?? '').length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(header), line(widths.map((w) => '-'.repeat(w))), ...rows.map(line)].join('\n');
}

/** Text from outside for a terminal: no control characters, cut to length. */
export function clean(text: string, length = 60): string {
  const plain = text.replace(/[\p{C}\s]+/gu, ' ').trim();
  return plain.length > length ? `${plain.slice(0, length - 1)}…` : plain;
}

export const day = (at: number) => new Date(at).toISOString().slice(0, 16).replace('T', ' ');

/** To the second, as the activity list says it. */
export const moment = (at: number) => new Date(at).toISOString().slice(0, 19).replace('T', ' ');
