/** Errors of the PDF room in this room's words. */
import { PdfError } from '../pdf/index.ts';
import { PadesError } from './prepared-signature.ts';

/** Anything that is not a PdfError, as a source's own failure, is left as it is. */
export const asPadesError = (error: unknown): unknown =>
  error instanceof PdfError ? new PadesError(error.code, error.detail, error) : error;
