/** A stream's bytes: its data in the file and what its filters make of them (ISO 32000-2, 7.3.8 and 7.4). */
import { PdfError } from './errors.ts';
import { inflate, undoPredictor } from './filters.ts';
import { limits } from './limits.ts';
import { isArray, isDict, nameOf, type PdfDict, type PdfObject, type PdfStream } from './objects.ts';
import type { Reader } from './reader.ts';

/** A direct filter and its parameters; streams the reader decodes have at most one. */
function filterOf(dict: PdfDict): { filter: string | undefined; parms: PdfDict | undefined } {
  const single = (value: PdfObject | undefined) => {
    if (!isArray(value)) return value;
    if (value.length > 1) throw new PdfError('damaged', 'filters');
    return value[0];
  };
  const filter = single(dict.get('Filter') ?? dict.get('F'));
  const parms = single(dict.get('DecodeParms') ?? dict.get('DP'));
  if (filter !== undefined && filter !== null && nameOf(filter) === undefined) throw new PdfError('damaged', 'filter');
  return { filter: nameOf(filter), parms: isDict(parms) ? parms : undefined };
}

/**
 * @param length /Length, resolved
 * @throws PdfError damaged where the data leaves the file or the filter is not Flate; limit
 */
export async function decodeStream(reader: Reader, stream: PdfStream, length: number): Promise<Uint8Array> {
  if (length > limits.streamBytes) throw new PdfError('limit', 'stream');
  if (stream.dataOffset + length > reader.size) throw new PdfError('damaged', 'stream past the end');
  const { filter, parms } = filterOf(stream.dict);
  const data = await reader.bytes(stream.dataOffset, length);
  if (filter === undefined) {
    reader.spend('decoded', data.length);
    return data;
  }
  if (filter !== 'FlateDecode' && filter !== 'Fl') throw new PdfError('damaged', 'filter');
  const decoded = inflate(data, reader.spend);
  return parms ? undoPredictor(decoded, parms) : decoded;
}
