/** A chosen file as the document view reads it. */
import type { FileView } from '../../../preload/model.ts';
import { ask, type Bridge } from '../../bridge.ts';
import { cutRange, joinPieces } from '../document/byte-ranges.ts';
import type { PdfBytes } from '../document/pdf-bytes.ts';

const READ_BYTES = 256 * 1024;

export function fileBytes(bridge: Bridge, { id, sizeBytes }: FileView): PdfBytes {
  return {
    key: id,
    sizeBytes,
    async read(begin, end) {
      const pieces = cutRange(begin, end, READ_BYTES);
      const parts = pieces.map(({ offset, length }) => ask(bridge, 'files.read', { fileId: id, offset, length }));
      return joinPieces(pieces, await Promise.all(parts));
    },
    // A file on this disk is read as fast as its first page is cut out.
    firstPage: async () => ({}),
  };
}
