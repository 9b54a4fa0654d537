/** A stream's bytes: its data in the file and what its filters make of them (ISO 32000-2, 7.3.8 and 7.4). */
import { PdfError } from './errors.ts';
import { inflate, undoPredictor } from './filters.ts';
import { limits } from './limits.ts';
import { isArray, isDict, nameOf, type PdfDict, type PdfObject, type PdfStream } from './objects.ts';
import type { Reader } from './reader.ts';

/** A direct filter and its parameters; streams the reader decodes have at most one, a crypt filter aside. */
function filterOf(dict: PdfDict): { filter: string | undefined; parms: PdfDict | undefined } {
  const single = (value: PdfObject | undefined) => {
    if (!isArray(value)) return value;
    const rest = crypt ? value.slice(1) : value;
    if (rest.length > 1) throw new PdfError('damaged', 'filters');
    return rest[0];
  };
  const filters = dict.get('Filter') ?? dict.get('F');
  const crypt = isArray(filters) && nameOf(filters[0]) === 'Crypt';
  const filter = single(filters);
  const parms = single(dict.get('DecodeParms') ?? dict.get('DP'));
  if (filter !== undefined && filter !== null && nameOf(filter) === undefined) throw new PdfError('damaged', 'filter');
  return { filter: nameOf(filter), parms: isDict(parms) ? parms : undefined };
}

/**
 * @param length /Length, resolved
 * @param decrypt for a stream of an encrypted file
 * @throws PdfError damaged where the data leaves the file or the filter is not Flate; limit
 */
export async function decodeStream(
  reader: Reader,
  stream: PdfStream,
  length: number,
  decrypt?: (data: Uint8Array) => Uint8Array,
): Promise<Uint8Array> {
  if (length > limits.streamBytes) throw new PdfError('limit', 'stream');
  if (stream.dataOffset + length > reader.size) throw new PdfError('damaged', 'stream past the end');
  const { filter, parms } = filterOf(stream.dict);
  const read = await reader.bytes(stream.dataOffset, length);
  const data = decrypt ? decrypt(read) : read;
  if (filter === undefined) {
    reader.spend('decoded', data.length);
    return data;
  }
  if (filter !== 'FlateDecode' && filter !== 'Fl') throw new PdfError('damaged', 'filter');
  const decoded = inflate(data, reader.spend);
  return parms ? undoPredictor(decoded, parms) : decoded;
}
