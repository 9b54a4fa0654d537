/** Plural forms of the words as CLDR names them. */

type Words = { readonly [key: string]: string | Words };

/**
 * The words with a form for `many`, where they count: Italian, Spanish and French have one for whole millions (CLDR), and
 * what is said here reads the same there as for any other number.
 */
export function withMany(words: Words): Words {
  const given = Object.entries(words).map(([key, value]) => [key, typeof value === 'string' ? value : withMany(value)]);
  const many = Object.entries(words)
    .filter(([key]) => key.endsWith('_other'))
    .map(([key, value]) => [key.replace(/_other$/, '_many'), value]);
  return { ...Object.fromEntries(many), ...Object.fromEntries(given) } as Words;
}
