/** Where the file's revisions end (ISO 32000-2, 7.5.6): behind the `%%EOF` that follows each cross-reference section. */
import { isEndOfLine, latin1 } from './characters.ts';
import type { PdfDocument } from './document.ts';

export interface Revision {
  /** Offset past its `%%EOF`. */
  readonly end: number;
  /** End-of-line bytes that follow it; how many of them are the revision's own the file does not say. */
  readonly slack: number;
}

const MAX_SLACK = 8;
/** Most often it follows at once. */
const SEARCH_BYTES = [96, 2048];

async function endAfter(document: PdfDocument, offset: number): Promise<Revision | undefined> {
  for (const length of SEARCH_BYTES) {
    const bytes = await document.reader.bytes(offset, length);
    const match = /startxref[\s\0]+\d+[\s\0]+%%EOF/.exec(latin1(bytes.subarray(0, length - MAX_SLACK)));
    if (!match) continue;
    const end = match.index + match[0].length;
    let slack = 0;
    while (slack < MAX_SLACK && isEndOfLine(bytes[end + slack])) slack++;
    return { end: offset + end, slack };
  }
  return undefined;
}

/**
 * Oldest first. The two sections of a linearized file make one revision: a section that leads to one further back in the file ends no
 * earlier than that one.
 */
export async function findRevisions(document: PdfDocument): Promise<Revision[]> {
  const revisions: Revision[] = [];
  for (const { section } of document.chain.links.toReversed()) {
    const found = await endAfter(document, section.end);
    const newest = revisions.at(-1);
    if (found && found.end > (newest?.end ?? 0)) revisions.push(found);
  }
  return revisions;
}
