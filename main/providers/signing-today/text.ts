/** Text from a server, made fit to show: no control characters, nothing that turns the reading direction, no unpaired surrogates. */

/** Bidirectional embeddings, overrides and isolates, and the marks that can dress one file name up as another. */
const unseen = /[\u200B\u200E\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF]/g;

/** Far more than is shown of it is not looked at. */
function printable(text: string | undefined, limit: number): string {
  return (text ?? '')
    .slice(0, limit * 4)
    .toWellFormed()
    .normalize('NFC')
    .replace(unseen, '');
}

/** One line of at most `limit` UTF-16 units. */
export function toLine(text: string | undefined, limit = 500): string {
  return cut(
    printable(text, limit)
      .replace(/[\p{Cc}\u2028\u2029]/gu, ' ')
      .replace(/ {2,}/g, ' ')
      .trim(),
    limit,
  );
}

/** Lines; breaks are kept as `\n`, tabs as they are. */
export function toText(text: string | undefined, limit = 20_000): string {
  return cut(
    printable(text, limit)
      .replace(/\r\n?|[\u2028\u2029]/g, '\n')
      .replace(/[^\P{Cc}\n\t]/gu, ''),
    limit,
  );
}

function cut(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1).toWellFormed()}…`;
}

/** Whether two texts are the same but for what servers like to change: line ends, outer space, Unicode form. */
export function sameText(one: string, other: string): boolean {
  const plain = (text: string) => text.normalize('NFC').replace(/\r\n?/g, '\n').trim();
  return plain(one) === plain(other);
}
