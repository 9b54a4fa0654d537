/** What a terminal would obey or tear a line by: escapes, line breaks, turns of the reading direction. */
const unprintable = /[\p{C}\u2028\u2029]/gu;

/** Plain tables for a terminal: columns as wide as their widest cell, a line a row whatever stands in a cell. */
export function table(header: readonly string[], given: readonly (readonly string[])[]): string {
  const rows = given.map((row) => row.map((cell) => cell.replace(unprintable, ' ')));
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

/** A whole output for a terminal: its own lines, and nothing from outside that a terminal would obey. */
export const inLines = (text: string): string => text.replace(unprintable, (one) => (one === '\n' ? one : ' '));

export const day = (at: number) => new Date(at).toISOString().slice(0, 16).replace('T', ' ');

/** To the second, as the activity list says it. */
export const moment = (at: number) => new Date(at).toISOString().slice(0, 19).replace('T', ' ');
