/**
 * What raising a level does to bytes, apart from what it asks of the network: each step over a source and what is added to it so far, so that
 * the source may lie in another thread.
 */
import {
  addValidationData,
  bufferSource,
  concatSources,
  type PreparedTimestamp,
  prepareDocumentTimestamp,
  type Source,
  type ValidationDataSpec,
} from '../pades/index.ts';
import { type DataNeeds, listDataNeeds, type ValidationOptions, validatePdf } from '../validation/index.ts';

export interface RaiseFault {
  readonly code: 'earlier-signature-broken' | 'verification-failed';
  readonly details: readonly string[];
}

export interface RaiseSteps {
  needs(added: Uint8Array): Promise<DataNeeds>;
  prepareTimestamp(added: Uint8Array, reserveBytes: number): Promise<PreparedTimestamp>;
  /** Undefined where the document has it all. */
  addData(added: Uint8Array, data: ValidationDataSpec): Promise<Uint8Array | undefined>;
  /** What is wrong with the result, or undefined. */
  verify(added: Uint8Array, options: Pick<ValidationOptions, 'anchors' | 'at'>): Promise<RaiseFault | undefined>;
}

/** @param password opens an encrypted file */
export function raiseSteps(source: Source, password?: string): RaiseSteps {
  const whole = (added: Uint8Array) => (added.length === 0 ? source : concatSources(source, bufferSource(added)));
  return {
    needs: (added) => listDataNeeds(whole(added), password),
    prepareTimestamp: (added, reserveBytes) => prepareDocumentTimestamp(whole(added), reserveBytes, { password }),
    addData: (added, data) => addValidationData(whole(added), data, { password }),
    async verify(added, given) {
      const options = { ...given, password, quick: true };
      const [old, next] = [await validatePdf(source, options), await validatePdf(whole(added), options)];
      const isSound = (one: (typeof old.signatures)[number]) => one.integrity === 'intact' && one.cms === 'valid';
      const sound = new Set(next.signatures.filter(isSound).map(({ fieldName }) => fieldName));
      const broken = old.signatures.find((one) => isSound(one) && !sound.has(one.fieldName));
      if (broken) return { code: 'earlier-signature-broken', details: [broken.fieldName] };
      const known = new Set(old.signatures.map(({ fieldName }) => fieldName));
      const wrong = next.signatures.find((one) => !known.has(one.fieldName) && !isSound(one));
      return wrong && { code: 'verification-failed', details: [wrong.fieldName, ...wrong.problems] };
    },
  };
}
