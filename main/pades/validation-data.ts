/** Validation data in the document (EN 319 142-1, 5.4.2: DSS dictionary), read and added. */
import { createHash } from 'node:crypto';
import {
  appendValidationStore,
  findSignatures,
  type OpenOptions,
  openDocument,
  readValidationStore,
  type Source,
  type ValidationMaterial,
  type ValidationStore,
} from '../pdf/index.ts';
import { asPadesError } from './pades-error.ts';

async function asPades<T>(work: () => Promise<T>): Promise<T> {
  return work().catch((error: unknown) => {
    throw asPadesError(error);
  });
}

export interface ValidationDataSpec extends ValidationMaterial {
  /** Also lists, for the signature in the field of this name, what belongs to it (5.4.2.3: VRI, which is optional). */
  readonly related?: ReadonlyMap<string, ValidationMaterial>;
}

/**
 * @returns the increment, or undefined where the document holds all of it already
 * @throws PadesError not-a-pdf, damaged, encrypted, password-needed, limit; whatever the source throws
 */
export function addValidationData(
  source: Source,
  data: ValidationDataSpec,
  options: OpenOptions = {},
): Promise<Uint8Array | undefined> {
  return asPades(async () => {
    const related = new Map<string, ValidationMaterial>();
    const found = data.related ? await findSignatures(source, options) : [];
    for (const { fieldName, contents } of found) {
      const material = data.related?.get(fieldName);
      // ISO 32000-2, Table 261: the digest of /Contents as it lies there, padding and all.
      if (material) related.set(createHash('sha1').update(contents).digest('hex').toUpperCase(), material);
    }
    return appendValidationStore(await openDocument(source, options), data, related);
  });
}

/** What the document's store holds. @throws PadesError not-a-pdf, damaged, encrypted, password-needed, limit */
export function readValidationData(source: Source, options: OpenOptions = {}): Promise<ValidationStore> {
  return asPades(async () => readValidationStore(await openDocument(source, options)));
}
