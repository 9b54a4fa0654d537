/** Commands that fit what was typed, the best first. */

const fold = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** How well a text fits: 0 not at all; more for words begun by what was typed than for letters inside them. */
export function fitOf(text: string, typed: string): number {
  const wanted = fold(typed)
    .split(/\s+/)
    .filter((word) => word !== '');
  if (wanted.length === 0) return 1;
  const own = fold(text);
  let score = 0;
  for (const word of wanted) {
    const at = own.indexOf(word);
    if (at < 0) return 0;
    const begins = at === 0 || !/[\p{L}\p{N}]/u.test(own.charAt(at - 1));
    score += at === 0 ? 4 : begins ? 3 : 1;
  }
  return score;
}

/** In their own order where they fit equally well. */
export function findCommands<T extends { readonly label: string; readonly group: string }>(
  commands: readonly T[],
  typed: string,
): T[] {
  return commands
    .map((command, index) => {
      const own = fitOf(command.label, typed);
      return { command, index, score: own > 0 ? own + 1 : fitOf(`${command.label} ${command.group}`, typed) };
    })
    .filter(({ score }) => score > 0)
    .toSorted((one, other) => other.score - one.score || one.index - other.index)
    .map(({ command }) => command);
}
