/** What of an error may go into a log. */

/** Name and code only: no message of unknown making goes into the log. */
export function errorFacts(error: unknown): Record<string, unknown> {
  const about = typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : {};
  const stack =
    error instanceof Error
      ? error.stack
          ?.split('\n')
          .filter((line) => /^\s+at /.test(line))
          .slice(0, 5)
      : undefined;
  return { name: about.name, code: about.code, stack };
}
