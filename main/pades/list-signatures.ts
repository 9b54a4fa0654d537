/** The signatures in a PDF as validation wants them. */
import { type FoundSignature, findSignatures, type OpenOptions, type Source } from '../pdf/index.ts';
import { readElement } from './der.ts';
import { asPadesError } from './pades-error.ts';
import type { EmbeddedSignature } from './prepared-signature.ts';

function toEmbedded(found: FoundSignature): EmbeddedSignature {
  const { type, contents, ...rest } = found;
  const isTimestamp = type === 'DocTimeStamp' || found.subFilter === 'ETSI.RFC3161';
  return { ...rest, contents: readElement(contents)?.raw ?? contents, type: isTimestamp ? 'DocTimeStamp' : 'Sig' };
}

/**
 * Reads the form and the signature dictionaries only; in the form's order.
 * @throws PadesError not-a-pdf, damaged, encrypted, password-needed, limit; whatever the source throws
 */
export async function listSignatures(source: Source, options: OpenOptions = {}): Promise<EmbeddedSignature[]> {
  const found = await findSignatures(source, options).catch((error: unknown) => {
    throw asPadesError(error);
  });
  return found.map(toEmbedded);
}
