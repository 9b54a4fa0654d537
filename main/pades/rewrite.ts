/** A damaged file written anew, for rooms that speak PAdES. */
import { type OpenOptions, rewritePdf, type Source } from '../pdf/index.ts';
import { asPadesError } from './pades-error.ts';

/** @throws PadesError already-signed; not-a-pdf, damaged, encrypted, password-needed, limit; whatever the source throws */
export async function rewriteDamaged(source: Source, options: OpenOptions = {}): Promise<Uint8Array> {
  return rewritePdf(source, options).catch((error: unknown) => {
    throw asPadesError(error);
  });
}
