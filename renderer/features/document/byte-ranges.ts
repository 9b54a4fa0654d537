/** Cuts a byte range into pieces that one documents.read may carry. */

export interface BytePiece {
  readonly offset: number;
  readonly length: number;
}

/**
 * The pieces of `begin` (inclusive) to `end` (exclusive), in order, none longer than `maxBytes`.
 * @throws RangeError where `maxBytes` is not positive
 */
export function cutRange(begin: number, end: number, maxBytes: number): BytePiece[] {
  if (!(maxBytes > 0)) throw new RangeError('maxBytes must be positive');
  const pieces: BytePiece[] = [];
  for (let offset = begin; offset < end; offset += maxBytes) {
    pieces.push({ offset, length: Math.min(maxBytes, end - offset) });
  }
  return pieces;
}

/** The pieces' bytes as one; throws RangeError where a piece is not as long as was asked for. */
export function joinPieces(pieces: readonly BytePiece[], bytes: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const [i, piece] of pieces.entries()) {
    const part = bytes[i];
    if (part?.length !== piece.length) throw new RangeError('a piece came short');
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
