/** A file's overview for rooms that speak PAdES. */
import type { FileInspection } from '../../preload/model.ts';
import { type OpenOptions, overviewOf, type Source } from '../pdf/index.ts';
import { asPadesError } from './pades-error.ts';

/** @throws PadesError not-a-pdf, damaged, encrypted, password-needed, limit; whatever the source throws */
export async function overview(source: Source, options: OpenOptions = {}): Promise<FileInspection> {
  return overviewOf(source, options).catch((error: unknown) => {
    throw asPadesError(error);
  });
}
