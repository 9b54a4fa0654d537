/** The empty field a request means, for rooms that speak PAdES. */
import { findEmptyField as find, type OpenOptions, type PlaceBox, type Source } from '../pdf/index.ts';
import { asPadesError } from './pades-error.ts';

/**
 * The full name of the empty signature field drawn where `box` is; without a box, the only empty one of the document.
 * @throws PadesError not-a-pdf, damaged, encrypted, password-needed, limit, page-not-found; whatever the source throws
 */
export async function findEmptyField(
  source: Source,
  box: PlaceBox | undefined,
  options: OpenOptions = {},
): Promise<string | undefined> {
  return find(source, box, options).catch((error: unknown) => {
    throw asPadesError(error);
  });
}
